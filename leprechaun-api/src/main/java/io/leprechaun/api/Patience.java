package io.leprechaun.api;

/** A caller's readiness to wait: it ends when the caller leaves. */
public interface Patience {
    /** The patience of a caller that never leaves. */
    Patience ENDLESS = Wait::await;

    /**
     * Waits, for as long as the caller does.
     *
     * @param wait blocks, and gives up when its thread is interrupted
     * @throws InterruptedException when the caller has left, or the thread was interrupted otherwise
     */
    void during(Wait wait) throws InterruptedException;

    /** Something that blocks. */
    @FunctionalInterface
    interface Wait {
        /** Blocks until what is waited for is there. */
        void await() throws InterruptedException;
    }
}
