package io.leprechaun.daemon.execution;

/** The refusal of a recipe that requires something impossible: none of its steps runs. The message is one sentence. */
public final class RefusedException extends Exception {
    private static final long serialVersionUID = 1;

    RefusedException(String message) {
        super(message);
    }
}
