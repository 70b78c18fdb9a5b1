package io.leprechaun.daemon.lifecycle;

import io.leprechaun.daemon.posix.Boot;
import java.time.Instant;
import java.time.InstantSource;

/** The host's clock. */
public record SystemClock(InstantSource wall) implements HostClock {
    @Override
    public Instant instant() {
        return wall.instant();
    }

    @Override
    public long elapsedNanos() {
        return Boot.elapsedNanos();
    }
}
