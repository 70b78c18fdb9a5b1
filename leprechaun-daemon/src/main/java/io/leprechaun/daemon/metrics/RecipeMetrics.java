package io.leprechaun.daemon.metrics;

import static io.leprechaun.daemon.metrics.Exposition.Type.GAUGE;

import io.leprechaun.daemon.desk.RecipeItems;
import io.leprechaun.daemon.history.Mute;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.recipe.folder.RecipeBook;
import io.leprechaun.daemon.recipe.folder.RecipeBook.BookEntry;
import io.leprechaun.daemon.schedule.Schedule;
import io.leprechaun.daemon.schedule.Schedules;
import io.leprechaun.daemon.worker.End;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** The metrics of recipes. For one thread at a time, apart from the ends of runs. */
final class RecipeMetrics {
    private static final double NONE = Double.NaN;

    private final Sources sources;
    private final ExpectedGaps gaps = new ExpectedGaps();
    private final Map<RecipeName, RecipePast> pasts = new HashMap<>();
    /** The times at which recipes were seen first. */
    private final Map<RecipeName, Instant> seen = new HashMap<>();
    /** The recipes with a run that has ended since their past was read. */
    private final Set<RecipeName> changed = ConcurrentHashMap.newKeySet();

    /** The values of one recipe, by metric. */
    private record Values(
            String labels,
            double success,
            double end,
            double since,
            double took,
            double usual,
            double failures,
            double running,
            double next,
            double gap,
            double paused,
            double silenced,
            double broken) {}

    /** A metric of recipes. */
    private record Metric(String name, String help, ToDoubleFunction<Values> of) {}

    private static final List<Metric> METRICS = List.of(
            new Metric("last_success_timestamp_seconds", "End of the last successful run.", Values::success),
            new Metric("last_end_timestamp_seconds", "End of the last run.", Values::end),
            new Metric(
                    "known_since_timestamp_seconds",
                    "Oldest record of the recipe, or the time at which the daemon saw it first.",
                    Values::since),
            new Metric("last_duration_seconds", "Duration of the last run.", Values::took),
            new Metric(
                    "usual_duration_seconds",
                    "Median duration of the successful runs among the last ten; absent for fewer than three.",
                    Values::usual),
            new Metric("failures_in_a_row", "Failures since the last success.", Values::failures),
            new Metric(
                    "running_seconds",
                    "Time since the start of the oldest run that is not over; 0 without one.",
                    Values::running),
            new Metric(
                    "next_due_timestamp_seconds", "Next due instant by the clock; absent without one.", Values::next),
            new Metric(
                    "expected_gap_seconds",
                    "Longest time between two due instants of the next 400 days; absent without a schedule.",
                    Values::gap),
            new Metric("paused", "1 if the recipe is paused.", Values::paused),
            new Metric("silenced", "1 if notices of the recipe are held back by a user.", Values::silenced),
            new Metric("broken", "1 if the file of the recipe has errors.", Values::broken));

    RecipeMetrics(Sources sources) {
        this.sources = sources;
        sources.ends().accept(this::ended);
    }

    private void ended(End end) {
        changed.add(end.run().order().recipe());
    }

    /**
     * Writes the metrics of all recipes.
     *
     * @param shown the recipes with series of their own
     */
    void write(Exposition out, RecipeBook book, Set<String> shown, Instant now) throws IOException {
        statuses(out, book, now);
        var values = values(book, shown, now);
        for (Metric metric : METRICS) {
            out.metric("leprechaun_recipe_" + metric.name(), GAUGE, metric.help());
            for (Values one : values) {
                out.sample(metric.of().applyAsDouble(one), one.labels());
            }
        }
    }

    private void statuses(Exposition out, RecipeBook book, Instant now) throws IOException {
        var numbers = new TreeMap<>(Map.of("ok", 0, "paused", 0, "disabled", 0, "broken", 0));
        for (BookEntry entry : book.entries()) {
            numbers.merge(RecipeItems.status(entry, sources.agents(), isPaused(entry, now)), 1, Integer::sum);
        }
        out.metric("leprechaun_recipes", GAUGE, "Recipe files by their status.");
        for (var number : numbers.entrySet()) {
            out.sample(number.getValue(), Exposition.labels("status", number.getKey()));
        }
    }

