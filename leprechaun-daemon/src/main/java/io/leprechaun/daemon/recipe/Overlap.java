package io.leprechaun.daemon.recipe;

/** The treatment of a recipe that is due while a run of it is not over. */
public enum Overlap {
    /** The new run is skipped. */
    SKIP,
    /** The new run waits in the queue. */
    QUEUE,
    /** The old run is killed and the new run takes its place. */
    REPLACE,
    /** Both runs work. */
    PARALLEL
}
