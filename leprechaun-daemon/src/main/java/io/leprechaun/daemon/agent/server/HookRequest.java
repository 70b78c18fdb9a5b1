package io.leprechaun.daemon.agent.server;

import io.leprechaun.daemon.body.Body;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a sender of a hook asks.
 *
 * @param id of the hook; empty when the request names none
 * @param method of HTTP, in capitals
 * @param headers by their names in small letters, each with its values in order, one character a byte
 * @param query what stands behind the {@code ?}, undecoded, one character a byte; empty: nothing
 * @param body {@link Body#NONE} when there is none
 * @param from the sender's address
 * @param patience how long to wait for the outcome; empty: the sender does not say
 */
public record HookRequest(
        Optional<String> id,
        String method,
        Map<String, List<String>> headers,
        String query,
        Body body,
        InetAddress from,
        Optional<Duration> patience) {}
