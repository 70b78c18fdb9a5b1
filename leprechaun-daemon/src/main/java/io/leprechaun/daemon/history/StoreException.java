package io.leprechaun.daemon.history;

import org.jspecify.annotations.Nullable;

/** The store could not keep or read something. The message says what, and why. */
public final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final StoreFault fault;

    /** What is wrong with the store. */
    public enum StoreFault {
        /** Nothing: only this was not possible. */
        NONE,
        /** There is no room for more. It may come back. */
        FULL,
        /** Its files are not where they were opened. They may come back. */
        DISPLACED,
        /** The disk did not do what it was told: nothing more is kept until the daemon is started again. */
        FAILED,
        /** What is there is not what was written. */
        DAMAGED;

        /** Whether it may pass while the daemon lives: what was refused for it was not begun, and is in no doubt. */
        public boolean mayPass() {
            return this == FULL || this == DISPLACED;
        }
    }

    /** @param message what was being done, to what, and what to do about it */
    public StoreException(String message) {
        this(StoreFault.NONE, message, null);
    }

    /** @param message what was being done, to what, and what to do about it */
    public StoreException(String message, @Nullable Throwable cause) {
        this(StoreFault.NONE, message, cause);
    }

    /** @param message what was being done, to what, and what to do about it */
    public StoreException(StoreFault fault, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.fault = fault;
    }

    /** What is wrong with the store. */
    public StoreFault fault() {
        return fault;
    }
}
