package io.leprechaun.daemon.process;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The children that have not been reaped. A child may end before its pid is known here. So the end of an unknown
 * process is kept, but only for the starts that were under way when it came. Later the pid may be another process's,
 * and the unknown one was an orphan. Thread-safe.
 */
final class Children {
    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by lock. */
    private final Map<Integer, CompletableFuture<Exit>> living = new HashMap<>();

    /** Guarded by lock. */
    private final Map<Integer, Early> early = new HashMap<>();

    /** The tickets of the starts under way. Guarded by lock. */
    private final TreeSet<Long> starting = new TreeSet<>();

    /** Guarded by lock. */
    private long nextTicket;

    /**
     * The end of a process that no start has registered, which came when tickets below {@code before} had been given.
     */
    private record Early(Exit exit, long before) {}

    /** Begins a start, before the process is started, and returns its ticket. {@link #done} must follow. */
    long begin() {
        lock.lock();
        try {
            long ticket = nextTicket++;
            starting.add(ticket);
            return ticket;
        } finally {
            lock.unlock();
        }
    }

    /** Registers the process that a start made. */
    Child register(long ticket, int pid) {
        var exit = new CompletableFuture<Exit>();
        lock.lock();
        try {
            Early end = early.remove(pid);
            if (end == null || end.before() <= ticket) {
                living.put(pid, exit);
            } else {
                exit.complete(end.exit());
            }
        } finally {
            lock.unlock();
        }
        return new Child(pid, exit);
    }

    /** Ends a start, whether or not it made a process. */
    void done(long ticket) {
        lock.lock();
        try {
            starting.remove(ticket);
            if (starting.isEmpty()) {
                early.clear();
            } else if (!early.isEmpty()) {
                long oldest = starting.getFirst();
                early.values().removeIf(end -> end.before() <= oldest);
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Records that a process has been reaped: a child of the daemon, or an orphan.
     *
     * @return whether it was known
     */
    boolean ended(int pid, Exit exit) {
        CompletableFuture<Exit> known;
        lock.lock();
        try {
            known = living.remove(pid);
            if (known == null && !starting.isEmpty()) {
                early.put(pid, new Early(exit, nextTicket));
            }
        } finally {
            lock.unlock();
        }
        if (known != null) {
            known.complete(exit);
        }
        return known != null;
    }
}
