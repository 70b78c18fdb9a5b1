package io.leprechaun.daemon.http.console;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.eclipse.jetty.server.Request;

/** The use of a port: its current requests, and the time of the last one. Thread-safe. */
public final class Activity {
    private final LongSupplier nanoTime;
    /** Guarded by this. */
    private int current;
    /** Guarded by this. */
    private long last;

    /** @param nanoTime the clock of elapsed time, in nanoseconds */
    public Activity(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.last = nanoTime.getAsLong();
    }

    /** Notes a request, until it is answered. A stream counts as long as it is read. */
    public void begins(Request request) {
        begins();
        Request.addCompletionListener(request, _ -> ends());
    }

    synchronized void begins() {
        current++;
        last = nanoTime.getAsLong();
    }

    synchronized void ends() {
        current--;
        last = nanoTime.getAsLong();
    }

    /** Notes a use that is not a request. */
    public synchronized void renew() {
        last = nanoTime.getAsLong();
    }

    /** Returns the time since the last request; zero while one is being answered. */
    public synchronized Duration idle() {
        return current > 0 ? Duration.ZERO : Duration.ofNanos(nanoTime.getAsLong() - last);
    }
}
