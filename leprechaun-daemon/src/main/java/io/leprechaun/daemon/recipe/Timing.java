package io.leprechaun.daemon.recipe;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * When a recipe that is due may start.
 *
 * @param deadline how long after it was due, or asked for, it may start at the latest; empty: at any time
 * @param jitter its due instants are later by less than this, always by the same
 */
public record Timing(Windows windows, Optional<Duration> deadline, Duration jitter) {
    /** At once, or whenever it can. */
    public static final Timing ANY = new Timing(Windows.ANY, Optional.empty(), Duration.ZERO);

    /** By how much the recipe's due instants are later than its triggers say: whole seconds, the same for one recipe on one host, and different for others. */
    public Duration delay(RecipeName recipe, String host) {
        if (jitter.toSeconds() == 0) {
            return Duration.ZERO;
        }
        var hash = new CRC32();
        hash.update((host + "/" + recipe).getBytes(StandardCharsets.UTF_8));
        return Duration.ofSeconds(hash.getValue() % jitter.toSeconds());
    }

    /** Until when it may start, if it was due at an instant. */
    public Optional<Instant> latest(Instant due) {
        return deadline.map(due::plus);
    }
}
