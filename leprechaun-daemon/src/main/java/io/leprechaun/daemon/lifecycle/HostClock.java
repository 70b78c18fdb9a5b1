package io.leprechaun.daemon.lifecycle;

import java.time.Instant;
import java.time.InstantSource;

/** The wall clock of the host, which privileged users can set, and a clock that only goes on. */
public interface HostClock extends InstantSource {
    /**
     * Returns the nanoseconds since an unspecified moment. They go on while the machine is suspended, and do not depend
     * on the wall clock.
     */
    long elapsedNanos();

    /** Returns the same as a time that is never set: only the difference between two of them has a meaning. */
    default Instant steady() {
        return Instant.EPOCH.plusNanos(elapsedNanos());
    }
}
