package io.leprechaun.daemon.http;

import io.leprechaun.daemon.lifecycle.Threads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** The threads of a listener: a few platform ones for its sockets, virtual ones for its handlers. */
final class JettyThreads {
    private JettyThreads() {}

    static QueuedThreadPool open(String name) {
        var pool = new QueuedThreadPool(16, 2);
        pool.setName(name);
        pool.setDaemon(true);
        pool.setVirtualThreadsExecutor(Threads.virtualExecutor(name));
        return pool;
    }
}
