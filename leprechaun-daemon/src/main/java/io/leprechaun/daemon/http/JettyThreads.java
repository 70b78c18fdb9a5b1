package io.leprechaun.daemon.http;

import io.leprechaun.daemon.lifecycle.Threads;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** The threads of a listener: a few platform ones for its sockets, all from the start, and virtual ones for its handlers. */
public final class JettyThreads {
    /** One accepts, one selects, one is in reserve; a job that needed a new thread would fail where the system has no room for one. */
    private static final int THREADS = 6;

    private static final int IDLE_MILLIS = 60_000;

    private JettyThreads() {}

    /** Starts the thread that ends idle connections, which Jetty makes at the first connection otherwise. */
    public static void begin(Connector started) {
        started.getScheduler().schedule(() -> {}, 0, TimeUnit.MILLISECONDS);
    }

    public static QueuedThreadPool open(String name) {
        // with a queue of its own kind, Jetty would start the platform's MBean server to learn how wide a cache line is
        var pool = new QueuedThreadPool(THREADS, THREADS, IDLE_MILLIS, new LinkedBlockingQueue<>());
        pool.setName(name);
        pool.setDaemon(true);
        pool.setVirtualThreadsExecutor(Threads.virtualExecutor(name));
        return pool;
    }
}
