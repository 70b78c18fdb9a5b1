package io.leprechaun.daemon.http.port;

import io.leprechaun.daemon.lifecycle.Threads;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * The threads of a listener: a few platform threads for its sockets, all created at the start, and virtual threads for
 * its handlers.
 */
public final class JettyThreads {
    /**
     * The number of platform threads, among them one that accepts, one that selects and one in reserve. A task that
     * needed a new thread would fail where the system has no room for one.
     */
    private static final int THREADS = 6;

    private static final int IDLE_MILLIS = 60_000;

    private JettyThreads() {}

    /** Starts the thread that ends idle connections, which Jetty would otherwise create at the first connection. */
    public static void begin(Connector started) {
        started.getScheduler().schedule(() -> {}, 0, TimeUnit.MILLISECONDS);
    }

    public static QueuedThreadPool open(String name) {
        // with its own kind of queue, Jetty would start the platform's MBean server to find the width of a cache line
        var pool = new QueuedThreadPool(THREADS, THREADS, IDLE_MILLIS, new LinkedBlockingQueue<>());
        pool.setName(name);
        pool.setDaemon(true);
        pool.setVirtualThreadsExecutor(Threads.virtualExecutor(name));
        return pool;
    }
}
