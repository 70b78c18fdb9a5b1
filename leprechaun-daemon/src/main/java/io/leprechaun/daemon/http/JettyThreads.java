package io.leprechaun.daemon.http;

import io.leprechaun.daemon.lifecycle.Threads;
import java.util.concurrent.LinkedBlockingQueue;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** The threads of a listener: a few platform ones for its sockets, virtual ones for its handlers. */
final class JettyThreads {
    private static final int IDLE_MILLIS = 60_000;

    private JettyThreads() {}

    static QueuedThreadPool open(String name) {
        // with a queue of its own kind, Jetty would start the platform's MBean server to learn how wide a cache line is
        var pool = new QueuedThreadPool(16, 2, IDLE_MILLIS, new LinkedBlockingQueue<>());
        pool.setName(name);
        pool.setDaemon(true);
        pool.setVirtualThreadsExecutor(Threads.virtualExecutor(name));
        return pool;
    }
}
