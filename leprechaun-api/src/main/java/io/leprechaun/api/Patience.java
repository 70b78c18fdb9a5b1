package io.leprechaun.api;

/** A caller's readiness to wait: it ends when the caller leaves. */
public interface Patience {
    /** The patience of a caller that never leaves. */
    Patience ENDLESS = Blocking::await;

    /**
     * Waits as long as the caller waits.
     *
     * @param wait the operation that blocks, and gives up when its thread is interrupted
     * @throws InterruptedException when the caller has left, or the thread was interrupted otherwise
     */
    void during(Blocking wait) throws InterruptedException;

    /** An operation that blocks. */
    @FunctionalInterface
    interface Blocking {
        /** Blocks until the awaited event. */
        void await() throws InterruptedException;
    }
}
