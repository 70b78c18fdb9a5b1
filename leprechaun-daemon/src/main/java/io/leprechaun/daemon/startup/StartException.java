package io.leprechaun.daemon.startup;

import io.leprechaun.api.ExitCode;

/** The failure of a start. The message is one sentence with the reason and the remedy. */
public final class StartException extends Exception {
    private static final long serialVersionUID = 1;

    private final ExitCode code;

    /** Creates a failure that lasts until the operator changes the arguments or the settings. */
    public StartException(String message) {
        this(message, ExitCode.USAGE);
    }

    /** @param code the exit code of the daemon */
    private StartException(String message, ExitCode code) {
        super(message);
        this.code = code;
    }

    /** Creates a failure that may pass by itself: another process has the lock, or a disk is full or not there yet. */
    public static StartException notNow(String message) {
        return new StartException(message, ExitCode.NOT_NOW);
    }

    /** Returns the exit code of the daemon: a service manager restarts it after {@link ExitCode#NOT_NOW}. */
    public ExitCode code() {
        return code;
    }
}
