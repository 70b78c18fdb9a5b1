package io.leprechaun.daemon.recipe;

import io.leprechaun.daemon.hook.HookPolicy;
import io.leprechaun.daemon.schedule.EveryNth;
import io.leprechaun.daemon.schedule.IntervalSchedule;
import io.leprechaun.daemon.schedule.Schedule;
import io.leprechaun.daemon.settings.AgentName;
import io.leprechaun.daemon.units.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A cause that makes a recipe due without a user's command. Each kind of agent has its own. */
public interface Trigger {
    /** Returns the agent that makes its recipes due and lends its workers; empty: the agent of another trigger. */
    Optional<AgentName> agent();

    /** Returns the kind of cause that its runs have. */
    default TriggerKind kind() {
        return TriggerKind.dueBy(agent().orElseThrow());
    }

    /**
     * Returns the due instants; empty where the clock alone does not give them.
     *
     * @param anchor the start of the count of intervals, which is not a due instant itself
     */
    default Optional<Schedule> schedule(Instant anchor) {
        return Optional.empty();
    }

    /**
     * Returns the time from one due instant to the next, where it is counted from the anchor; empty: due instants are
     * fixed times of the clock.
     */
    default Optional<Duration> period() {
        return Optional.empty();
    }

    /** Returns its keys to show, in their order, with their values as people read them. */
    default Map<String, String> keys() {
        return Map.of();
    }

    /** Returns whether the clock makes it due. */
    default boolean isTimed() {
        return false;
    }

    /**
     * An interval: {@code definition: schedule}.
     *
     * @param every the time between due instants; zero: once at each start of the daemon
     */
    record Interval(Duration every) implements Trigger {
        @Override
        public Optional<AgentName> agent() {
            return Optional.of(AgentName.SCHEDULER);
        }

        @Override
        public Optional<Schedule> schedule(Instant anchor) {
            return period().map(span -> new IntervalSchedule(anchor, span));
        }

        @Override
        public Optional<Duration> period() {
            return Optional.of(every).filter(span -> !span.isZero());
        }

        @Override
        public Map<String, String> keys() {
            return Map.of("schedule", Durations.format(every));
        }

        @Override
        public boolean isTimed() {
            return true;
        }
    }

    /**
     * Cron patterns: {@code definition: cron}.
     *
     * @param text the patterns as written, for people
     * @param schedule all patterns together, in the recipe's zone, and in the days or weeks that count
     * @param every the number of days or weeks, one of which counts; empty: each counts
     * @param atBoot whether one of them is {@code @reboot}: it is due once per boot of the machine, at the first start
     *     of the daemon
     */
    record Cron(String text, Schedule schedule, Optional<EveryNth.Period> every, boolean atBoot) implements Trigger {
        @Override
        public Optional<AgentName> agent() {
            return Optional.of(AgentName.CRON);
        }

        @Override
        public Optional<Schedule> schedule(Instant anchor) {
            return Optional.of(schedule);
        }

        @Override
        public Map<String, String> keys() {
            var keys = new LinkedHashMap<String, String>();
            keys.put("pattern", text);
            every.ifPresent(period -> keys.put("every", period.toString()));
            return keys;
        }

        @Override
        public boolean isTimed() {
            return true;
        }
    }

    /**
     * The end of other recipes' runs: {@code after}. It is due when each of them has ended as required since it was due
     * last.
     */
    record After(List<Dependency> dependencies) implements Trigger {
        public After {
            dependencies = List.copyOf(dependencies);
        }

        @Override
        public Optional<AgentName> agent() {
            return Optional.empty();
        }

        @Override
        public TriggerKind kind() {
            return TriggerKind.AFTER;
        }

        @Override
        public Map<String, String> keys() {
            return Map.of(
                    "after", dependencies.stream().map(Dependency::toString).collect(Collectors.joining(", ")));
        }
    }

    /** The end of a run of another recipe. */
    record Dependency(RecipeName recipe, On on) {
        @Override
        public String toString() {
            return recipe + (on == On.SUCCESS ? "" : " (" + on.name().toLowerCase(Locale.ROOT) + ")");
        }
    }

    /** The required outcome of the other recipe's run. */
    enum On {
        /** Success. */
        SUCCESS,
        /** Failure: it failed, timed out, was killed or lost. */
        FAILURE,
        /** Any outcome. */
        ALWAYS
    }

    /**
     * A webhook: {@code definition: hook}.
     *
     * @param id the id by which senders name it
     */
    record Hook(String id, HookPolicy policy) implements Trigger {
        @Override
        public Optional<AgentName> agent() {
            return Optional.of(AgentName.SERVER);
        }

        @Override
        public TriggerKind kind() {
            return TriggerKind.HOOK;
        }

        @Override
        public Map<String, String> keys() {
            return Map.of("id", id);
        }
    }
}
