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
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How a recipe has fared lately, to be seen at a glance: a letter a run, and how the time it takes changes.
 *
 * @param runs that have started and are over, the newest first
 */
public record RecipeTrend(List<Run> runs) {
    /** So many runs make it. */
    private static final int RUNS = 10;

    /** What is shorter by less is no news, in seconds. */
    private static final int LEAST_CHANGE = 1;

    private static final int LEAST_PERCENT = 25;
    /** Fewer earlier runs say nothing about what is usual. */
    private static final int FEWEST = 3;

    public RecipeTrend {
        runs = List.copyOf(runs);
    }

    /** Of a recipe's newest runs. */
    public static RecipeTrend of(RunLookup runs, RecipeName recipe) {
        return new RecipeTrend(runs.recent(recipe, RUNS));
    }

    /** The newest at the right: {@code .} it succeeded, {@code F} it failed, {@code T} timed out, {@code K} was killed, {@code L} was lost. */
    public Cell strip() {
        String letters = runs.reversed().stream().map(RecipeTrend::letter).collect(Collectors.joining());
        boolean wrong = runs.stream().anyMatch(run -> run.state().isTrouble());
        return letters.isEmpty() ? Cell.NONE : Cell.of(letters, wrong ? Style.WARN : Style.DIM);
    }

    private static String letter(Run run) {
        return run.state() == RunState.SUCCEEDED ? "." : run.state().name().substring(0, 1);
    }

    /** How long the newest took, and by how much that is not as usual: {@code 4m12s +60%}. */
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

    /** The time that those which succeeded took, in the middle; empty where they are too few. */
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

    /** By how many percent the newest took longer than those before it; 0 where that is little, or nobody can tell. */
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

    /** The runs as {@code --json} has them. */
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
