package io.leprechaun.daemon.offline;

import io.leprechaun.api.text.Style;
import io.leprechaun.api.text.Table;
import io.leprechaun.api.text.Table.Cell;
import io.leprechaun.api.text.Table.Column;
import io.leprechaun.api.text.Text;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.units.Durations;
import io.leprechaun.daemon.view.RunDocument;
import io.leprechaun.daemon.worker.Admission;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The report of a simulation: the outcome for each recipe, the runs that wait for others, and the busiest and quietest
 * times.
 */
final class SimulationReport {
    private static final int WORST = 10;
    private static final int LEAST_NAME = 16;
    private static final int BUSIEST = 5;
    private static final int QUIETEST = 3;
    private static final int SLOT_MINUTES = 5;
    private static final int SLOTS = 24 * 60 / SLOT_MINUTES;
    /** The shortest time that counts as a wait. */
    private static final Duration SOON = Duration.ofSeconds(1);

    private final RunDocument documents;
    private final Instant from;
    private final Instant to;
    private final List<RecipeRow> rows;
    private final List<Run> collisions;
    private final List<Busy> busiest;
    private final List<Quiet> quietest;

    SimulationReport(
            ZoneId zone,
            Instant from,
            Instant to,
            List<Recipe> recipes,
            Map<Recipe, Simulate.Takes> takes,
            List<Run> runs) {
        this.documents = new RunDocument(zone);
        this.from = from;
        this.to = to;
        Map<RecipeName, List<Run>> byRecipe =
                runs.stream().collect(Collectors.groupingBy(run -> run.order().recipe()));
        this.rows = recipes.stream()
                .filter(recipe -> byRecipe.containsKey(recipe.name()))
                .map(recipe -> RecipeRow.of(
                        recipe,
                        Objects.requireNonNull(takes.get(recipe)),
                        byRecipe.getOrDefault(recipe.name(), List.of())))
                .toList();
        this.collisions = runs.stream()
                .filter(run -> waited(run).compareTo(SOON) >= 0)
                .sorted(Comparator.comparing(SimulationReport::waited)
                        .reversed()
                        .thenComparing(Run::id))
                .limit(WORST)
                .toList();
        this.busiest = busiest(runs);
        this.quietest = quietest(runs, zone);
    }

    /**
     * The outcome for one recipe.
     *
     * @param outside the runs skipped because of its windows, as it intends
     * @param skipped the runs skipped because of overlap or its deadline
     */
    private record RecipeRow(
            RecipeName recipe,
            Simulate.Takes takes,
            long runs,
            long outside,
            long skipped,
            long rejected,
            long replaced,
            Duration longest,
            Duration total) {
        static RecipeRow of(Recipe recipe, Simulate.Takes takes, List<Run> all) {
            long outside = all.stream()
                    .filter(run -> run.state() == RunState.SKIPPED)
                    .filter(run -> Admission.closed(
                                    recipe, run.order().cause().dueAt().orElseThrow())
                            .isPresent())
                    .count();
            return new RecipeRow(
                    recipe.name(),
                    takes,
                    count(all, RunState.SUCCEEDED),
                    outside,
                    count(all, RunState.SKIPPED) - outside,
                    count(all, RunState.REJECTED),
                    count(all, RunState.KILLED),
                    all.stream()
                            .map(SimulationReport::waited)
                            .max(Duration::compareTo)
                            .orElse(Duration.ZERO),
                    all.stream().map(SimulationReport::waited).reduce(Duration.ZERO, Duration::plus));
        }

        private static long count(List<Run> all, RunState state) {
            return all.stream().filter(run -> run.state() == state).count();
        }

        boolean isTroubled() {
            return skipped + rejected + replaced > 0;
        }
    }

    /** The number of runs at once in a minute. */
    private record Busy(Instant minute, int running) {}

    /** A period of the day with the least load. */
    private record Quiet(LocalTime from, LocalTime to, int slots) {}

    /** Returns the time that a run waits until it starts or gives up. */
    private static Duration waited(Run run) {
        Instant until = run.times()
                .startedAt()
                .or(() -> run.times().endedAt())
                .orElse(run.times().queuedAt());
        return Duration.between(run.times().queuedAt(), until);
    }

