package io.leprechaun.daemon.recipe;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Whether what was due while nobody was there is made up for.
 *
 * @param window what lies longer back is not; empty: however long
 */
public record CatchUp(Which which, Optional<Duration> window) {
    /** Nothing is. */
    public static final CatchUp NONE = new CatchUp(Which.NONE, Optional.empty());

    /** At most so many instants of one recipe are made up for at once: more would be a storm. */
    public static final int MOST = 100;

    /** Which of the due instants. */
    public enum Which {
        /** None: each is missed. */
        NONE,
        /** The latest, once for all of them. */
        LATEST,
        /** Each, the oldest first; of very many the newest {@value CatchUp#MOST}. */
        ALL
    }

    /** How many are made up for at most. */
    public int most() {
        return switch (which) {
            case NONE -> 0;
            case LATEST -> 1;
            case ALL -> MOST;
        };
    }

    /** From when on they are, looked at now. */
    public Instant since(Instant now) {
        return window.map(now::minus).orElse(Instant.MIN);
    }
}
