package io.leprechaun.daemon.agent;

import io.leprechaun.api.Reply;
import io.leprechaun.api.text.Table;
import io.leprechaun.api.text.Table.Cell;
import io.leprechaun.api.text.Table.Column;
import io.leprechaun.daemon.schedule.Schedule;
import io.leprechaun.daemon.schedule.Schedules;
import io.leprechaun.daemon.units.Durations;
import io.leprechaun.daemon.view.RunDocument;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The list of the next firings, for programs and users.
 *
 * @param what the kind of the firings: {@code recipe} or {@code pattern}
 * @param held the reason why the recipe or pattern of a name will not run at an instant, in a sentence
 */
public record NextTable(RunDocument documents, String what, BiFunction<String, Instant, Optional<String>> held) {
    /** The text for a list without firings. */
    public static final String NOTHING = "nothing is scheduled";

    /** The number of clock changes that are listed. */
    private static final int CHANGES = 2;

    private static final int LEAST_NAME = 16;
    private static final int LEAST_NOTE = 24;

    /**
     * Returns a table of recipes.
     *
     * @param held the reason why a recipe will not run at an instant, in a sentence
     */
    public static NextTable ofRecipes(RunDocument documents, BiFunction<String, Instant, Optional<String>> held) {
        return new NextTable(documents, "recipe", held);
    }

    /** Returns a table of patterns that are in no recipe. */
    public static NextTable ofPatterns(RunDocument documents) {
        return new NextTable(documents, "pattern", (pattern, at) -> Optional.empty());
    }

    /** A named schedule. */
    public record Timed(String name, Schedule schedule) {}

    /** An instant at which a schedule is due, with a note if it is special. */
    public record Firing(String name, Instant at, Optional<String> note) {
        private static Firing of(Timed timed, Instant at) {
            return new Firing(timed.name(), at, timed.schedule().note(at));
        }
    }

    /** Returns the first firings of several schedules after an instant, in their order. */
    public static List<Firing> firings(Collection<Timed> schedules, Instant after, int limit) {
        record NextFiring(Timed timed, Instant at) {
            static Optional<NextFiring> of(Timed timed, Instant after) {
                return timed.schedule().next(after).map(at -> new NextFiring(timed, at));
            }
        }
        var heads = new PriorityQueue<>(Comparator.comparing(NextFiring::at)
                .thenComparing(head -> head.timed().name()));
        schedules.forEach(timed -> NextFiring.of(timed, after).ifPresent(heads::add));
        var firings = new ArrayList<Firing>();
        while (!heads.isEmpty() && firings.size() < limit) {
            NextFiring head = heads.remove();
            firings.add(Firing.of(head.timed(), head.at()));
            NextFiring.of(head.timed(), head.at()).ifPresent(heads::add);
        }
        return firings;
    }

    /** Returns firings of each schedule on both sides of the next changes of its clocks, in their order. */
    public static List<Firing> acrossChanges(Collection<Timed> schedules, Instant after, int each) {
        var firings = new ArrayList<Firing>();
        for (Timed timed : schedules) {
            Optional<Instant> change = timed.schedule().clockChange(after);
            for (int i = 0; i < CHANGES && change.isPresent(); i++) {
                Instant at = change.get();
                var before = Schedules.last(timed.schedule(), after, at, each / 2).stream()
                        .map(last -> Firing.of(timed, last))
                        .toList();
                firings.addAll(before);
                firings.addAll(firings(List.of(timed), at.minusNanos(1), each - before.size()));
                change = timed.schedule().clockChange(at);
            }
        }
        return firings.stream()
                .distinct() // where two changes lie near each other
                .sorted(Comparator.comparing(Firing::at).thenComparing(Firing::name))
                .toList();
    }

    /**
     * Returns the answer that lists firings.
     *
     * @param none the text when there is none
     */
    public Reply of(List<Firing> firings, String none) {
        var data = new ArrayList<Map<String, ?>>();
        var rows = new ArrayList<List<Cell>>();
        Optional<Instant> before = Optional.empty();
        for (Firing firing : firings) {
            String note = note(firing);
            var item = new LinkedHashMap<String, @Nullable Object>();
            item.put(what, firing.name());
            item.put("at", documents.time(firing.at()));
            item.put("note", note.isEmpty() ? null : note);
            data.add(item);
            rows.add(List.of(
                    Cell.of(documents.local(firing.at())),
                    Cell.of(documents.offset(firing.at())),
                    before.map(last -> Cell.of(Durations.brief(Duration.between(last, firing.at()))))
                            .orElse(Cell.NONE),
                    Cell.of(firing.name()),
                    Cell.of(note)));
            before = Optional.of(firing.at());
        }
        return Reply.of(
                Map.of("next", data),
                new Table(
                        List.of(
                                Column.left("at"),
                                Column.left("offset").optional(4),
                                Column.right("after").optional(3),
                                Column.left(what).shrinking(2, LEAST_NAME),
                                Column.left("note").shrinking(1, LEAST_NOTE).wrapping()),
                        rows,
                        none));
    }

    private String note(Firing firing) {
        return Stream.concat(held.apply(firing.name(), firing.at()).stream(), firing.note().stream())
                .collect(Collectors.joining("; "));
    }
}