    private static List<Busy> busiest(List<Run> runs) {
        var changes = new TreeMap<Instant, Integer>();
        for (Run run : runs) {
            run.times().startedAt().ifPresent(start -> {
                changes.merge(start, 1, Integer::sum);
                changes.merge(run.times().endedAt().orElse(start), -1, Integer::sum);
            });
        }
        var most = new TreeMap<Instant, Integer>();
        int running = 0;
        for (var change : changes.entrySet()) {
            running += change.getValue();
            most.merge(change.getKey().truncatedTo(ChronoUnit.MINUTES), running, Math::max);
        }
        return most.entrySet().stream()
                .filter(minute -> minute.getValue() > 1)
                .sorted(Map.Entry.<Instant, Integer>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(BUSIEST)
                .map(minute -> new Busy(minute.getKey(), minute.getValue()))
                .toList();
    }

    private static List<Quiet> quietest(List<Run> runs, ZoneId zone) {
        long[] load = new long[SLOTS];
        for (Run run : runs) {
            run.times().startedAt().ifPresent(start -> {
                Instant end = run.times().endedAt().orElse(start);
                int first = slot(start, zone);
                long slots = Math.min(SLOTS, Duration.between(start, end).toMinutes() / SLOT_MINUTES + 1);
                for (int i = 0; i < slots; i++) {
                    load[(first + i) % SLOTS]++;
                }
            });
        }
        long least = Long.MAX_VALUE;
        for (long one : load) {
            least = Math.min(least, one);
        }
        var quiet = new ArrayList<Quiet>();
        for (int i = 0; i < SLOTS; i++) {
            if (load[i] == least && load[(i + SLOTS - 1) % SLOTS] != least) {
                int length = 1;
                while (load[(i + length) % SLOTS] == least) {
                    length++;
                }
                quiet.add(new Quiet(time(i), time((i + length) % SLOTS), length));
            }
        }
        return quiet.stream()
                .sorted(Comparator.comparingInt(Quiet::slots).reversed())
                .limit(QUIETEST)
                .toList();
    }

    private static int slot(Instant at, ZoneId zone) {
        return at.atZone(zone).toLocalTime().toSecondOfDay() / 60 / SLOT_MINUTES;
    }

    private static LocalTime time(int slot) {
        return LocalTime.ofSecondOfDay(slot * SLOT_MINUTES * 60L);
    }

    /**
     * Returns the recipes with due runs that are skipped, rejected or replaced, other than outside of their windows.
     */
    List<String> troubled() {
        return rows.stream()
                .filter(RecipeRow::isTroubled)
                .map(row -> row.recipe().value())
                .toList();
    }

    Map<String, ?> data() {
        var data = new LinkedHashMap<String, Object>();
        data.put("from", documents.time(from));
        data.put("to", documents.time(to));
        data.put("recipes", rows.stream().map(SimulationReport::data).toList());
        data.put(
                "collisions",
                collisions.stream()
                        .map(run -> Map.of(
                                "recipe", run.order().recipe().value(),
                                "due_at",
                                        documents.time(
                                                run.order().cause().dueAt().orElseThrow()),
                                "waited", seconds(waited(run)),
                                "state", run.state().word()))
                        .toList());
        data.put(
                "busiest",
                busiest.stream()
                        .map(busy -> Map.of("at", documents.time(busy.minute()), "running", busy.running()))
                        .toList());
        data.put(
                "quietest",
                quietest.stream()
                        .map(quiet -> Map.of(
                                "from",
                                quiet.from().toString(),
                                "to",
                                quiet.to().toString()))
                        .toList());
        return Map.of("simulation", data);
    }

    private static Map<String, ?> data(RecipeRow row) {
        var data = new LinkedHashMap<String, Object>();
        data.put("name", row.recipe().value());
        data.put("runs", row.runs());
        data.put("outside", row.outside());
        data.put("skipped", row.skipped());
        data.put("rejected", row.rejected());
        data.put("replaced", row.replaced());
        data.put("longest_wait", seconds(row.longest()));
        data.put("total_wait", seconds(row.total()));
        data.put("duration", seconds(row.takes().time()));
        data.put("duration_is", row.takes().known());
        return data;
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }

    Text text() {
        Table recipes = new Table(
                List.of(
                        Column.left("recipe").shrinking(1, LEAST_NAME),
                        Column.right("runs"),
                        Column.right("outside").optional(2),
                        Column.right("skipped"),
                        Column.right("rejected"),
                        Column.right("replaced"),
                        Column.right("waits"),
                        Column.right("takes").optional(3),
                        Column.left("which is").optional(4)),
                rows.stream().map(SimulationReport::cells).toList(),
                "nothing is due from " + documents.local(from) + " to " + documents.local(to));
        return screen -> {
            var text = new StringBuilder();
            text.append("from ")
                    .append(documents.local(from))
                    .append(" to ")
                    .append(documents.local(to))
                    .append("\n\n");
            text.append(recipes.render(screen));
            if (!collisions.isEmpty()) {
                Table waits = new Table(
                        List.of(
                                Column.left("due"),
                                Column.shrinking("waits longest"),
                                Column.right("waits"),
                                Column.left("then")),
                        collisions.stream().map(this::cells).toList(),
                        "");
                text.append('\n').append(waits.render(screen));
            }
            if (!busiest.isEmpty()) {
                text.append("\nmost at once: ")
                        .append(busiest.stream()
                                .map(busy -> busy.running() + " at "
                                        + documents.local(busy.minute()).substring(0, 16))
                                .collect(Collectors.joining(", ")))
                        .append('\n');
            }
            if (!quietest.isEmpty()) {
                text.append(busiest.isEmpty() ? "\n" : "")
                        .append("quietest of the day: ")
                        .append(quietest.stream()
                                .map(quiet -> quiet.from() + "-" + quiet.to())
                                .collect(Collectors.joining(", ")))
                        .append('\n');
            }
            return text.toString();
        };
    }

    private static List<Cell> cells(RecipeRow row) {
        return List.of(
                Cell.of(row.recipe().value()),
                Cell.of(row.runs()),
                number(row.outside(), Style.PLAIN),
                number(row.skipped(), Style.BAD),
                number(row.rejected(), Style.BAD),
                number(row.replaced(), Style.WARN),
                row.longest().compareTo(SOON) < 0 ? Cell.NONE : Cell.of(Durations.brief(row.longest())),
                Cell.of(Durations.brief(row.takes().time())),
                Cell.of(row.takes().known()));
    }

    private static Cell number(long count, Style style) {
        return count == 0 ? Cell.NONE : Cell.of(Long.toString(count), style);
    }

    private List<Cell> cells(Run run) {
        return List.of(
                Cell.of(documents.local(run.order().cause().dueAt().orElseThrow())),
                Cell.of(run.order().recipe().value()),
                Cell.of(Durations.brief(waited(run))),
                Cell.of(run.state() == RunState.SUCCEEDED ? "runs" : run.state().word()));
    }
}
