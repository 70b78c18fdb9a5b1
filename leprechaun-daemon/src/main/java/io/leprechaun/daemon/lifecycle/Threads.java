package io.leprechaun.daemon.lifecycle;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The only source of threads: each has a name, and an exception that ends it is logged. */
public final class Threads {
    private static final Logger LOG = LoggerFactory.getLogger(Threads.class);

    private static final int MOST_CARRIERS = 8;
    /** The longest busy wait of a carrier, in nanoseconds. */
    private static final long LONGEST_SPIN = 5_000_000;

    /** The parts with threads that must live now. */
    private static final Set<Supervised> SUPERVISED = ConcurrentHashMap.newKeySet();

    private Threads() {}

    /** Returns the parts with threads that must live now. */
    static Set<Supervised> supervised() {
        return SUPERVISED;
    }

    /** Adds a part to those that {@link SelfWatch} checks. */
    public static void supervise(Supervised part) {
        SUPERVISED.add(part);
    }

    /** Removes a part that closes, because the end of its threads is wanted. */
    public static void release(Supervised part) {
        SUPERVISED.remove(part);
    }

    /**
     * Creates a platform thread for a task that blocks in native code and ends by itself. A thread that lives as long
     * as the daemon is a {@link SupervisedThread}.
     */
    public static Thread platform(String name, Runnable task) {
        return Thread.ofPlatform()
                .name(name)
                .daemon()
                .uncaughtExceptionHandler(Threads::log)
                .unstarted(task);
    }

    /** Returns a factory of platform threads named {@code NAME-0}, {@code NAME-1} and so on. */
    public static ThreadFactory platform(String name) {
        return Thread.ofPlatform()
                .name(name + "-", 0)
                .daemon()
                .uncaughtExceptionHandler(Threads::log)
                .factory();
    }

    /** Creates a virtual thread, for plain blocking Java. */
    public static Thread virtual(String name, Runnable task) {
        return Thread.ofVirtual()
                .name(name)
                .uncaughtExceptionHandler(Threads::log)
                .unstarted(task);
    }

    /** Returns an executor that gives each task a virtual thread of its own. */
    public static Executor virtualExecutor(String name) {
        return task -> virtual(name, task).start();
    }

    /**
     * Gives the carriers of virtual threads, {@value #MOST_CARRIERS} at most, a short task. The JVM creates carriers
     * when they are needed and ends those that are idle for 30 s. Then virtual threads do not go on where the system
     * has no room for a thread. To be called more often than every 30 s.
     */
    static void keepCarriers() {
        int carriers = Math.min(MOST_CARRIERS, Runtime.getRuntime().availableProcessors());
        var carried = new CountDownLatch(carriers);
        try {
            for (int i = 0; i < carriers; i++) {
                virtual("carried", () -> {
                            LockSupport.parkNanos(1); // the thread that ends such waits is kept, too
                            carried.countDown();
                            long end = System.nanoTime() + LONGEST_SPIN;
                            while (carried.getCount() > 0 && System.nanoTime() < end) {
                                Thread.onSpinWait(); // else one carrier would do for all
                            }
                        })
                        .start();
            }
        } catch (OutOfMemoryError e) {
            LOG.trace("no memory for a carrier thread"); // the next call may find some
        }
    }

    private static void log(Thread thread, Throwable thrown) {
        LOG.error("thread {}: ended by an internal error", thread.getName(), thrown);
    }
}
