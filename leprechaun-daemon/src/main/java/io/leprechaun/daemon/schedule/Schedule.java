package io.leprechaun.daemon.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** When something is due. Implementations are immutable and read no clock. */
@FunctionalInterface
public interface Schedule {
    /** The first due instant strictly later than {@code after}; empty if there is none within forty years. */
    Optional<Instant> next(Instant after);

    /**
     * The same where the clock was set, and what is due at fixed local times is counted from another instant than the rest.
     *
     * @param fixedAfter that of patterns whose minute and hour do not begin with a star: what they are due at on a day is due once, whatever the clock does
     */
    default Optional<Instant> next(Instant after, Instant fixedAfter) {
        return next(after);
    }

    /**
     * The same after the clock was set, of what follows elapsed time.
     *
     * @param by how far the clock was set forward, negative for back
     */
    default Schedule shifted(Duration by) {
        return this;
    }

    /** What is peculiar about a due instant, in words: that its local time does not exist, for example. */
    default Optional<String> note(Instant due) {
        return Optional.empty();
    }

    /** The first change of the clocks strictly later, in the zone by which it is due; empty if there is none, or it is due in no zone. */
    default Optional<Instant> clockChange(Instant after) {
        return Optional.empty();
    }
}
