package io.leprechaun.daemon.notify;

import java.time.Duration;

/** The failure to send a notice. Its message is one line with the reason; no secret is in it. */
public final class NotSentException extends Exception {
    private static final long serialVersionUID = 1;

    private final SendFault fault;
    private final Duration pause;

    /** The reach of a failure, which decides the next try. */
    public enum SendFault {
        /** Nothing can go out now: the server is not there, does not answer, or takes nothing from this daemon. */
        SERVER,
        /** The server did not take this notice, and may take it later; it may take others. */
        NOTICE_FOR_NOW,
        /** The server had the whole of this notice and gave no answer: it may have taken it. It may take others. */
        NOTICE_UNANSWERED,
        /** The server will never take this notice; it may take others. */
        NOTICE_FOR_GOOD
    }

    public NotSentException(SendFault fault, String message, Throwable cause) {
        this(fault, message, cause, Duration.ZERO);
    }

    /** @param pause the time for which the server asks not to be tried again */
    public NotSentException(SendFault fault, String message, Throwable cause, Duration pause) {
        super(message, cause);
        this.fault = fault;
        this.pause = pause;
    }

    /** Returns the reach of the failure. */
    public SendFault fault() {
        return fault;
    }

    /** Returns the time for which the server asks not to be tried again; zero: it does not say. */
    public Duration pause() {
        return pause;
    }
}
