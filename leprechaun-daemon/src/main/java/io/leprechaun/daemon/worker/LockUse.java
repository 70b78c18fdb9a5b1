package io.leprechaun.daemon.worker;

import io.leprechaun.daemon.recipe.Lock;
import io.leprechaun.daemon.run.Run;

/**
 * A run that holds a lock, or waits for it.
 *
 * @param holds false: it waits
 */
public record LockUse(Lock lock, Run run, boolean holds) {}
