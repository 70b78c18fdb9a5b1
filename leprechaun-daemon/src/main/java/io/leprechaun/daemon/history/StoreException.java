package io.leprechaun.daemon.history;

import org.jspecify.annotations.Nullable;

/** A failure of the store to write or read something. The message names the operation and the reason. */
public final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final StoreFault fault;

    /** The fault of the store. */
    public enum StoreFault {
        /** None: only this operation was not possible. */
        NONE,
        /** The disk is full. That may pass. */
        FULL,
        /** The files of the store are not where they were opened. They may come back. */
        DISPLACED,
        /** An operation of the disk failed: nothing more is written until the daemon is started again. */
        FAILED,
        /** The content of the store differs from the data that was written. */
        DAMAGED;

        /**
         * Returns whether the fault may pass while the daemon lives: a change that was refused for it was not begun, so
         * its state is certain.
         */
        public boolean mayPass() {
            return this == FULL || this == DISPLACED;
        }
    }

    /** @param message the operation, its object, and the remedy */
    public StoreException(String message) {
        this(StoreFault.NONE, message, null);
    }

    /** @param message the operation, its object, and the remedy */
    public StoreException(String message, @Nullable Throwable cause) {
        this(StoreFault.NONE, message, cause);
    }

    /** @param message the operation, its object, and the remedy */
    public StoreException(StoreFault fault, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.fault = fault;
    }

    /** Returns the fault of the store. */
    public StoreFault fault() {
        return fault;
    }
}
