package io.leprechaun.daemon.run;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/** A wall clock that is set by hand. */
public final class TestClock implements InstantSource {
    private final AtomicReference<Instant> now;

    /** A clock that stands. */
    public TestClock(String now) {
        this.now = new AtomicReference<>(Instant.parse(now));
    }

    @Override
    public Instant instant() {
        return now.get();
    }

    /** Sets it. */
    public void set(String time) {
        now.set(Instant.parse(time));
    }

    /** Moves it, back as well. */
    public Instant move(Duration by) {
        return now.updateAndGet(time -> time.plus(by));
    }
}
