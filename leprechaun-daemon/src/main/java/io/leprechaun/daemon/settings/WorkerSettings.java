package io.leprechaun.daemon.settings;

/**
 * How much an agent does at once.
 *
 * @param max runs at the same time, 1 to 10,000
 * @param queue runs that wait, 0 to 1,000,000
 */
public record WorkerSettings(int max, int queue) {
    /** The largest stack. */
    public static final int MOST_AT_ONCE = 10_000;
    /** The largest queue. */
    public static final int MOST_WAITING = 1_000_000;
    /** For every agent but the server. */
    public static final WorkerSettings DEFAULTS = new WorkerSettings(5, 1000);
    /** For the server: a sender of hooks can try again. */
    public static final WorkerSettings SERVER = new WorkerSettings(5, 100);

    public WorkerSettings {
        if (max < 1 || max > MOST_AT_ONCE || queue < 0 || queue > MOST_WAITING) {
            throw new IllegalArgumentException("max is " + max + " and queue " + queue);
        }
    }
}
