package io.leprechaun.daemon.run;

import org.jspecify.annotations.Nullable;

/** The store could not keep or read something. The message says what, and why. */
public final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** @param message what was being done, to what, and what to do about it */
    public StoreException(String message) {
        super(message);
    }

    /** @param message what was being done, to what, and what to do about it */
    public StoreException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
