package io.leprechaun.daemon.settings;

/**
 * The limits on the runs of an agent.
 *
 * @param max the runs at the same time, 1 to 10,000
 * @param queue the runs that wait, 0 to 1,000,000
 */
public record WorkerSettings(int max, int queue) {
    /** The largest number of runs at the same time. */
    public static final int MOST_AT_ONCE = 10_000;
    /** The largest number of runs that wait. */
    public static final int MOST_WAITING = 1_000_000;
    /** The limits of every agent except the server. */
    public static final WorkerSettings DEFAULTS = new WorkerSettings(5, 1000);
    /** The limits of the server: a sender of hooks can try again. */
    public static final WorkerSettings SERVER = new WorkerSettings(5, 100);

    public WorkerSettings {
        if (max < 1 || max > MOST_AT_ONCE || queue < 0 || queue > MOST_WAITING) {
            throw new IllegalArgumentException("max is " + max + " and queue " + queue);
        }
    }
}
