package io.leprechaun.daemon.run;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Where a run is in its life. A final state never changes. */
public enum RunState {
    /** Accepted, waits for a slot. */
    QUEUED,
    /** Accepted, waits for something else than a slot: a lock, its next attempt. Has no slot and counts for overlap. */
    WAITING,
    /** Its steps run. */
    RUNNING,
    /** It was told to end and has not ended yet; it may still end by itself. */
    STOPPING,
    /** Every step did what it should. */
    SUCCEEDED,
    /** A step failed. */
    FAILED,
    /** Ended by somebody. */
    KILLED,
    /** Ended because its time was over. */
    TIMED_OUT,
    /** The daemon ended while it ran; nobody knows how far it came. */
    LOST,
    /** Due, but there was no room, or its recipe is gone. */
    REJECTED,
    /** Due, but a policy of the recipe says not now. */
    SKIPPED,
    /** Due while nobody was there to start it. */
    MISSED,
    /** Due while it was paused. */
    HELD;

    private static final Map<RunState, Set<RunState>> NEXT = Map.of(
            QUEUED, EnumSet.of(RUNNING, WAITING, KILLED, REJECTED, SKIPPED),
            WAITING, EnumSet.of(RUNNING, QUEUED, FAILED, KILLED, TIMED_OUT, REJECTED, SKIPPED, LOST),
            RUNNING, EnumSet.of(STOPPING, WAITING, SUCCEEDED, FAILED, KILLED, TIMED_OUT, LOST),
            STOPPING, EnumSet.of(SUCCEEDED, FAILED, KILLED, TIMED_OUT, LOST));

    /** Whether a run in this state is over. */
    public boolean isFinal() {
        return !NEXT.containsKey(this);
    }

    /** Whether a run in this state is over and its steps were run, at least in part. */
    public boolean hasRun() {
        return switch (this) {
            case SUCCEEDED, FAILED, KILLED, TIMED_OUT, LOST -> true;
            case QUEUED, WAITING, RUNNING, STOPPING, REJECTED, SKIPPED, MISSED, HELD -> false;
        };
    }

    /** Whether people want to hear of it: everything final that should have succeeded and did not. */
    public boolean isTrouble() {
        return switch (this) {
            case FAILED, TIMED_OUT, LOST -> true;
            case QUEUED, WAITING, RUNNING, STOPPING, SUCCEEDED, KILLED, REJECTED, SKIPPED, MISSED, HELD -> false;
        };
    }

    /** Whether something due came to nothing although nobody wished it so. */
    public boolean isLoss() {
        return this == REJECTED || this == MISSED;
    }

    /** Whether a run may go from this state to another. */
    public boolean mayBecome(RunState next) {
        return NEXT.getOrDefault(this, Set.of()).contains(next);
    }

    /**
     * The next state.
     *
     * @throws IllegalStateException if a run cannot go there from here
     */
    public RunState to(RunState next) {
        if (!mayBecome(next)) {
            throw new IllegalStateException(this + " -> " + next);
        }
        return next;
    }

    /** As programs and the store spell it, {@code timed_out} for example. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The state that is spelled so. */
    public static RunState of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
