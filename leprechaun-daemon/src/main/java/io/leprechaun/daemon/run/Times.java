package io.leprechaun.daemon.run;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * When what happened to a run.
 *
 * @param queuedAt when it was accepted or refused
 * @param startedAt when its first attempt began
 * @param retryAt when the next attempt may begin, between two of them
 */
public record Times(
        Instant queuedAt, Optional<Instant> startedAt, Optional<Instant> endedAt, Optional<Instant> retryAt) {
    /** Of a run that is not between two attempts. */
    public Times(Instant queuedAt, Optional<Instant> startedAt, Optional<Instant> endedAt) {
        this(queuedAt, startedAt, endedAt, Optional.empty());
    }

    /** How long it ran by the clock, if it has started and ended: nought where the clock was set back by more meanwhile. */
    public Optional<Duration> duration() {
        return startedAt.flatMap(
                start -> endedAt.map(end -> end.isBefore(start) ? Duration.ZERO : Duration.between(start, end)));
    }
}
