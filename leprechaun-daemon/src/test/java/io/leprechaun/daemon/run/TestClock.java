package io.leprechaun.daemon.run;

import io.leprechaun.daemon.lifecycle.HostClock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/** A clock that tests move by hand. */
public final class TestClock implements HostClock {
    private final AtomicReference<Shown> shown;

    /** Both times, changed at once: a reader must not conclude that the clock was set while time passes. */
    private record Shown(Instant wall, Duration elapsed) {}

    /** Creates a clock that stands still. */
    public TestClock(String now) {
        shown = new AtomicReference<>(new Shown(Instant.parse(now), Duration.ZERO));
    }

    /** Returns a clock that is never set. */
    public static HostClock of(InstantSource source) {
        return source instanceof HostClock host
                ? host
                : new HostClock() {
                    @Override
                    public Instant instant() {
                        return source.instant();
                    }

                    @Override
                    public long elapsedNanos() {
                        return Duration.between(Instant.EPOCH, instant()).toNanos();
                    }
                };
    }

    @Override
    public Instant instant() {
        return shown.get().wall();
    }

    @Override
    public long elapsedNanos() {
        return shown.get().elapsed().toNanos();
    }

    /** Lets time pass until this instant. */
    public void set(String time) {
        move(Duration.between(instant(), Instant.parse(time)));
    }

    /** Lets this much time pass. */
    public Instant move(Duration by) {
        return shown.updateAndGet(
                        now -> new Shown(now.wall().plus(by), now.elapsed().plus(by)))
                .wall();
    }

    /** Sets the wall clock, while no time passes. */
    public void setWall(String time) {
        shown.updateAndGet(now -> new Shown(Instant.parse(time), now.elapsed()));
    }
}
