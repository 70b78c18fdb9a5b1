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
 * The windows in which a recipe may run, in local time. Runs that are due outside them are skipped.
 *
 * @param only the windows in one of which it runs, if there are any
 * @param not the windows in which it does not run
 * @param from the first moment at which it may run
 * @param until the moment from which it may not run
 */
public record Windows(List<Window> only, List<Window> not, Optional<Edge> from, Optional<Edge> until) {
    /** At any time. */
    public static final Windows ANY = new Windows(List.of(), List.of(), Optional.empty(), Optional.empty());

    public Windows {
        only = List.copyOf(only);
        not = List.copyOf(not);
    }

    /**
     * The begin or the end of the time in which a recipe may run.
     *
     * @param text the edge as written
     */
    public record Edge(String text, LocalDateTime moment) {
        private static final DateTimeFormatter MINUTE = DateTimeFormatter.ofPattern("uuuu-MM-dd[ ]['T']HH:mm[:ss]");

        /** Returns a day's first moment, or a moment. */
        public static Edge from(String text) {
            return new Edge(text, isDay(text) ? day(text).atStartOfDay() : moment(text));
        }

        /** Returns a day's end, or a moment. */
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
                        "invalid day or moment '" + text + "': use 2026-12-01 or 2026-12-01 08:00", e);
            }
        }
    }

    /** Returns the reason why the recipe may not run at a moment, in a sentence; empty: it may run. */
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
