package io.leprechaun.daemon.schedule;

import io.leprechaun.daemon.units.Durations;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A cron pattern in a time zone. It has five fields, or six with the seconds first.
 *
 * <p>When the clocks change, a pattern whose minute or hour field begins with {@code *} follows elapsed time. Nothing
 * is due for local times that are skipped, and repeated local times are due twice. Every other pattern is due exactly
 * once for each of its local times: for a skipped one at the instant of the change, for a repeated one at the first of
 * the two.
 */
public final class CronPattern implements Schedule {
    /** The text that stands for a start of the machine. It has no instants, and {@link #parse} refuses it. */
    public static final String REBOOT = "@reboot";

    private static final int LONGEST = 1000;
    private static final LocalDateTime ANY_TIME = LocalDateTime.of(2000, 1, 1, 0, 0);
    private static final Map<String, String> NICKNAMES = Map.of(
            "@hourly", "0 * * * *",
            "@daily", "0 0 * * *",
            "@midnight", "0 0 * * *",
            "@weekly", "0 0 * * 0",
            "@monthly", "0 0 1 * *",
            "@yearly", "0 0 1 1 *",
            "@annually", "0 0 1 1 *");

    private final CronFields fields;
    private final ZoneRules rules;

    private CronPattern(CronFields fields, ZoneRules rules) {
        this.fields = fields;
        this.rules = rules;
    }

    /**
     * Reads a pattern, a nickname like {@code @daily}, or {@code @every DURATION}, which counts from 1970-01-01T00:00Z.
     *
     * @throws PatternException when it is invalid, or never due within forty years
     */
    public static Schedule parse(String text, ZoneId zone) {
        String pattern = text.strip();
        if (pattern.length() > LONGEST) {
            throw new PatternException(
                    "the pattern is longer than " + LONGEST + " characters; split it into a list of patterns");
        }
        pattern.codePoints()
                .filter(c -> c != '\t' && (c < ' ' || c > '~'))
                .findFirst()
                .ifPresent(c -> {
                    String what = "the character '%s' (U+%04X)".formatted(Character.toString(c), c);
                    throw new PatternException(what + " is not allowed; use ASCII letters, digits and spaces");
                });
        if (pattern.startsWith("@every")) {
            return every(pattern.substring("@every".length()).strip());
        }
        String expanded = pattern.startsWith("@") ? nickname(pattern) : pattern;
        CronFields fields = fields(pattern, expanded.split("[ \\t]+"));
        if (fields.next(ANY_TIME).isEmpty()) {
            throw new PatternException("'" + pattern + "' is never due; check the day and the month");
        }
        return new CronPattern(fields, zone.getRules());
    }

    private static Schedule every(String span) {
        try {
            return new IntervalSchedule(Instant.EPOCH, Durations.parse(span))::next; // which nothing shifts
        } catch (IllegalArgumentException e) {
            String example = span.matches("[0-9]{1,4}w")
                    ? 7 * Integer.parseInt(span.substring(0, span.length() - 1)) + "d"
                    : "10m";
            throw new PatternException(
                    "invalid interval '@every " + span + "': use at least one second, such as @every " + example);
        }
    }

    private static String nickname(String name) {
        if (name.equalsIgnoreCase(REBOOT)) {
            throw new PatternException("@reboot has no due times: it triggers at a start of the machine");
        }
        String pattern = NICKNAMES.get(name.toLowerCase(Locale.ROOT));
        if (pattern == null) {
            String allowed =
                    "use @hourly @daily @midnight @weekly @monthly @yearly @annually @reboot or @every DURATION";
            throw new PatternException("unknown name '" + name + "'; " + allowed);
        }
        return pattern;
    }

    private static CronFields fields(String pattern, String[] words) {
        try {
            return fields(words);
        } catch (PatternException e) {
            throw ForeignPattern.advice(pattern).map(PatternException::new).orElse(e);
        }
    }

