package io.leprechaun.daemon.lifecycle;

import java.util.Optional;

/** A part with threads that live as long as the daemon. {@link SelfWatch} looks at each that {@link Threads} was given. */
public interface Supervised {
    /** Starts again what has ended. A thread that has ended within the last minute, in a sentence; empty: none. */
    default Optional<String> revive() {
        return Optional.empty();
    }

    /** Why the part does not do its work although its threads live, in a sentence that stays the same; empty: it does. */
    Optional<String> fault();

    /** Whether it has ended for good, so that the daemon must end. */
    default boolean isLost() {
        return false;
    }
}
