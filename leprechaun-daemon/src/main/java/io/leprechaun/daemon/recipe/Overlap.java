package io.leprechaun.daemon.recipe;

/** What happens when a recipe is due while a run of it is not over. */
public enum Overlap {
    /** The new one is skipped. */
    SKIP,
    /** The new one waits in the queue. */
    QUEUE,
    /** The old one is killed and the new one takes its place. */
    REPLACE,
    /** Both run. */
    PARALLEL
}
