package io.leprechaun.daemon.run;

import io.leprechaun.daemon.recipe.TriggerKind;
import java.time.Instant;
import java.util.Optional;

/**
 * The cause of a run.
 *
 * @param dueAt the instant at which it was due; empty for a cause without a due instant
 * @param requestedBy the user or the address that requested it; empty for a schedule
 * @param end the number of the end after which it is due, the last of several; empty for a run that follows no other,
 *     and in the history
 */
public record Cause(TriggerKind trigger, Optional<Instant> dueAt, Optional<String> requestedBy, Optional<Long> end) {
    /** Creates a cause that follows no other run. */
    public Cause(TriggerKind trigger, Optional<Instant> dueAt, Optional<String> requestedBy) {
        this(trigger, dueAt, requestedBy, Optional.empty());
    }

    /** Returns the cause of a run that follows the ends of other recipes' runs. */
    public static Cause after(Instant at, long end) {
        return new Cause(TriggerKind.AFTER, Optional.of(at), Optional.empty(), Optional.of(end));
    }

    /** Returns the cause of a run that is due at an instant of a schedule. */
    public static Cause due(TriggerKind trigger, Instant at) {
        return new Cause(trigger, Optional.of(at), Optional.empty());
    }

    /** Returns the cause of a run that a user or an address requested. */
    public static Cause requested(TriggerKind trigger, String by) {
        return new Cause(trigger, Optional.empty(), Optional.of(by));
    }
}
