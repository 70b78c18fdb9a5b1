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

/** A reason for which a recipe is due by itself. Each kind of agent has its own. */
public interface Trigger {
    /** The agent that makes its recipes due, and whose workers they use; empty: that of another trigger. */
    Optional<AgentName> agent();

    /** The kind of cause that its runs have. */
    default TriggerKind kind() {
        return TriggerKind.dueBy(agent().orElseThrow());
    }

    /**
     * The due instants; empty where the clock alone does not tell them.
     *
     * @param anchor from where intervals are counted, which is no due instant itself
     */
    default Optional<Schedule> schedule(Instant anchor) {
        return Optional.empty();
    }

    /** The time from one due instant to the next where it is counted from the anchor; empty: the clock's fixed times count. */
    default Optional<Duration> period() {
        return Optional.empty();
    }

    /** The keys to show of it, in their order, with their values as people read them. */
    default Map<String, String> keys() {
        return Map.of();
    }

    /** Whether the clock makes it due. */
    default boolean isTimed() {
        return false;
    }

    /**
     * Every so often: {@code definition: schedule}.
     *
     * @param every zero means once at each start of the daemon
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
     * By cron pattern: {@code definition: cron}.
     *
     * @param text the patterns as they are written, for people
     * @param schedule all patterns together, in the recipe's zone, and in the days or weeks that count
     * @param every of how many days or weeks one counts; empty: each
     * @param atBoot whether one of them is {@code @reboot}: it is due once a boot of the machine, at the first start of the daemon
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

    /** The end of other recipes' runs: {@code after}. It is due when each of them has ended so since it was due last. */
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
