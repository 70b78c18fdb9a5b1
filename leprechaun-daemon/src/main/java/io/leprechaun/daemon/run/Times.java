package io.leprechaun.daemon.run;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * When what happened to a run.
 *
 * @param queuedAt when it was accepted or refused
 */
public record Times(Instant queuedAt, Optional<Instant> startedAt, Optional<Instant> endedAt) {
    /** How long it ran, if it has started and ended. */
    public Optional<Duration> duration() {
        return startedAt.flatMap(start -> endedAt.map(end -> Duration.between(start, end)));
    }
}
