package io.leprechaun.daemon.run;

import io.leprechaun.daemon.recipe.TriggerKind;
import java.time.Instant;
import java.util.Optional;

/**
 * Why something is to run.
 *
 * @param dueAt the instant it was due; empty for what is not due at an instant
 * @param requestedBy the user or the address that asked for it; empty for what a schedule asks for
 * @param end the number of the end after which it is due, the last of several; empty for what follows nothing, and in the history
 */
public record Cause(TriggerKind trigger, Optional<Instant> dueAt, Optional<String> requestedBy, Optional<Long> end) {
    /** Something that follows nothing. */
    public Cause(TriggerKind trigger, Optional<Instant> dueAt, Optional<String> requestedBy) {
        this(trigger, dueAt, requestedBy, Optional.empty());
    }

    /** The ends of other recipes' runs. */
    public static Cause after(Instant at, long end) {
        return new Cause(TriggerKind.AFTER, Optional.of(at), Optional.empty(), Optional.of(end));
    }

    /** A schedule's instant. */
    public static Cause due(TriggerKind trigger, Instant at) {
        return new Cause(trigger, Optional.of(at), Optional.empty());
    }

    /** Somebody's request. */
    public static Cause requested(TriggerKind trigger, String by) {
        return new Cause(trigger, Optional.empty(), Optional.of(by));
    }
}
