package io.leprechaun.daemon.lifecycle;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The owner of objects that must be closed: it closes them in reverse order, past failures. Not thread-safe: one thread
 * opens and closes.
 */
public final class Parts implements AutoCloseable {
    private final Deque<AutoCloseable> owned = new ArrayDeque<>();

    /** Takes the ownership of a part, which is closed with the others. */
    public <T extends AutoCloseable> T own(T part) {
        owned.push(part);
        return part;
    }

    /** Closes every part; the first failure is thrown at the end, with the later ones as suppressed. */
    @Override
    public void close() {
        RuntimeException failed = null;
        boolean interrupted = false;
        while (!owned.isEmpty()) {
            try {
                owned.pop().close();
            } catch (Exception e) { // whatever one part does, the next is closed
                interrupted |= e instanceof InterruptedException;
                if (failed == null) {
                    failed = new IllegalStateException("failed to close a component", e);
                } else {
                    failed.addSuppressed(e);
                }
            }
        }
        if (interrupted) { // only now: it would cut short the closing of the others
            Thread.currentThread().interrupt();
        }
        if (failed != null) {
            throw failed;
        }
    }
}
