package io.leprechaun.daemon.recipe.reader;

import io.leprechaun.daemon.hook.HookKeys;
import io.leprechaun.daemon.hook.HookPolicy;
import io.leprechaun.daemon.recipe.Trigger;
import io.leprechaun.daemon.recipe.Windows;
import io.leprechaun.daemon.schedule.CronPattern;
import io.leprechaun.daemon.schedule.EveryNth;
import io.leprechaun.daemon.schedule.Schedule;
import io.leprechaun.daemon.schedule.Schedules;
import io.leprechaun.daemon.settings.AgentName;
import io.leprechaun.daemon.units.Durations;
import io.leprechaun.daemon.yaml.MappingReader;
import io.leprechaun.daemon.yaml.Problems;
import io.leprechaun.daemon.yaml.Value;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads what makes a recipe due. */
final class TriggerReader {
    private static final Duration LONGEST_INTERVAL = Duration.ofDays(14_600);
    private static final int SHORT_HOOK_ID = 8;
    private static final int MOST_PATTERNS = 100;
    private static final Map<String, Kind> KIND_OF_KEY = Map.of(
            "schedule", Kind.SCHEDULE, "pattern", Kind.CRON, "every", Kind.CRON, "id", Kind.HOOK, "hook", Kind.HOOK);

    private TriggerReader() {}

    /** What {@code definition} may name. */
    enum Kind {
        SCHEDULE("schedule", "{ min: 10 }"),
        CRON("pattern", "\"30 2 * * *\""),
        HOOK("id", "a word that nobody guesses");

        private final String key;
        private final String example;

        Kind(String key, String example) {
            this.key = key;
            this.example = example;
        }

        AgentName agent() {
            return switch (this) {
                case SCHEDULE -> AgentName.SCHEDULER;
                case CRON -> AgentName.CRON;
                case HOOK -> AgentName.SERVER;
            };
        }

        /** As it is written. */
        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What {@code definition} names. */
    static List<Kind> kinds(MappingReader fields, Problems problems) {
        List<Kind> kinds = TriggerKeys.DEFINITION.or(fields, List.of());
        var seen = new HashSet<Kind>();
        for (Kind kind : kinds) {
            if (!seen.add(kind)) {
                problems.error(fields.place("definition"), "'" + kind.word() + "' is given twice; remove one");
            }
        }
        return List.copyOf(kinds);
    }

    /** @param own what holds for the recipe otherwise */
    static List<Trigger> read(MappingReader fields, List<Kind> kinds, RecipeDefaults own, Problems problems) {
        boolean wrongDefinition = fields.has("definition") && kinds.isEmpty();
        KIND_OF_KEY.forEach((key, kind) -> {
            if (fields.has(key) && !kinds.contains(kind) && !wrongDefinition) {
                problems.error(fields.place(key), unused(fields, key, kind));
            }
        });
        var triggers = new ArrayList<Trigger>();
        for (Kind kind : kinds) {
            if (!fields.has(kind.key)) {
                String example = kind.key + ": " + kind.example;
                problems.error(
                        fields.place("definition"),
                        "'" + kind.word() + "' needs `" + kind.key + "`; add it, " + example + " for example");
                continue;
            }
            switch (kind) {
                case SCHEDULE -> interval(fields, problems).ifPresent(triggers::add);
                case CRON -> cron(fields, own, problems).ifPresent(triggers::add);
                case HOOK -> hook(fields, problems).ifPresent(triggers::add);
            }
        }
        TriggerKeys.AFTER.read(fields).map(Trigger.After::new).ifPresent(triggers::add);
        return triggers;
    }

    private static String unused(MappingReader fields, String key, Kind kind) {
        boolean isPattern = kind == Kind.SCHEDULE
                && fields.value(key).filter(Value.Scalar.class::isInstance).isPresent();
        if (isPattern) {
            return "a cron pattern is written as `pattern:`, with `definition: cron`";
        }
        return key.equals("every")
                ? "`every` goes beside a cron `pattern`; for an interval write `definition: schedule` and `schedule: {"
                        + " min: 10 }`"
                : "nothing uses this without `definition: " + kind.word() + "`; add that, or remove it";
    }

