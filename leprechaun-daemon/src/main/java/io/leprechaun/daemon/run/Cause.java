package io.leprechaun.daemon.run;

import java.time.Instant;
import java.util.Optional;

/**
 * Why something is to run.
 *
 * @param dueAt the instant it was due; empty for what is not due at an instant
 * @param requestedBy the user or the address that asked for it; empty for what a schedule asks for
 */
public record Cause(TriggerKind trigger, Optional<Instant> dueAt, Optional<String> requestedBy) {
    /** A schedule's instant. */
    public static Cause due(TriggerKind trigger, Instant at) {
        return new Cause(trigger, Optional.of(at), Optional.empty());
    }

    /** Somebody's request. */
    public static Cause requested(TriggerKind trigger, String by) {
        return new Cause(trigger, Optional.empty(), Optional.of(by));
    }
}
