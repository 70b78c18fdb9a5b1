package io.leprechaun.daemon.agent.server;

import java.time.Duration;
import java.util.Optional;

/**
 * What a sender of a hook asks.
 *
 * @param id of the hook; empty when the request names none
 * @param body empty when there is none
 * @param from the sender's address
 * @param patience how long to wait for the outcome; empty: not at all
 */
public record HookRequest(Optional<String> id, byte[] body, String from, Optional<Duration> patience) {}
