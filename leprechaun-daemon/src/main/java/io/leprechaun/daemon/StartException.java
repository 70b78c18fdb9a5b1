package io.leprechaun.daemon;

/** The daemon does not start. The message is one sentence: why, and what to do. */
final class StartException extends Exception {
    private static final long serialVersionUID = 1;

    StartException(String message) {
        super(message);
    }
}
