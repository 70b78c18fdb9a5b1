package io.leprechaun.daemon.notify;

/** A notice did not go out. The message says why. */
public final class NotSentException extends Exception {
    private static final long serialVersionUID = 1;

    NotSentException(String message, Throwable cause) {
        super(message, cause);
    }
}
