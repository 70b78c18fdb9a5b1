package io.leprechaun.daemon.recipe;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * The times at which a recipe that is due may start.
 *
 * @param deadline the longest time from the due instant, or from the request, to the start; empty: unlimited
 * @param jitter the upper bound, exclusive, of the delay of its due instants; the delay is always the same
 */
public record Timing(Windows windows, Optional<Duration> deadline, Duration jitter) {
    /** No limits: a recipe starts at once, or as soon as it can. */
    public static final Timing ANY = new Timing(Windows.ANY, Optional.empty(), Duration.ZERO);

    /**
     * Returns the delay of the recipe's due instants behind its triggers: whole seconds, the same for one recipe on one
     * host, different for others.
     */
    public Duration delay(RecipeName recipe, String host) {
        if (jitter.toSeconds() == 0) {
            return Duration.ZERO;
        }
        var hash = new CRC32();
        hash.update((host + "/" + recipe).getBytes(StandardCharsets.UTF_8));
        return Duration.ofSeconds(hash.getValue() % jitter.toSeconds());
    }

    /** Returns the latest start for a due instant; empty: unlimited. */
    public Optional<Instant> latest(Instant due) {
        return deadline.map(due::plus);
    }
}
