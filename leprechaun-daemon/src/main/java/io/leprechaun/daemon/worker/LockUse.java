package io.leprechaun.daemon.worker;

import io.leprechaun.daemon.recipe.Lock;
import io.leprechaun.daemon.run.Run;

/**
 * The use of a lock by a run that holds it or waits for it.
 *
 * @param holds whether the run holds the lock; false: it waits
 */
public record LockUse(Lock lock, Run run, boolean holds) {}
