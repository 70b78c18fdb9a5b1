package io.leprechaun.daemon.desk;

import io.leprechaun.daemon.run.Run;
import java.util.Optional;

/** The runs that are not over, as they are at this moment: a store is behind. */
@FunctionalInterface
public interface LiveRuns {
    /** Of a daemon that does not run. */
    LiveRuns NONE = _ -> Optional.empty();

    /** A run by its number, if it is not over. */
    Optional<Run> find(long id);
}
