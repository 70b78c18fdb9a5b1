package io.leprechaun.daemon.count;

import java.util.concurrent.atomic.AtomicInteger;

/** The counts of the requests to the daemon's listeners. Thread-safe. */
public final class Traffic {
    /** The listener of the API at its sockets. */
    public static final String SOCKET = "socket";

    /** The listener of the API over TCP. */
    public static final String TCP = "tcp";

    /** The listener of hooks. */
    public static final String HOOKS = "hooks";

    private final LabelledCounts requests = new LabelledCounts();
    private final LabelledCounts hooks = new LabelledCounts();
    private final AtomicInteger streams = new AtomicInteger();

    /** Counts an answered request. */
    public void answered(String listener, int status) {
        requests.add(listener, Integer.toString(status));
    }

    /**
     * Counts an answer to a hook.
     *
     * @param recipe the recipe; empty where the request names none
     */
    public void hookAnswered(String recipe, int status) {
        hooks.add(recipe, Integer.toString(status));
    }

    /** Counts an answer that is written while its content is produced, until {@link #streamEnds}. */
    public void streamBegins() {
        streams.incrementAndGet();
    }

    /** Ends what {@link #streamBegins} began. */
    public void streamEnds() {
        streams.decrementAndGet();
    }

    /** Returns the answered requests by listener and status. */
    public LabelledCounts requests() {
        return requests;
    }

    /** Returns the answers to hooks by recipe and status. */
    public LabelledCounts hooks() {
        return hooks;
    }

    /** Returns the number of answers that are being streamed. */
    public int streams() {
        return streams.get();
    }
}
