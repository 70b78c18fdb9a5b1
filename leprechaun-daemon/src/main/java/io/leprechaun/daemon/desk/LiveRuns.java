package io.leprechaun.daemon.desk;

import io.leprechaun.daemon.run.Run;
import java.util.Optional;

/** The runs that are not over, in their present state: the store may be behind. */
@FunctionalInterface
public interface LiveRuns {
    /** The live runs of a daemon that does not run: none. */
    LiveRuns NONE = _ -> Optional.empty();

    /** Returns a run by its number, if it is not over. */
    Optional<Run> find(long id);
}
