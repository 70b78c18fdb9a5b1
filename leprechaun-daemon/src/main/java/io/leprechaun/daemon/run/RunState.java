package io.leprechaun.daemon.run;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The state of a run in its life cycle. A final state never changes. */
public enum RunState {
    /** Accepted; waits for a slot. */
    QUEUED,
    /**
     * Accepted; waits for something other than a slot: a lock, its next attempt. Has no slot and counts for overlap.
     */
    WAITING,
    /** Its steps run. */
    RUNNING,
    /** It was asked to end and has not ended yet; it may still end by itself. */
    STOPPING,
    /** Every step succeeded. */
    SUCCEEDED,
    /** A step failed. */
    FAILED,
    /** It was ended on request. */
    KILLED,
    /** It was ended because its time was over. */
    TIMED_OUT,
    /** The daemon ended while it ran, or may have run; its progress is unknown. */
    LOST,
    /** Due, but there was no room, or its recipe is gone. */
    REJECTED,
    /** Due, but a policy of the recipe prevents it now. */
    SKIPPED,
    /** Due while the daemon could not start it. */
    MISSED,
    /** Due while its agent was closed, or its recipe was paused or disabled. */
    HELD;

    private static final Map<RunState, Set<RunState>> NEXT = Map.of(
            QUEUED,
                    EnumSet.of(
                            RUNNING, WAITING, KILLED, REJECTED, SKIPPED, LOST), // LOST: it may have started by a claim
            WAITING, EnumSet.of(RUNNING, QUEUED, FAILED, KILLED, TIMED_OUT, REJECTED, SKIPPED, LOST),
            RUNNING, EnumSet.of(STOPPING, WAITING, SUCCEEDED, FAILED, KILLED, TIMED_OUT, LOST),
            STOPPING, EnumSet.of(SUCCEEDED, FAILED, KILLED, TIMED_OUT, LOST));

    /** Returns whether a run in this state is over. */
    public boolean isFinal() {
        return !NEXT.containsKey(this);
    }

    /** Returns whether a run in this state is over and its steps were run, at least in part. */
    public boolean hasRun() {
        return switch (this) {
            case SUCCEEDED, FAILED, KILLED, TIMED_OUT, LOST -> true;
            case QUEUED, WAITING, RUNNING, STOPPING, REJECTED, SKIPPED, MISSED, HELD -> false;
        };
    }

    /** Returns whether the state is worth a notice: a final state of a run that should have succeeded and did not. */
    public boolean isTrouble() {
        return switch (this) {
            case FAILED, TIMED_OUT, LOST -> true;
            case QUEUED, WAITING, RUNNING, STOPPING, SUCCEEDED, KILLED, REJECTED, SKIPPED, MISSED, HELD -> false;
        };
    }

    /** Returns whether a due run did not start although neither a policy nor a user intended that. */
    public boolean isLoss() {
        return this == REJECTED || this == MISSED;
    }

    /** Returns whether a run may go from this state to another. */
    public boolean mayBecome(RunState next) {
        return NEXT.getOrDefault(this, Set.of()).contains(next);
    }

    /**
     * Returns the next state.
     *
     * @throws IllegalStateException if a run cannot go there from here
     */
    public RunState to(RunState next) {
        if (!mayBecome(next)) {
            throw new IllegalStateException(this + " -> " + next);
        }
        return next;
    }

    /** Returns the state as programs and the store spell it, {@code timed_out} for example. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the state with this spelling. */
    public static RunState of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
