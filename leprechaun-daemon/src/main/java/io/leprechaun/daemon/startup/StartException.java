package io.leprechaun.daemon.startup;

import io.leprechaun.api.ExitCode;

/** The daemon does not start. The message is one sentence: why, and what to do. */
public final class StartException extends Exception {
    private static final long serialVersionUID = 1;

    private final ExitCode code;

    /** For what stays so until somebody changes the words or the settings. */
    public StartException(String message) {
        this(message, ExitCode.USAGE);
    }

    /** @param code what the daemon ends with */
    private StartException(String message, ExitCode code) {
        super(message);
        this.code = code;
    }

    /** For what may pass by itself: a lock that another process has, a disk that is full or not there yet. */
    public static StartException notNow(String message) {
        return new StartException(message, ExitCode.NOT_NOW);
    }

    /** What the daemon ends with: a service manager starts it again after {@link ExitCode#NOT_NOW}. */
    public ExitCode code() {
        return code;
    }
}
