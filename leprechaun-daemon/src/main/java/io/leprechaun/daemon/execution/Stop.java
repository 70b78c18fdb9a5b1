package io.leprechaun.daemon.execution;

import io.leprechaun.daemon.run.RunState;
import java.time.Duration;
import java.util.Optional;

/**
 * The request that a run ends, and its reason.
 *
 * @param state the state in which it ends: KILLED, TIMED_OUT or FAILED
 * @param reason one sentence, {@code killed by root} for example
 * @param grace the time that it may take to end, where that is less than in its recipe
 */
public record Stop(RunState state, String reason, Optional<Duration> grace) {
    /** Creates a stop with the grace of the recipe. */
    public Stop(RunState state, String reason) {
        this(state, reason, Optional.empty());
    }
}
