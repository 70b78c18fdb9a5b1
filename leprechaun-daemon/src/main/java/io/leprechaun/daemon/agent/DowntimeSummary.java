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
 * What was due of one recipe while nobody was there.
 *
 * @param caughtUp the last of it, which is made up for
 */
public record DowntimeSummary(Recipe recipe, Schedule schedule, Missed missed, List<Instant> caughtUp) {
    /** So many recipes are named. */
    private static final int MOST_NAMES = 10;

    /** How many instants come to nothing. */
    int lost() {
        return missed.count() - caughtUp.size();
    }

    private String briefly() {
        CatchUp catchUp = recipe.policy().catchUp();
        return recipe.name() + " " + lost() + " (catch_up: "
                + catchUp.which().name().toLowerCase(Locale.ROOT) + ")";
    }

    /** What was due while nobody was there, in a sentence: {@code 7 due, 3 caught up, 4 missed by policy: backup 4 (catch_up: none)}. */
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

    /** How many of all of them come to nothing. */
    public static long lost(List<DowntimeSummary> all) {
        return all.stream().mapToLong(DowntimeSummary::lost).sum();
    }
}
