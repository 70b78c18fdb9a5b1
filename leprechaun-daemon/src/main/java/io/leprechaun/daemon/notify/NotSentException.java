package io.leprechaun.daemon.notify;

/** A notice did not go out. The message is one line that says why; no secret is in it. */
public final class NotSentException extends Exception {
    private static final long serialVersionUID = 1;

    private final Fault fault;

    /** Whose fault it is, and so what may be tried next. */
    public enum Fault {
        /** Nothing can go out now: the server is not there, does not answer, or takes nothing from us. */
        SERVER,
        /** The server did not take this notice, and may take it later; it may take others. */
        NOTICE_FOR_NOW,
        /** The server will never take this notice; it may take others. */
        NOTICE_FOR_GOOD
    }

    NotSentException(Fault fault, String message, Throwable cause) {
        super(message, cause);
        this.fault = fault;
    }

    /** Whose fault it is. */
    public Fault fault() {
        return fault;
    }
}
