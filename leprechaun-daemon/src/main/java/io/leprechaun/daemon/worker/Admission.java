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
 * Decides what becomes of something due. The only place that does, and the order of its questions is the order of a recipe's policies: enabled, agent open, recipe paused, deadline,
 * windows, overlap, and then locks, slots and room.
 */
public final class Admission {
    private Admission() {}

    /**
     * What admission needs to know.
     *
     * @param closed why the agent takes nothing now, {@code cron is paused by root} for example; empty: it does
     * @param paused why the recipe is held back, {@code paused by root} for example; empty: it is not
     * @param inTheWay the oldest of the recipe's runs that are not over
     * @param locked whether a lock of the recipe is not to be had now
     * @param slots free slots on the agent's stack
     * @param room free places in the agent's queue
     */
    public record AdmissionFacts(
            Optional<String> closed,
            Optional<String> paused,
            Optional<Long> inTheWay,
            boolean locked,
            int slots,
            int room) {}

    /** The decision for a recipe that is due by something, now. */
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
                            RunState.SKIPPED, "run " + facts.inTheWay().get() + " is not over (overlap: skip)");
                }
                case REPLACE -> {
                    return facts.room() > 0 ? new Decision.Replace() : full();
                }
                case QUEUE -> {
                    return facts.room() > 0 ? new Decision.Enqueue() : full();
                }
                case PARALLEL -> {} // room decides
            }
        }
        return forced(facts);
    }

    /** The decision for a recipe that somebody wants to run whatever its policies say: only an agent that takes nothing, and the room there is, are asked. */
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
     * Why it is too late, or not the time, for something that was due and has not started; empty: it is not. What is made up for has to be in a window twice: when it was due, and now.
     *
     * @param accepted when it was accepted: what is due at no instant was due then
     */
    public static Optional<String> late(Recipe recipe, Cause cause, Instant accepted, Instant now) {
        return tooLate(recipe, cause, accepted, now).or(() -> outside(recipe, cause, accepted, now));
    }

    /** The same of its deadline alone. */
    public static Optional<String> tooLate(Recipe recipe, Cause cause, Instant accepted, Instant now) {
        var timing = recipe.policy().timing();
        return timing.latest(cause.dueAt().orElse(accepted))
                .filter(now::isAfter)
                .map(latest -> "it could not start within "
                        + Durations.format(timing.deadline().orElseThrow()) + " (deadline)");
    }

    /** The same of its windows alone. */
    public static Optional<String> outside(Recipe recipe, Cause cause, Instant accepted, Instant now) {
        Instant due = cause.dueAt().orElse(accepted); // and not now: it may come a little late
        Optional<String> closed = closed(recipe, due);
        return closed.isEmpty() && cause.trigger().equals(TriggerKind.CATCH_UP) ? closed(recipe, now) : closed;
    }

    /** Why a recipe does not run at an instant by its windows; empty: it does. */
    public static Optional<String> closed(Recipe recipe, Instant at) {
        return recipe.policy()
                .timing()
                .windows()
                .closed(at.atZone(recipe.surroundings().zone()).toLocalDateTime());
    }

    /** What a recipe does when it is due by a trigger while a run of it is not over. */
    public static Overlap overlap(Recipe recipe, TriggerKind trigger) {
        return recipe.policy().overlap().orElse(trigger.overlap());
    }

    private static Decision full() {
        return new Decision.Refuse(RunState.REJECTED, "the queue is full");
    }
}
