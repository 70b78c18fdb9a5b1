package io.leprechaun.daemon.recipe.reader;

import io.leprechaun.daemon.recipe.Policy;
import io.leprechaun.daemon.recipe.Surroundings;
import io.leprechaun.daemon.recipe.Trigger;
import io.leprechaun.daemon.recipe.Windows;
import io.leprechaun.daemon.schedule.CronPattern;
import io.leprechaun.daemon.schedule.EveryNth;
import io.leprechaun.daemon.schedule.Schedule;
import io.leprechaun.daemon.schedule.Schedules;
import io.leprechaun.daemon.settings.AgentName;
import io.leprechaun.daemon.yaml.MappingReader;
import io.leprechaun.daemon.yaml.Problems;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/** The definition {@code cron}. */
record CronDefinition() implements Definition {
    private static final int MOST_PATTERNS = 100;

    @Override
    public String word() {
        return "cron";
    }

    @Override
    public AgentName agent() {
        return AgentName.CRON;
    }

    @Override
    public String key() {
        return TriggerKeys.PATTERN.name();
    }

    @Override
    public String example() {
        return "\"30 2 * * *\"";
    }

    @Override
    public List<String> keys() {
        return List.of(key(), TriggerKeys.EVERY.name());
    }

    @Override
    public String unused(MappingReader fields, String key) {
        return key.equals(TriggerKeys.EVERY.name())
                ? "`every` needs a cron `pattern`; for an interval use `definition: schedule` and `schedule: { min:"
                        + " 10 }`"
                : Definition.super.unused(fields, key);
    }

    /** A pattern as written; without a schedule it stands for a boot. */
    private record PatternText(String text, Optional<Schedule> schedule) {
        static PatternText of(String text, ZoneId zone) {
            String pattern = text.strip();
            boolean atBoot = pattern.equalsIgnoreCase(CronPattern.REBOOT);
            return new PatternText(pattern, atBoot ? Optional.empty() : Optional.of(CronPattern.parse(pattern, zone)));
        }
    }

    @Override
    public Optional<Trigger> read(MappingReader fields, Policy policy, Surroundings surroundings, Problems problems) {
        ZoneId zone = surroundings.zone();
        List<PatternText> patterns = fields.list(key(), text -> PatternText.of(text, zone));
        if (patterns.isEmpty()) {
            return Optional.empty();
        }
        if (patterns.size() > MOST_PATTERNS) {
            problems.error(
                    fields.place(key()), "more than " + MOST_PATTERNS + " patterns; use fewer, with lists and steps");
        }
        if (patterns.stream().anyMatch(pattern -> pattern.text().matches("(\\*|\\*/1|0-59)(\\s+\\S+){5}"))) {
            problems.warn(
                    fields.place(key()),
                    "due every second, because the first of six fields is the second; for once a minute use five"
                            + " fields, or 0 first");
        }
        boolean atBoot =
                patterns.stream().anyMatch(pattern -> pattern.schedule().isEmpty());
        Schedule schedule = Schedules.union(patterns.stream()
                .map(PatternText::schedule)
                .flatMap(Optional::stream)
                .toList());
        Optional<EveryNth> every = every(fields, policy.timing().windows(), zone, atBoot, schedule);
        return Optional.of(new Trigger.Cron(
                String.join(", ", patterns.stream().map(PatternText::text).toList()),
                every.<Schedule>map(nth -> nth).orElse(schedule),
                every.map(EveryNth::period),
                atBoot));
    }

    /**
     * Reads {@code every}, counted from the recipe's own {@code from}: a default that changes would move the instants
     * at which it was due.
     */
    private static Optional<EveryNth> every(
            MappingReader fields, Windows windows, ZoneId zone, boolean atBoot, Schedule schedule) {
        String key = TriggerKeys.EVERY.name();
        Optional<EveryNth.Period> period = TriggerKeys.EVERY.read(fields);
        if (period.isEmpty()) {
            return Optional.empty();
        }
        Optional<Windows.Edge> from = windows.from().filter(_ -> fields.has("from"));
        if (from.isEmpty()) {
            if (!fields.has("from")) {
                fields.wrong(key, "missing day to count from; add one, such as `from: 2026-12-01`");
            }
            return Optional.empty();
        }
        if (atBoot) {
            fields.wrong(key, "`@reboot` has no days to count; remove `every`, or that pattern");
            return Optional.empty();
        }
        var nth = new EveryNth(schedule, period.get(), from.get().moment().toLocalDate(), zone);
        Instant begin = from.get().moment().atZone(zone).toInstant();
        if (nth.next(begin.minusNanos(1)).isEmpty()) {
            fields.wrong(
                    key,
                    "the pattern is never due in every " + period.get() + " from "
                            + from.get().text() + "; use a `from` on which the pattern is due");
        }
        return Optional.of(nth);
    }
}
