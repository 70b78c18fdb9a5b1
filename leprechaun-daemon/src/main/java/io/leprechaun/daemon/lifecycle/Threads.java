package io.leprechaun.daemon.lifecycle;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The only source of threads: each has a name, and what it throws is logged. */
public final class Threads {
    private static final Logger LOG = LoggerFactory.getLogger(Threads.class);

    private Threads() {}

    /** A platform thread, for what blocks in native code or lives as long as the daemon. */
    public static Thread platform(String name, Runnable task) {
        return Thread.ofPlatform()
                .name(name)
                .daemon()
                .uncaughtExceptionHandler(Threads::log)
                .unstarted(task);
    }

    /** Platform threads named {@code NAME-0}, {@code NAME-1} and so on. */
    public static ThreadFactory platform(String name) {
        return Thread.ofPlatform()
                .name(name + "-", 0)
                .daemon()
                .uncaughtExceptionHandler(Threads::log)
                .factory();
    }

    /** A number of platform threads that take tasks in their order. */
    public static ExecutorService pool(String name, int size) {
        return Executors.newFixedThreadPool(size, platform(name));
    }

    /** A virtual thread, for plain blocking Java. */
    public static Thread virtual(String name, Runnable task) {
        return Thread.ofVirtual()
                .name(name)
                .uncaughtExceptionHandler(Threads::log)
                .unstarted(task);
    }

    /** An executor that gives each task a virtual thread of its own. */
    public static Executor virtualExecutor(String name) {
        return task -> virtual(name, task).start();
    }

    private static void log(Thread thread, Throwable thrown) {
        LOG.error("{} ended by a defect", thread.getName(), thrown);
    }
}
