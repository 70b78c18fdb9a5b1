package io.leprechaun.daemon.recipe;

import io.leprechaun.daemon.schedule.Window;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * When a recipe may run, in local time: what is due at another time is skipped.
 *
 * @param only in one of these, if there are any
 * @param not in none of these
 * @param from not before this moment
 * @param until not at this moment or later
 */
public record Windows(List<Window> only, List<Window> not, Optional<Edge> from, Optional<Edge> until) {
    /** At any time. */
    public static final Windows ANY = new Windows(List.of(), List.of(), Optional.empty(), Optional.empty());

    public Windows {
        only = List.copyOf(only);
        not = List.copyOf(not);
    }

    /**
     * Where the time in which a recipe may run begins or ends.
     *
     * @param text as it is written
     */
    public record Edge(String text, LocalDateTime moment) {
        private static final DateTimeFormatter MINUTE = DateTimeFormatter.ofPattern("uuuu-MM-dd[ ]['T']HH:mm[:ss]");

        /** A day's first moment, or a moment. */
        public static Edge from(String text) {
            return new Edge(text, isDay(text) ? day(text).atStartOfDay() : moment(text));
        }

        /** A day's end, or a moment. */
        public static Edge until(String text) {
            return new Edge(text, isDay(text) ? day(text).plusDays(1).atStartOfDay() : moment(text));
        }

        private static boolean isDay(String text) {
            return text.strip().length() == "2026-12-01".length();
        }

        private static LocalDate day(String text) {
            return parse(text, LocalDate::parse);
        }

        private static LocalDateTime moment(String text) {
            return parse(text, moment -> LocalDateTime.parse(moment, MINUTE));
        }

        private static <T> T parse(String text, Function<String, T> parse) {
            try {
                return parse.apply(text.strip());
            } catch (DateTimeException e) {
                throw new IllegalArgumentException(
                        "'" + text + "' is no day and no moment; write 2026-12-01 or 2026-12-01 08:00 for example", e);
            }
        }
    }

    /** Why the recipe may not run at a moment, in a sentence; empty: it may. */
    public Optional<String> closed(LocalDateTime moment) {
        if (from.filter(edge -> moment.isBefore(edge.moment())).isPresent()) {
            return Optional.of("it runs from " + from.get().text() + " on (from)");
        }
        if (until.filter(edge -> !moment.isBefore(edge.moment())).isPresent()) {
            return Optional.of("it ran until " + until.get().text() + " (until)");
        }
        if (!only.isEmpty() && only.stream().noneMatch(window -> window.holds(moment))) {
            return Optional.of("outside of its windows (only: " + texts(only) + ")");
        }
        return not.stream()
                .filter(window -> window.holds(moment))
                .findFirst()
                .map(window -> "inside a window in which it does not run (not: " + window.text() + ")");
    }

    private static String texts(List<Window> windows) {
        return windows.stream().map(Window::text).collect(Collectors.joining(", "));
    }
}
