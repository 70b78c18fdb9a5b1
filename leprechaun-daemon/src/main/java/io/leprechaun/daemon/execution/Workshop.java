package io.leprechaun.daemon.execution;

import io.leprechaun.daemon.lifecycle.Alarms;
import io.leprechaun.daemon.lifecycle.HostClock;
import io.leprechaun.daemon.lifecycle.StateFiles;
import io.leprechaun.daemon.output.LeftMasks;
import io.leprechaun.daemon.output.OutputFolder;
import io.leprechaun.daemon.output.OutputWatch;
import io.leprechaun.daemon.process.Processes;
import java.util.Map;

/**
 * What every execution works with.
 *
 * @param store the identity of the store, by which this daemon's processes are known
 * @param environment the daemon's own: secrets may stand there
 */
public record Workshop(
        Processes processes,
        OutputFolder outputs,
        StateFiles files,
        OutputWatch watch,
        LeftMasks masks,
        Accounts accounts,
        String store,
        HostClock clock,
        Alarms alarms,
        Map<String, String> environment) {
    public Workshop {
        environment = Map.copyOf(environment);
    }
}
