package io.leprechaun.daemon.desk.output;

import io.leprechaun.daemon.output.Mask;
import io.leprechaun.daemon.run.Run;

/** Hides the secrets of runs. */
@FunctionalInterface
public interface RunMasks {
    /** Hides those that a run was given, and once it is over, those of its recipe as it is now and those that what it left behind was given. */
    Mask of(Run run);
}
