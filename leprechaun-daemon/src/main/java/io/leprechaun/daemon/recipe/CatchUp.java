package io.leprechaun.daemon.recipe;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The rule for due instants that were missed while the daemon did not run them.
 *
 * @param window the time to look back: older instants are not made up for; empty: unlimited
 */
public record CatchUp(Which which, Optional<Duration> window) {
    /** The rule that no missed instant is made up for. */
    public static final CatchUp NONE = new CatchUp(Which.NONE, Optional.empty());

    /**
     * The largest number of instants of one recipe that are made up for at once, so that they do not flood the queue.
     */
    public static final int MOST = 100;

    /** The due instants that are made up for. */
    public enum Which {
        /** None: each is missed. */
        NONE,
        /** The latest, once for all of them. */
        LATEST,
        /** Each, the oldest first; of more than {@value CatchUp#MOST} the newest {@value CatchUp#MOST}. */
        ALL
    }

    /** Returns the largest number of instants that are made up for. */
    public int most() {
        return switch (which) {
            case NONE -> 0;
            case LATEST -> 1;
            case ALL -> MOST;
        };
    }

    /** Returns the earliest instant that is made up for now. */
    public Instant since(Instant now) {
        return window.map(now::minus).orElse(Instant.MIN);
    }
}
