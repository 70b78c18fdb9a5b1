package io.leprechaun.daemon;

import io.leprechaun.daemon.lifecycle.HostClock;
import io.leprechaun.daemon.posix.Boot;
import java.time.Instant;
import java.time.InstantSource;

/** The host's clock. */
record SystemClock(InstantSource wall) implements HostClock {
    @Override
    public Instant instant() {
        return wall.instant();
    }

    @Override
    public long elapsedNanos() {
        return Boot.elapsedNanos();
    }
}
