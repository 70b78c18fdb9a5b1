package io.leprechaun.daemon.desk;

import io.leprechaun.api.text.Style;
import io.leprechaun.api.text.Table.Cell;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.units.Durations;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The recent results of a recipe in brief: a letter for each run, and the change of its duration.
 *
 * @param runs the runs that have started and are over, newest first
 */
public record RecipeTrend(List<Run> runs) {
    /** The number of runs in a trend. */
    private static final int RUNS = 10;

    /** The smallest change of the duration that is shown, in seconds. */
    private static final int LEAST_CHANGE = 1;

    private static final int LEAST_PERCENT = 25;
    /** The smallest number of earlier runs that give a usual duration. */
    private static final int FEWEST = 3;

    public RecipeTrend {
        runs = List.copyOf(runs);
    }

    /** Returns the trend of a recipe's newest runs. */
    public static RecipeTrend of(RunLookup runs, RecipeName recipe) {
        return new RecipeTrend(runs.recent(recipe, RUNS));
    }

    /** Returns the trends of recipes, by one query. */
    static Map<RecipeName, RecipeTrend> of(RunLookup runs, Set<RecipeName> recipes) {
        return runs.recent(recipes, RUNS).entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> new RecipeTrend(entry.getValue())));
    }

    /**
     * Returns a letter for each run, the newest at the right: {@code .} succeeded, {@code F} failed, {@code T} timed
     * out, {@code K} killed, {@code L} lost.
     */
    public Cell strip() {
        String letters = runs.reversed().stream().map(RecipeTrend::letter).collect(Collectors.joining());
        boolean wrong = runs.stream().anyMatch(run -> run.state().isTrouble());
        return letters.isEmpty() ? Cell.NONE : Cell.of(letters, wrong ? Style.WARN : Style.DIM);
    }

    private static String letter(Run run) {
        return run.state() == RunState.SUCCEEDED ? "." : run.state().name().substring(0, 1);
    }

    /** Returns the duration of the newest run, and its difference from the usual one: {@code 4m12s +60%}. */
    public Cell took() {
        if (runs.isEmpty() || runs.getFirst().times().duration().isEmpty()) {
            return Cell.NONE;
        }
        Duration took = runs.getFirst().times().duration().get();
        int percent = change();
        return percent == 0
                ? Cell.of(Durations.brief(took))
                : Cell.of(Durations.brief(took) + (percent > 0 ? " +" : " ") + percent + "%", Style.WARN);
    }

    /** Returns the median duration of the successful runs; empty if they are too few. */
    public Optional<Duration> usual() {
        return usual(runs);
    }

    private static Optional<Duration> usual(List<Run> runs) {
        List<Duration> took = runs.stream()
                .filter(run -> run.state() == RunState.SUCCEEDED)
                .flatMap(run -> run.times().duration().stream())
                .sorted()
                .toList();
        return took.size() < FEWEST ? Optional.empty() : Optional.of(took.get(took.size() / 2));
    }

    /**
     * Returns the percentage by which the newest run took longer than the earlier ones; 0 if it is small or unknown.
     */
    int change() {
        Optional<Duration> before = usual(runs.stream().skip(1).toList());
        if (before.isEmpty() || runs.getFirst().times().duration().isEmpty()) {
            return 0;
        }
        Duration usual = before.get();
        Duration change = runs.getFirst().times().duration().get().minus(usual);
        if (change.abs().compareTo(Duration.ofSeconds(LEAST_CHANGE)) < 0 || usual.isZero()) {
            return 0;
        }
        double percent = 100.0 * change.toMillis() / Math.max(1, usual.toMillis());
        return Math.abs(percent) < LEAST_PERCENT ? 0 : Math.clamp(Math.round(percent), -100, 9999);
    }

    /** Returns the runs for {@code --json}. */
    public List<Map<String, ?>> data() {
        return runs.stream().<Map<String, ?>>map(RecipeTrend::data).toList();
    }

    private static Map<String, ?> data(Run run) {
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("run", run.id());
        data.put("state", run.state().word());
        data.put(
                "duration",
                run.times().duration().map(took -> took.toMillis() / 1000.0).orElse(null));
        return data;
    }
}
