package io.leprechaun.daemon.agent.server;

import io.leprechaun.daemon.body.Body;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The request of a sender to a hook.
 *
 * @param id the id of the hook; empty when the request names none
 * @param method the HTTP method, in capitals
 * @param headers the headers by their names in lower case, each with its values in order, one character a byte
 * @param query the text after the {@code ?}, undecoded, one character a byte; empty: none
 * @param body the body; {@link Body#NONE} when there is none
 * @param from the sender's address
 * @param patience the time to wait for the outcome; empty: the sender does not specify it
 */
public record HookRequest(
        Optional<String> id,
        String method,
        Map<String, List<String>> headers,
        String query,
        Body body,
        InetAddress from,
        Optional<Duration> patience) {}
