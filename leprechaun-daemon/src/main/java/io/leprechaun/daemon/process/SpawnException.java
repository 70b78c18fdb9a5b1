package io.leprechaun.daemon.process;

/** A process could not be started. The message is one sentence that says what, and why. */
public final class SpawnException extends Exception {
    private static final long serialVersionUID = 1;

    private final int code;

    SpawnException(String message, int code) {
        super(message);
        this.code = code;
    }

    /** The exit code by which shells tell the same: 127 for not found, 126 for everything else. */
    public int code() {
        return code;
    }
}
