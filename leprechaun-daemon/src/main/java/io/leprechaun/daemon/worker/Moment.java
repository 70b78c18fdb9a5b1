package io.leprechaun.daemon.worker;

import io.leprechaun.daemon.lifecycle.HostClock;
import java.time.Duration;
import java.time.Instant;

/**
 * The time of an event.
 *
 * @param now the time by the host's clock, for records and windows
 * @param steady the time by {@link HostClock#steady}, for deadlines and pauses
 */
record Moment(Instant now, Instant steady) {
    static Moment of(HostClock clock) {
        return new Moment(clock.instant(), clock.steady());
    }

    /** Returns the lead of the steady clock over the host's clock. */
    Duration ahead() {
        return Duration.between(now, steady);
    }
}
