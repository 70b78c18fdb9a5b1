package io.leprechaun.daemon.lifecycle;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The only source of threads: each has a name, and what it throws is logged. */
public final class Threads {
    private static final Logger LOG = LoggerFactory.getLogger(Threads.class);

    private static final int MOST_CARRIERS = 8;
    /** In nanoseconds. */
    private static final long LONGEST_SPIN = 5_000_000;

    /** The threads that are to live now. */
    private static final Set<Supervised> SUPERVISED = ConcurrentHashMap.newKeySet();

    private Threads() {}

    /** Everything with threads that are to live now. */
    static Set<Supervised> supervised() {
        return SUPERVISED;
    }

    /** Has a part looked at by {@link SelfWatch} from now on. */
    public static void supervise(Supervised part) {
        SUPERVISED.add(part);
    }

    /** Says that a part closes: the end of its threads is wanted. */
    public static void release(Supervised part) {
        SUPERVISED.remove(part);
    }

    /** A platform thread, for what blocks in native code and ends by itself; one that lives as long as the daemon is a {@link SupervisedThread}. */
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

    /**
     * Gives every carrier of virtual threads something to do for a moment. The JVM makes them when they are needed and ends those that are idle for 30 s, and then virtual threads do not go on
     * where the system has no room for a thread. To be called every few seconds.
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
            LOG.trace("no room for a carrier"); // the next call may find some
        }
    }

    private static void log(Thread thread, Throwable thrown) {
        LOG.error("{} ended by a defect", thread.getName(), thrown);
    }
}
