package io.leprechaun.daemon.schedule;

import java.time.Instant;
import java.util.Optional;

/** When something is due. Implementations are immutable and read no clock. */
@FunctionalInterface
public interface Schedule {
    /** The first due instant strictly later than {@code after}; empty if there is none within forty years. */
    Optional<Instant> next(Instant after);
}
