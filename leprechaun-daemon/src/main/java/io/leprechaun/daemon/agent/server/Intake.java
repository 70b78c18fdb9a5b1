package io.leprechaun.daemon.agent.server;

import io.leprechaun.daemon.recipe.RecipeName;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * The limit on the bytes of bodies that are accepted for one recipe: the same at once as within a minute. So a single
 * sender cannot fill the disk faster than the history is cleaned. Thread-safe.
 */
final class Intake {
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private final long perMinute;
    private final LongSupplier nanoTime;
    private final Map<RecipeName, Level> levels = new ConcurrentHashMap<>();

    /** The part of the limit that a recipe had used up at a moment, in bytes. */
    private record Level(double used, long at) {}

    /**
     * Creates an intake that has accepted nothing yet.
     *
     * @param perMinute the limit of one recipe, in bytes
     * @param nanoTime the source of elapsed time
     */
    Intake(long perMinute, LongSupplier nanoTime) {
        this.perMinute = perMinute;
        this.nanoTime = nanoTime;
    }

    /**
     * Counts a body.
     *
     * @return the time until a retry; empty: the body is accepted
     */
    Optional<Duration> take(RecipeName recipe, long bytes) {
        long now = nanoTime.getAsLong();
        var wait = new double[1];
        levels.compute(recipe, (_, before) -> {
            double used = before == null ? 0 : Math.max(0, before.used() - perNano() * (now - before.at()));
            double over = used + bytes - perMinute;
            boolean fits = over <= 0 || used == 0; // a body larger than the limit is accepted alone
            wait[0] = fits ? 0 : over / perNano();
            return new Level(fits ? used + bytes : used, now);
        });
        return wait[0] > 0 ? Optional.of(Duration.ofNanos((long) wait[0])) : Optional.empty();
    }

    /** Removes a body of a known delivery from the count: nothing of it is kept. */
    void giveBack(RecipeName recipe, long bytes) {
        levels.computeIfPresent(recipe, (_, level) -> new Level(Math.max(0, level.used() - bytes), level.at()));
    }

    private double perNano() {
        return (double) perMinute / MINUTE;
    }
}
