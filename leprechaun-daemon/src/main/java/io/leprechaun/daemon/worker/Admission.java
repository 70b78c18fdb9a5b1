package io.leprechaun.daemon.worker;

import io.leprechaun.daemon.recipe.Overlap;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.TriggerKind;
import io.leprechaun.daemon.run.Cause;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.units.Durations;
import java.time.Instant;
import java.util.Optional;

/**
 * The decision on a recipe that is due, made only here. The order of its checks is the order of a recipe's policies:
 * enabled, agent open, recipe paused, deadline, windows, overlap, and then locks, slots and room.
 */
public final class Admission {
    /** The reason of a refusal for lack of room. */
    static final String FULL = "the queue is full";

    private Admission() {}

    /** The decision of admission on a recipe that is due. */
    sealed interface Decision {
        /** The run takes a slot now. */
        record Start() implements Decision {}

        /** The run waits in the queue. */
        record Enqueue() implements Decision {}

        /** The recipe's other runs are ended, and the run takes their place. */
        record Replace() implements Decision {}

        /**
         * The request starts nothing.
         *
         * @param state the state of its record: HELD, SKIPPED or REJECTED
         * @param reason one sentence
         */
        record Refuse(RunState state, String reason) implements Decision {}
    }

    /**
     * The facts that admission depends on.
     *
     * @param closed the reason that the agent accepts no runs now, {@code cron is paused by root} for example; empty:
     *     it accepts runs
     * @param paused the reason that the recipe is held back, {@code paused by root} for example; empty: it is not
     * @param inTheWay the number of the oldest of the recipe's runs that are not over
     * @param locked whether a lock of the recipe is not available now
     * @param slots the number of free slots on the agent's stack
     * @param room the number of free places in the agent's queue
     */
    public record AdmissionFacts(
            Optional<String> closed,
            Optional<String> paused,
            Optional<Long> inTheWay,
            boolean locked,
            int slots,
            int room) {}

    /** Returns the decision for a recipe that is due now by a cause. */
    public static Decision decide(Recipe recipe, Cause cause, Instant now, AdmissionFacts facts) {
        if (!recipe.policy().enabled()) {
            return new Decision.Refuse(RunState.HELD, "the recipe is disabled: set `enabled: true`");
        }
        if (facts.closed().isPresent()) {
            return new Decision.Refuse(RunState.HELD, facts.closed().get());
        }
        if (facts.paused().isPresent()) {
            return new Decision.Refuse(RunState.HELD, facts.paused().get());
        }
        Optional<String> late = late(recipe, cause, now, now);
        if (late.isPresent()) {
            return new Decision.Refuse(RunState.SKIPPED, late.get());
        }
        if (facts.inTheWay().isPresent()) {
            Overlap overlap = overlap(recipe, cause.trigger());
            switch (overlap) {
                case SKIP -> {
                    return new Decision.Refuse(
                            RunState.SKIPPED, "run " + facts.inTheWay().get() + " has not ended (overlap: skip)");
                }
                case REPLACE -> {
                    return facts.room() > 0 ? new Decision.Replace() : full();
                }
                case QUEUE -> {
                    return facts.room() > 0 ? new Decision.Enqueue() : full();
                }
                case PARALLEL -> {} // slots, locks and room decide
            }
        }
        return forced(facts);
    }

    /**
     * Returns the decision for a recipe whose run is forced, against its policies. Only a closed agent, locks, slots
     * and room count.
     */
    public static Decision forced(AdmissionFacts facts) {
        if (facts.closed().isPresent()) {
            return new Decision.Refuse(RunState.HELD, facts.closed().get());
        }
        if (facts.slots() > 0 && !facts.locked()) {
            return new Decision.Start();
        }
        return facts.room() > 0 ? new Decision.Enqueue() : full();
    }

    /**
     * Returns the reason that a due run must not start any more, because of its deadline or windows; empty: it may. A
     * run that is caught up must be in a window twice: at its due instant, and now.
     *
     * @param accepted the instant of its acceptance, which counts as due for a run without a due instant
     */
    public static Optional<String> late(Recipe recipe, Cause cause, Instant accepted, Instant now) {
        return tooLate(recipe, cause, accepted, now).or(() -> outside(recipe, cause, accepted, now));
    }

    /** Returns the reason that a due run must not start any more because of its deadline; empty: it may. */
    public static Optional<String> tooLate(Recipe recipe, Cause cause, Instant accepted, Instant now) {
        var timing = recipe.policy().timing();
        return timing.latest(cause.dueAt().orElse(accepted))
                .filter(now::isAfter)
                .map(latest -> "not started within "
                        + Durations.format(timing.deadline().orElseThrow()) + " (deadline)");
    }

    /** Returns the reason that a due run must not start because of its windows; empty: it may. */
    public static Optional<String> outside(Recipe recipe, Cause cause, Instant accepted, Instant now) {
        Instant due = cause.dueAt().orElse(accepted); // and not now: the run may be a little late
        Optional<String> closed = closed(recipe, due);
        return closed.isEmpty() && cause.trigger().equals(TriggerKind.CATCH_UP) ? closed(recipe, now) : closed;
    }

    /** Returns the reason that a recipe's windows are closed at an instant; empty: one is open. */
    public static Optional<String> closed(Recipe recipe, Instant at) {
        return recipe.policy()
                .timing()
                .windows()
                .closed(at.atZone(recipe.surroundings().zone()).toLocalDateTime());
    }

    /** Returns the overlap policy of a recipe that is due by a trigger while a run of it is not over. */
    public static Overlap overlap(Recipe recipe, TriggerKind trigger) {
        return recipe.policy().overlap().orElse(trigger.overlap());
    }

    private static Decision full() {
        return new Decision.Refuse(RunState.REJECTED, FULL);
    }
}
