package io.leprechaun.daemon.recipe.reader;

import io.leprechaun.daemon.recipe.Policy;
import io.leprechaun.daemon.recipe.Surroundings;
import io.leprechaun.daemon.recipe.Trigger;
import io.leprechaun.daemon.settings.AgentName;
import io.leprechaun.daemon.units.Durations;
import io.leprechaun.daemon.yaml.MappingReader;
import io.leprechaun.daemon.yaml.Problems;
import io.leprechaun.daemon.yaml.Value;
import java.time.Duration;
import java.util.Optional;

/** The definition {@code schedule}. */
record ScheduleDefinition() implements Definition {
    private static final Duration LONGEST_INTERVAL = Duration.ofDays(14_600);

    @Override
    public String word() {
        return "schedule";
    }

    @Override
    public AgentName agent() {
        return AgentName.SCHEDULER;
    }

    @Override
    public String key() {
        return TriggerKeys.SCHEDULE.name();
    }

    @Override
    public String example() {
        return "{ min: 10 }";
    }

    @Override
    public String unused(MappingReader fields, String key) {
        boolean isPattern =
                fields.value(key).filter(Value.Scalar.class::isInstance).isPresent();
        return isPattern
                ? "for a cron pattern use `pattern:`, with `definition: cron`"
                : Definition.super.unused(fields, key);
    }

    @Override
    public Optional<Trigger> read(MappingReader fields, Policy policy, Surroundings surroundings, Problems problems) {
        Optional<MappingReader> section = TriggerKeys.SCHEDULE.read(fields);
        if (section.isEmpty()) {
            return Optional.empty();
        }
        MappingReader parts = section.get();
        int wrong = problems.errors().size();
        Duration every = TriggerKeys.interval(parts);
        boolean none = TriggerKeys.isEmpty(parts);
        parts.done();
        if (none) {
            problems.error(parts.place(), "missing interval; use day, hour, min or sec, such as { min: 10 }");
        } else if (every.compareTo(LONGEST_INTERVAL) > 0) {
            problems.error(
                    parts.place(),
                    "the interval is longer than " + Durations.format(LONGEST_INTERVAL) + "; use a shorter one");
        } else if (every.isZero() && problems.errors().size() == wrong) {
            problems.warn(parts.place(), "all values are zero: the recipe runs once, at each start of the daemon");
        }
        return Optional.of(new Trigger.Interval(every));
    }
}
