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
 * @param why it is refused, for the log alone; empty: it is not, or the document says so
 */
public record HookAnswer(
        int status, Map<String, ?> data, Map<String, String> headers, Optional<String> recipe, Optional<String> why) {
    /** An answer that says all there is to say. */
    public HookAnswer(int status, Map<String, ?> data, Map<String, String> headers) {
        this(status, data, headers, Optional.empty(), Optional.empty());
    }

    HookAnswer of(String name) {
        return new HookAnswer(status, data, headers, Optional.of(name), why);
    }

    HookAnswer because(String reason) {
        return new HookAnswer(status, data, headers, recipe, Optional.of(reason));
    }
}
