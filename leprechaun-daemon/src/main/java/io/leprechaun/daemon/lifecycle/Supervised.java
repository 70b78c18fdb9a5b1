package io.leprechaun.daemon.lifecycle;

import java.util.Optional;

/**
 * A part with threads that live as long as the daemon. {@link SelfWatch} checks each one that {@link Threads}
 * supervises.
 */
public interface Supervised {
    /**
     * Restarts the threads that have ended. Returns a sentence on a thread that ended within the last minute or cannot
     * be restarted; empty: there is none. Pools report only the latter.
     */
    default Optional<String> revive() {
        return Optional.empty();
    }

    /**
     * Returns the reason why the part does not do its work although its threads live, in a sentence that stays the
     * same; empty: it does its work.
     */
    Optional<String> fault();

    /** Returns the name of the check of the daemon's health to which it belongs. */
    default String check() {
        return SelfWatch.THREADS;
    }

    /** Returns whether it has ended for good, so that the daemon must end. */
    default boolean isLost() {
        return false;
    }
}
