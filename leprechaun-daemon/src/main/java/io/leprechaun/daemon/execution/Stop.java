package io.leprechaun.daemon.execution;

import io.leprechaun.daemon.run.RunState;
import java.time.Duration;
import java.util.Optional;

/**
 * Why a run is told to end.
 *
 * @param state what it ends as: KILLED, TIMED_OUT or FAILED
 * @param reason one sentence, {@code killed by root} for example
 * @param grace how long it may take to end, where that is less than its recipe says
 */
public record Stop(RunState state, String reason, Optional<Duration> grace) {
    /** To end as its recipe says. */
    public Stop(RunState state, String reason) {
        this(state, reason, Optional.empty());
    }
}
