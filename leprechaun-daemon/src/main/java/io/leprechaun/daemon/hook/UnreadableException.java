package io.leprechaun.daemon.hook;

/** A delivery holds something that cannot be read, or cannot be handed to a step as it is. */
class UnreadableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message one sentence for the sender */
    UnreadableException(String message) {
        super(message);
    }
}
