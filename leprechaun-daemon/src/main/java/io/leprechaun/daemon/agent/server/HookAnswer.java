package io.leprechaun.daemon.agent.server;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * The answer to the sender of a hook.
 *
 * @param status the HTTP status
 * @param data the JSON document
 * @param headers additional HTTP headers
 * @param recipe the recipe of the hook, for the log; empty: none
 * @param why the reason for a refusal, for the log only; empty: not refused, or the document gives the reason
 * @param outcome the outcome for which the sender waits; empty: there is no wait. If the wait ends first, or is not
 *     possible, this is the answer
 */
public record HookAnswer(
        int status,
        Map<String, ?> data,
        Map<String, String> headers,
        Optional<String> recipe,
        Optional<String> why,
        Optional<PendingAnswer> outcome) {
    /** Creates an answer that is complete in itself. */
    public HookAnswer(int status, Map<String, ?> data, Map<String, String> headers) {
        this(status, data, headers, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** The answer that a sender waits for. */
    public interface PendingAnswer {
        /** Returns the time that the sender waits. */
        Duration patience();

        /**
         * Blocks until the answer is available, or the limit is over.
         *
         * @param limit the longest wait, at most {@link #patience}
         * @return the answer; empty: it is not available yet
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
