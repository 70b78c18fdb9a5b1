package io.leprechaun.daemon.hook;

/** The failure of a delivery whose body is in an encoding or a form that is not read. */
final class UnsupportedException extends UnreadableException {
    private static final long serialVersionUID = 1L;

    /** @param message one sentence for the sender, which names the encoding or form */
    UnsupportedException(String message) {
        super(message);
    }
}
