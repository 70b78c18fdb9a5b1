package io.leprechaun.daemon.metrics;

import io.leprechaun.daemon.lifecycle.Threads;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.Trigger;
import io.leprechaun.daemon.recipe.Windows;
import io.leprechaun.daemon.schedule.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The longest time between two due instants of each recipe. It is found once for all recipes with equal schedules and
 * windows, in a thread beside the others, and again after a week. Until it is found, it is absent. Thread-safe.
 */
final class ExpectedGaps {
    private static final Duration VALID = Duration.ofDays(7);

    private final Map<Timetable, Found> found = new ConcurrentHashMap<>();
    private final AtomicBoolean busy = new AtomicBoolean();

    /**
     * A recipe that is due by the clock.
     *
     * @param schedule the due instants, with those outside its windows
     */
    record Timed(Recipe recipe, Schedule schedule) {}

    /** The values of a recipe on which its due instants depend. */
    private record Timetable(List<Map<String, String>> triggers, Windows windows, ZoneId zone) {
        static Timetable of(Recipe recipe) {
            return new Timetable(
                    recipe.triggers().stream()
                            .filter(Trigger::isTimed)
                            .map(Trigger::keys)
                            .toList(),
                    recipe.policy().timing().windows(),
                    recipe.surroundings().zone());
        }
    }

    private record Found(Instant at, Optional<Duration> gap) {}

    /** Returns the longest gap of a recipe; empty: it has none, or it is not found yet. */
    Optional<Duration> of(Recipe recipe) {
        return Optional.ofNullable(found.get(Timetable.of(recipe))).flatMap(Found::gap);
    }

    /** Begins to look for gaps that are not known, or old, and forgets those that no recipe has any more. */
    void update(List<Timed> recipes, Instant now) {
        Map<Timetable, Timed> wanted = recipes.stream()
                .collect(Collectors.toMap(timed -> Timetable.of(timed.recipe()), timed -> timed, (first, _) -> first));
        found.keySet().retainAll(wanted.keySet());
        wanted.keySet().removeIf(timetable -> isFresh(found.get(timetable), now));
        if (!wanted.isEmpty() && busy.compareAndSet(false, true)) {
            Threads.virtual("expected-gaps", () -> {
                        try {
                            find(wanted, now);
                        } finally {
                            busy.set(false);
                        }
                    })
                    .start();
        }
    }

    private static boolean isFresh(@Nullable Found known, Instant now) {
        return known != null && Duration.between(known.at(), now).abs().compareTo(VALID) < 0;
    }

    private void find(Map<Timetable, Timed> wanted, Instant now) {
        wanted.forEach((timetable, timed) -> {
            var search = new GapSearch(timed.schedule(), timetable.windows(), timetable.zone());
            found.put(timetable, new Found(now, search.longest(now)));
            Thread.yield();
        });
    }
}
