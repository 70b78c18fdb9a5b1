package io.leprechaun.daemon.agent.server;

import java.util.Map;
import java.util.Optional;

/**
 * What a sender of a hook is told.
 *
 * @param status of HTTP
 * @param data the JSON document
 * @param retryAfter seconds after which it may try again
 */
public record HookAnswer(int status, Map<String, ?> data, Optional<Integer> retryAfter) {}
