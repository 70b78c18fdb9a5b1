package io.leprechaun.daemon.history;

import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunState;
import java.util.Optional;

/** The rules that every record of a run keeps, whatever its outcome. */
public final class RunRules {
    private RunRules() {}

    /**
     * Returns the rule that a record breaks, as the rest of a sentence that begins with the run; empty: it keeps all.
     */
    public static Optional<String> broken(Run run) {
        String state = run.state().word();
        boolean isFinal = run.state().isFinal();
        boolean started = run.times().startedAt().isPresent();
        if (isFinal && run.times().endedAt().isEmpty()) {
            return Optional.of("is " + state + " and has no end");
        }
        if (!isFinal && run.times().endedAt().isPresent()) {
            return Optional.of("has an end and is still " + state);
        }
        if (!started && (run.state() == RunState.RUNNING || run.state() == RunState.SUCCEEDED)) {
            return Optional.of("is " + state + " and has no start");
        }
        if (run.repeat().count() > 1 && (!isFinal || started)) {
            return Optional.of("has a count of " + run.repeat().count() + " and is " + state);
        }
        return Optional.empty();
    }
}
