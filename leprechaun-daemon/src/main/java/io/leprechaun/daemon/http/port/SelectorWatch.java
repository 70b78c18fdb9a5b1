package io.leprechaun.daemon.http.port;

import io.leprechaun.daemon.lifecycle.SelfWatch;
import io.leprechaun.daemon.lifecycle.Supervised;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.server.AbstractConnector;

/** A watch over Jetty's thread that reads a listener's connections. Thread-safe. */
public final class SelectorWatch implements Supervised {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final String listener;
    private final Executor selector;
    private final LongSupplier nanoTime;
    private volatile long answered;

    /**
     * Creates a watch that counts as just answered.
     *
     * @param listener the subject of the listener, for messages: {@code hooks} for example
     * @param selector the executor that runs tasks on that thread
     * @param nanoTime the clock of elapsed time, in nanoseconds
     */
    SelectorWatch(String listener, Executor selector, LongSupplier nanoTime) {
        this.listener = listener;
        this.selector = selector;
        this.nanoTime = nanoTime;
        this.answered = nanoTime.getAsLong();
    }

    /** Returns a watch over the only selector of a connector. */
    public static SelectorWatch of(String listener, AbstractConnector connector) {
        ManagedSelector selector =
                connector.getContainedBeans(ManagedSelector.class).iterator().next();
        return new SelectorWatch(listener, task -> selector.submit(_ -> task.run()), System::nanoTime);
    }

    /** Sends a task to the thread, to see whether it answers. To be called every few seconds. */
    public void ask() {
        selector.execute(() -> answered = nanoTime.getAsLong());
    }

    @Override
    public String check() {
        return SelfWatch.LISTENERS;
    }

    @Override
    public Optional<String> fault() {
        return nanoTime.getAsLong() - answered < PATIENCE.toNanos()
                ? Optional.empty()
                : Optional.of("the listener for " + listener
                        + " has not read its connections for more than a minute: restart the daemon");
    }
}
