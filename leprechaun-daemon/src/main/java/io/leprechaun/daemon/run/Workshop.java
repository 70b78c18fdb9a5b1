package io.leprechaun.daemon.run;

import io.leprechaun.daemon.lifecycle.Alarms;
import io.leprechaun.daemon.process.Processes;
import java.time.InstantSource;

/**
 * What every execution works with.
 *
 * @param store what the marks of this daemon's processes begin with
 */
public record Workshop(
        Processes processes, OutputFolder outputs, Account account, String store, InstantSource clock, Alarms alarms) {
    /** By which every process of one attempt of a run is known: {@code STORE:RUN:ATTEMPT}. */
    public String mark(long run, int attempt) {
        return store + ":" + run + ":" + attempt;
    }

    /** By which every process of one chain of steps is known: the run's mark and the first step's number. */
    public String mark(long run, int attempt, int step) {
        return mark(run, attempt) + ":" + step;
    }
}
