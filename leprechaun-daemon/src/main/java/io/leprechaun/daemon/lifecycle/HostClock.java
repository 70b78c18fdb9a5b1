package io.leprechaun.daemon.lifecycle;

import java.time.Instant;
import java.time.InstantSource;

/** The clock on the host's wall, which anybody who may can set, and one that only goes on. */
public interface HostClock extends InstantSource {
    /** Nanoseconds since some moment. They go on while the machine is suspended, and whatever the wall's clock is set to. */
    long elapsedNanos();

    /** The same as a time that is never set: only what lies between two of them means something. */
    default Instant steady() {
        return Instant.EPOCH.plusNanos(elapsedNanos());
    }
}
