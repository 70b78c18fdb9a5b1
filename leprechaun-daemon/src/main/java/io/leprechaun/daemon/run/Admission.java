package io.leprechaun.daemon.run;

import io.leprechaun.daemon.recipe.Overlap;
import io.leprechaun.daemon.recipe.Recipe;
import java.util.Optional;

/** Decides what becomes of something due. The only place that does: enabled, agent open, recipe paused, overlap and room are asked here, in this order. */
public final class Admission {
    private Admission() {}

    /**
     * What admission needs to know.
     *
     * @param closed why the agent takes nothing now, {@code cron is paused by root} for example; empty: it does
     * @param paused why the recipe is held back, {@code paused by root} for example; empty: it is not, or that does not matter
     * @param inTheWay the oldest of the recipe's runs that are not over
     * @param slots free slots on the agent's stack
     * @param room free places in the agent's queue
     */
    public record Facts(
            Optional<String> closed, Optional<String> paused, Optional<Long> inTheWay, int slots, int room) {}

    /** The decision for one due recipe. */
    public static Decision decide(Recipe recipe, TriggerKind trigger, Facts facts) {
        if (!recipe.policy().enabled()) {
            return new Decision.Refuse(RunState.HELD, "the recipe is disabled: set `enabled: true`");
        }
        if (facts.closed().isPresent()) {
            return new Decision.Refuse(RunState.HELD, facts.closed().get());
        }
        if (facts.paused().isPresent()) {
            return new Decision.Refuse(RunState.HELD, facts.paused().get());
        }
        if (facts.inTheWay().isPresent()) {
            Overlap overlap = overlap(recipe, trigger);
            switch (overlap) {
                case SKIP -> {
                    return new Decision.Refuse(
                            RunState.SKIPPED, "run " + facts.inTheWay().get() + " is not over (overlap: skip)");
                }
                case REPLACE -> {
                    return facts.room() > 0 ? new Decision.Replace() : full();
                }
                case QUEUE -> {
                    return facts.room() > 0 ? new Decision.Queue() : full();
                }
                case PARALLEL -> {} // room decides
            }
        }
        if (facts.slots() > 0) {
            return new Decision.Start();
        }
        return facts.room() > 0 ? new Decision.Queue() : full();
    }

    /** What a recipe does when it is due by a trigger while a run of it is not over. */
    public static Overlap overlap(Recipe recipe, TriggerKind trigger) {
        return recipe.policy().overlap().orElse(trigger.overlap());
    }

    private static Decision full() {
        return new Decision.Refuse(RunState.REJECTED, "the queue is full");
    }
}