    private boolean isPaused(BookEntry entry, Instant now) {
        return entry.recipe()
                .flatMap(recipe -> sources.dispatcher().pauses().find(recipe.name(), now))
                .isPresent();
    }

    private List<Values> values(RecipeBook book, Set<String> shown, Instant now) {
        Map<String, Schedule> schedules = schedules();
        gaps.update(
                book.recipes().stream()
                        .filter(recipe -> shown.contains(recipe.name().value()))
                        .flatMap(recipe ->
                                Optional.ofNullable(schedules.get(recipe.name().value()))
                                        .map(schedule -> new ExpectedGaps.Timed(recipe, schedule))
                                        .stream())
                        .toList(),
                now);
        Map<RecipeName, Integer> failures = sources.store().failures();
        Map<RecipeName, Mute> silences = sources.store().outbox().silences();
        Map<RecipeName, Instant> running = running();
        Set<String> broken = book.broken().stream().map(BookEntry::name).collect(Collectors.toSet());
        pasts.keySet().removeIf(name -> book.recipe(name).isEmpty());
        seen.keySet().removeIf(name -> book.recipe(name).isEmpty());
        var all = new ArrayList<Values>();
        for (String name : shown) {
            Optional<BookEntry> entry = book.entry(name);
            if (entry.isEmpty()) {
                continue; // it is gone, and has counters only
            }
            String labels = Exposition.labels("recipe", name);
            double isBroken = broken.contains(name) ? 1 : 0;
            Optional<Recipe> known = entry.get().recipe();
            if (known.isEmpty()) {
                all.add(new Values(labels, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, isBroken));
                continue;
            }
            Recipe recipe = known.get();
            RecipePast past = past(recipe.name());
            Instant first = seen.computeIfAbsent(recipe.name(), _ -> now);
            Instant since = past.oldest().filter(at -> at.isBefore(first)).orElse(first);
            all.add(new Values(
                    labels,
                    instant(past.success()),
                    instant(past.end()),
                    Exposition.seconds(since),
                    duration(past.took()),
                    duration(past.usual()),
                    failures.getOrDefault(recipe.name(), 0),
                    duration(Optional.ofNullable(running.get(recipe.name()))
                            .map(at -> Duration.between(at, now))
                            .or(() -> Optional.of(Duration.ZERO))),
                    instant(Optional.ofNullable(schedules.get(name)).flatMap(schedule -> schedule.next(now))),
                    duration(gaps.of(recipe)),
                    isPaused(entry.get(), now) ? 1 : 0,
                    Optional.ofNullable(silences.get(recipe.name()))
                                    .filter(mute -> mute.holds(now))
                                    .isPresent()
                            ? 1
                            : 0,
                    isBroken));
        }
        return all;
    }

    private RecipePast past(RecipeName recipe) {
        boolean stale = changed.remove(recipe); // before the read: a later end leads to another one
        RecipePast known = pasts.get(recipe);
        if (known == null || stale) {
            known = RecipePast.read(sources.store(), sources.archive(), recipe);
            pasts.put(recipe, known);
        }
        return known;
    }

    private Map<String, Schedule> schedules() {
        return sources.agents().timed().stream()
                .collect(Collectors.toMap(
                        timed -> timed.name(),
                        timed -> timed.schedule(),
                        (one, other) -> Schedules.union(List.of(one, other))));
    }

    /** Returns the start of the oldest run of each recipe that makes an attempt. */
    private Map<RecipeName, Instant> running() {
        return sources.names().stream()
                .flatMap(agent -> sources.dispatcher().stack(agent).stream())
                .filter(worker -> worker.run().times().startedAt().isPresent())
                .collect(Collectors.toMap(
                        worker -> worker.run().order().recipe(),
                        worker -> worker.run().times().startedAt().orElseThrow(),
                        (one, other) -> Comparator.<Instant>naturalOrder().compare(one, other) < 0 ? one : other));
    }

    private static double instant(Optional<Instant> at) {
        return at.map(Exposition::seconds).orElse(NONE);
    }

    private static double duration(Optional<Duration> took) {
        return took.map(time -> Math.max(0, time.toMillis()) / 1e3).orElse(NONE);
    }
}