    private static Optional<Trigger> interval(MappingReader fields, Problems problems) {
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
            problems.error(parts.place(), "say how often with day, hour, min or sec: { min: 10 } for example");
        } else if (every.compareTo(LONGEST_INTERVAL) > 0) {
            problems.error(
                    parts.place(),
                    "the interval is longer than " + Durations.format(LONGEST_INTERVAL) + "; write a shorter one");
        } else if (every.isZero() && problems.errors().size() == wrong) {
            problems.warn(
                    parts.place(), "all is zero: the recipe runs once at each start of the daemon, and not again");
        }
        return Optional.of(new Trigger.Interval(every));
    }

    private static Optional<Trigger> cron(MappingReader fields, RecipeDefaults own, Problems problems) {
        ZoneId zone = own.surroundings().zone();
        record Written(String text, Optional<Schedule> schedule) {}

        List<Written> patterns = fields.list(TriggerKeys.PATTERN.name(), text -> {
            String pattern = text.strip();
            boolean atBoot = pattern.equalsIgnoreCase(CronPattern.REBOOT);
            return new Written(pattern, atBoot ? Optional.empty() : Optional.of(CronPattern.parse(pattern, zone)));
        });
        if (patterns.isEmpty()) {
            return Optional.empty();
        }
        if (patterns.size() > MOST_PATTERNS) {
            problems.error(
                    fields.place("pattern"),
                    "there are more than " + MOST_PATTERNS + " patterns; use fewer, with lists and steps");
        }
        if (patterns.stream().anyMatch(pattern -> pattern.text().matches("(\\*|\\*/1|0-59)(\\s+\\S+){5}"))) {
            problems.warn(
                    fields.place("pattern"),
                    "it is due every second, because the first of six fields is the second; write five fields, or 0"
                            + " first, for once a minute");
        }
        boolean atBoot =
                patterns.stream().anyMatch(pattern -> pattern.schedule().isEmpty());
        Schedule schedule = Schedules.union(patterns.stream()
                .map(Written::schedule)
                .flatMap(Optional::stream)
                .toList());
        Optional<EveryNth> every = every(fields, own, atBoot, schedule);
        return Optional.of(new Trigger.Cron(
                String.join(", ", patterns.stream().map(Written::text).toList()),
                every.<Schedule>map(nth -> nth).orElse(schedule),
                every.map(EveryNth::period),
                atBoot));
    }

    /** Counted from the recipe's own {@code from}: a default that changes would change at which instants it was due. */
    private static Optional<EveryNth> every(
            MappingReader fields, RecipeDefaults own, boolean atBoot, Schedule schedule) {
        Optional<EveryNth.Period> period = TriggerKeys.EVERY.read(fields);
        if (period.isEmpty()) {
            return Optional.empty();
        }
        Optional<Windows.Edge> from = own.policy().timing().windows().from().filter(_ -> fields.has("from"));
        if (from.isEmpty()) {
            if (!fields.has("from")) {
                fields.wrong("every", "there is no day to count from; add it, `from: 2026-12-01` for example");
            }
            return Optional.empty();
        }
        if (atBoot) {
            fields.wrong("every", "`@reboot` is due at no day of the calendar; remove `every`, or that pattern");
            return Optional.empty();
        }
        ZoneId zone = own.surroundings().zone();
        var nth = new EveryNth(schedule, period.get(), from.get().moment().toLocalDate(), zone);
        Instant begin = from.get().moment().atZone(zone).toInstant();
        if (nth.next(begin.minusNanos(1)).isEmpty()) {
            fields.wrong(
                    "every",
                    "the pattern is never due in every " + period.get() + " from "
                            + from.get().text() + "; count from a day on which the pattern is due");
        }
        return Optional.of(nth);
    }

    private static Optional<Trigger> hook(MappingReader fields, Problems problems) {
        Optional<String> id = TriggerKeys.ID.read(fields);
        HookPolicy policy = TriggerKeys.HOOK.read(fields).map(HookKeys::read).orElse(HookPolicy.USUAL);
        if (id.isPresent() && id.get().length() < SHORT_HOOK_ID && policy.auth().isEmpty()) {
            problems.warn(
                    fields.place("id"),
                    "the id is short, and who guesses it starts the recipe; write 16 or more random letters and"
                            + " digits");
        }
        return id.map(known -> new Trigger.Hook(known, policy));
    }
}
