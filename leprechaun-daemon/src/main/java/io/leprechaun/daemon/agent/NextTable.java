package io.leprechaun.daemon.agent;

import io.leprechaun.api.Reply;
import io.leprechaun.api.Table;
import io.leprechaun.api.Table.Cell;
import io.leprechaun.api.Table.Column;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.run.RunDocument;
import io.leprechaun.daemon.schedule.Schedule;
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
import org.jspecify.annotations.Nullable;

/** When recipes are due next, as programs and people read it. */
public record NextTable(RunDocument documents) {
    /** A recipe and an instant at which it is due. */
    public record Firing(RecipeName recipe, Instant at) {}

    /** A recipe and one of its schedules. */
    public record Timed(Recipe recipe, Schedule schedule) {}

    /** The first firings of several schedules after an instant, in their order. */
    public static List<Firing> firings(Collection<Timed> schedules, Instant after, int limit) {
        record Head(RecipeName recipe, Schedule schedule, Instant at) {
            static Optional<Head> of(RecipeName recipe, Schedule schedule, Instant after) {
                return schedule.next(after).map(at -> new Head(recipe, schedule, at));
            }
        }
        var heads = new PriorityQueue<>(Comparator.comparing(Head::at).thenComparing(Head::recipe));
        schedules.forEach(
                timed -> Head.of(timed.recipe().name(), timed.schedule(), after).ifPresent(heads::add));
        var firings = new ArrayList<Firing>();
        while (!heads.isEmpty() && firings.size() < limit) {
            Head head = heads.remove();
            firings.add(new Firing(head.recipe(), head.at()));
            Head.of(head.recipe(), head.schedule(), head.at()).ifPresent(heads::add);
        }
        return firings;
    }

    /** The answer that lists firings. */
    public Reply of(List<Firing> firings) {
        var data = new ArrayList<Map<String, ?>>();
        var rows = new ArrayList<List<Cell>>();
        Optional<Instant> before = Optional.empty();
        for (Firing firing : firings) {
            var item = new LinkedHashMap<String, @Nullable Object>();
            item.put("recipe", firing.recipe().value());
            item.put("at", documents.time(firing.at()));
            item.put("note", null);
            data.add(item);
            rows.add(List.of(
                    Cell.of(documents.local(firing.at())),
                    before.map(last -> Cell.of(RunDocument.text(Duration.between(last, firing.at()))))
                            .orElse(Cell.NONE),
                    Cell.of(firing.recipe().value())));
            before = Optional.of(firing.at());
        }
        return Reply.of(
                Map.of("next", data),
                new Table(
                        List.of(Column.left("at"), Column.right("after"), Column.shrinking("recipe")),
                        rows,
                        "nothing is due by itself"));
    }
}
