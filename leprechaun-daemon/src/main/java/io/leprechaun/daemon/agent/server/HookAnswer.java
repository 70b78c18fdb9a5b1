package io.leprechaun.daemon.agent.server;

import java.util.Map;
import java.util.Optional;

/**
 * What a sender of a hook is told.
 *
 * @param status of HTTP
 * @param data the JSON document
 * @param headers of HTTP besides
 * @param recipe whose hook it is, for the log; empty: of none
 */
public record HookAnswer(int status, Map<String, ?> data, Map<String, String> headers, Optional<String> recipe) {}
