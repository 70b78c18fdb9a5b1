package io.leprechaun.daemon.desk.output;

import io.leprechaun.daemon.output.Mask;
import io.leprechaun.daemon.run.Run;

/** The masks that hide the secrets of runs. */
@FunctionalInterface
public interface RunMasks {
    /** Returns a mask for the secrets that a run was given. Once it is over, for those of the current recipe. */
    Mask of(Run run);
}
