package io.leprechaun.daemon.recipe;

import io.leprechaun.daemon.hook.HookPolicy;
import io.leprechaun.daemon.schedule.EveryNth;
import io.leprechaun.daemon.schedule.Schedule;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What makes a recipe due by itself. */
public sealed interface Trigger {
    /**
     * Every so often: {@code definition: schedule}.
     *
     * @param every zero means once at each start of the daemon
     */
    record Interval(Duration every) implements Trigger {}

    /**
     * By cron pattern: {@code definition: cron}.
     *
     * @param text the patterns as they are written, for people
     * @param schedule all patterns together, in the recipe's zone, and in the days or weeks that count
     * @param every of how many days or weeks one counts; empty: each
     * @param atBoot whether one of them is {@code @reboot}: it is due once a boot of the machine, at the first start of the daemon
     */
    record Cron(String text, Schedule schedule, Optional<EveryNth.Period> every, boolean atBoot) implements Trigger {}

    /** The end of other recipes' runs: {@code after}. It is due when each of them has ended so since it was due last. */
    record After(List<Dependency> dependencies) implements Trigger {
        public After {
            dependencies = List.copyOf(dependencies);
        }
    }

    /** The end of a run of another recipe. */
    record Dependency(RecipeName recipe, On on) {}

    /** How the run of the other recipe has to end. */
    enum On {
        /** Well. */
        SUCCESS,
        /** Not well: it failed, ran out of its time, was killed or lost. */
        FAILURE,
        /** In any way. */
        ALWAYS
    }

    /**
     * By webhook: {@code definition: hook}.
     *
     * @param id by which senders name it
     */
    record Hook(String id, HookPolicy policy) implements Trigger {}
}
