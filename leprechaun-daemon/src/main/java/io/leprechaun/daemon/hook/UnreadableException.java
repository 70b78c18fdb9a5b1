package io.leprechaun.daemon.hook;

/** The failure of a delivery that contains something that cannot be read, or cannot be passed to a step unchanged. */
class UnreadableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message one sentence for the sender */
    UnreadableException(String message) {
        super(message);
    }
}
