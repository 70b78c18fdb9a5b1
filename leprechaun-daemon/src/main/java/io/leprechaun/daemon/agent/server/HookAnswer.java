package io.leprechaun.daemon.agent.server;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * The answer to the sender of a hook.
 *
 * @param status of HTTP
 * @param data the JSON document
 * @param headers of HTTP besides
 * @param recipe whose hook it is, for the log; empty: of none
 * @param why it is refused, for the log alone; empty: it is not, or the document says so
 * @param outcome for which the sender waits; empty: this is all. Where the wait is over first, or is not possible, this is the answer
 */
public record HookAnswer(
        int status,
        Map<String, ?> data,
        Map<String, String> headers,
        Optional<String> recipe,
        Optional<String> why,
        Optional<PendingAnswer> outcome) {
    /** An answer that says all there is to say. */
    public HookAnswer(int status, Map<String, ?> data, Map<String, String> headers) {
        this(status, data, headers, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** The answer that a sender waits for. */
    public interface PendingAnswer {
        /** How long the sender waits. */
        Duration patience();

        /**
         * Blocks until the answer is there, or the limit is over.
         *
         * @param limit at most {@link #patience}
         * @return empty: it is not there yet
         */
        Optional<HookAnswer> await(Duration limit) throws InterruptedException;
    }

    HookAnswer of(String name) {
        return new HookAnswer(status, data, headers, Optional.of(name), why, outcome);
    }

    HookAnswer because(String reason) {
        return new HookAnswer(status, data, headers, recipe, Optional.of(reason), outcome);
    }

    HookAnswer unless(PendingAnswer awaited) {
        return new HookAnswer(status, data, headers, recipe, why, Optional.of(awaited));
    }
}
