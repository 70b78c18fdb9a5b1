package io.leprechaun.daemon.agent;

import io.leprechaun.daemon.recipe.CatchUp;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.schedule.Schedule;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The instants at which one recipe was due while the daemon did not run.
 *
 * @param caughtUp the latest of these, which are made up for
 */
public record DowntimeSummary(Recipe recipe, Schedule schedule, Missed missed, List<Instant> caughtUp) {
    /** The largest number of recipes that are named. */
    private static final int MOST_NAMES = 10;

    /** Returns the number of instants that are not made up for. */
    int lost() {
        return missed.count() - caughtUp.size();
    }

    private String briefly() {
        CatchUp catchUp = recipe.policy().catchUp();
        return recipe.name() + " " + lost() + " (catch_up: "
                + catchUp.which().name().toLowerCase(Locale.ROOT) + ")";
    }

    /**
     * Returns a sentence about the instants that were due while the daemon did not run: {@code 7 due, 3 caught up, 4
     * missed by policy: backup 4 (catch_up: none)}.
     */
    public static String sentence(List<DowntimeSummary> all) {
        if (all.isEmpty()) {
            return "nothing was due";
        }
        long due = all.stream().mapToLong(one -> one.missed().count()).sum();
        long lost = all.stream().mapToLong(DowntimeSummary::lost).sum();
        var missed = all.stream()
                .filter(one -> one.lost() > 0)
                .sorted(Comparator.comparingInt(one -> -one.lost()))
                .toList();
        return due + " due, " + (due - lost) + " caught up, " + lost + " missed"
                + (missed.isEmpty()
                        ? ""
                        : missed.stream()
                                .limit(MOST_NAMES)
                                .map(DowntimeSummary::briefly)
                                .collect(Collectors.joining(", ", " by policy: ", "")))
                + (missed.size() > MOST_NAMES ? " and " + (missed.size() - MOST_NAMES) + " more" : "");
    }

    /** Returns the number of instants of all recipes that are not made up for. */
    public static long lost(List<DowntimeSummary> all) {
        return all.stream().mapToLong(DowntimeSummary::lost).sum();
    }
}