    private static CronFields fields(String[] words) {
        if (words.length != 5 && words.length != 6) {
            String count = words.length == 1 ? "1 field" : words.length + " fields";
            throw new PatternException(
                    "the pattern has " + count + "; use 5 (minute hour day month weekday) or 6 (second first)");
        }
        List<String> texts =
                words.length == 6 ? List.of(words) : List.of("0", words[0], words[1], words[2], words[3], words[4]);
        return new CronFields(
                FieldParser.parse(Field.SECOND, texts.get(0)),
                FieldParser.parse(Field.MINUTE, texts.get(1)),
                FieldParser.parse(Field.HOUR, texts.get(2)),
                FieldParser.parse(Field.DAY, texts.get(3)),
                FieldParser.parse(Field.MONTH, texts.get(4)),
                FieldParser.parse(Field.WEEKDAY, texts.get(5)));
    }

    @Override
    public Optional<Instant> next(Instant after, Instant fixedAfter) {
        return next(fields.followsElapsedTime() ? after : fixedAfter);
    }

    @Override
    public Optional<Instant> next(Instant after) {
        try {
            Optional<Instant> next = fields.followsElapsedTime() ? byElapsedTime(after) : byLocalTime(after);
            return next.filter(instant -> Schedules.inSight(after, instant));
        } catch (DateTimeException e) { // beyond the end of time
            return Optional.empty();
        }
    }

    /**
     * Searches from one change of the clocks to the next: between two of them local time and elapsed time are the same.
     */
    private Optional<Instant> byElapsedTime(Instant after) {
        Instant from = after;
        while (Schedules.inSight(after, from)) {
            ZoneOffset offset = rules.getOffset(from);
            ZoneOffsetTransition change = rules.nextTransition(from);
            Optional<Instant> next =
                    fields.next(LocalDateTime.ofInstant(from, offset)).map(local -> local.toInstant(offset));
            if (change == null || next.isPresent() && next.get().isBefore(change.getInstant())) {
                return next;
            }
            if (fields.matches(change.getDateTimeAfter())) {
                return Optional.of(change.getInstant());
            }
            from = change.getInstant();
        }
        return Optional.empty();
    }

    private Optional<Instant> byLocalTime(Instant after) {
        LocalDateTime local = LocalDateTime.ofInstant(after, rules.getOffset(after));
        ZoneOffsetTransition change = rules.getTransition(local);
        if (change != null && change.isOverlap() && !after.isBefore(change.getInstant())) {
            local = change.getDateTimeBefore().minusNanos(1); // the second pass: each of its times was due in the first
        }
        Optional<LocalDateTime> next = fields.next(local);
        while (next.isPresent()) {
            Instant instant = first(next.get());
            if (instant.isAfter(after)) {
                return Optional.of(instant);
            }
            next = fields.next(next.get());
        }
        return Optional.empty();
    }

    /** Returns the first valid instant of a local time. */
    private Instant first(LocalDateTime local) {
        ZoneOffsetTransition change = rules.getTransition(local);
        return change != null && change.isGap()
                ? change.getInstant()
                : local.toInstant(change == null ? rules.getOffset(local) : change.getOffsetBefore());
    }

    @Override
    public Optional<String> note(Instant due) {
        LocalDateTime local = LocalDateTime.ofInstant(due, rules.getOffset(due));
        ZoneOffsetTransition gap = rules.nextTransition(due.minusNanos(1));
        if (gap != null && gap.isGap() && gap.getInstant().equals(due) && !fields.followsElapsedTime()) {
            return fields.next(gap.getDateTimeBefore().minusNanos(1))
                    .filter(skipped -> skipped.isBefore(local))
                    .map(skipped -> time(skipped, local) + " does not exist, runs at " + time(local, skipped));
        }
        ZoneOffsetTransition overlap = rules.getTransition(local);
        if (overlap == null || !overlap.isOverlap()) {
            return Optional.empty();
        }
        String time = time(local, local);
        if (!fields.followsElapsedTime()) {
            return Optional.of(time + " comes twice, runs the first time");
        }
        return due.isBefore(overlap.getInstant()) ? Optional.empty() : Optional.of(time + " for the second time");
    }

    /** Returns the time, with the day where that differs from the other time's. */
    private static String time(LocalDateTime time, LocalDateTime other) {
        return time.toLocalDate().equals(other.toLocalDate())
                ? time.toLocalTime().toString()
                : time.toLocalDate() + " " + time.toLocalTime();
    }

    @Override
    public Optional<Instant> clockChange(Instant after) {
        return Optional.ofNullable(rules.nextTransition(after))
                .map(ZoneOffsetTransition::getInstant)
                .filter(change -> Schedules.inSight(after, change));
    }
}
