package io.leprechaun.daemon.run;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The times of a run.
 *
 * @param queuedAt the instant at which it was accepted or refused
 * @param startedAt the instant at which its first attempt began
 * @param retryAt between two attempts, the earliest instant at which the next one may begin
 */
public record Times(
        Instant queuedAt, Optional<Instant> startedAt, Optional<Instant> endedAt, Optional<Instant> retryAt) {
    /** Creates the times of a run that is not between two attempts. */
    public Times(Instant queuedAt, Optional<Instant> startedAt, Optional<Instant> endedAt) {
        this(queuedAt, startedAt, endedAt, Optional.empty());
    }

    /**
     * Returns the duration of the run by the clock, if it has started and ended; zero where the clock was set back by
     * more meanwhile.
     */
    public Optional<Duration> duration() {
        return startedAt.flatMap(
                start -> endedAt.map(end -> end.isBefore(start) ? Duration.ZERO : Duration.between(start, end)));
    }
}
