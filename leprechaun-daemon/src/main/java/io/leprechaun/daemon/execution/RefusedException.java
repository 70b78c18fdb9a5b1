package io.leprechaun.daemon.execution;

/** What a recipe asks for cannot be, so none of its steps is run. The message is one sentence. */
public final class RefusedException extends Exception {
    private static final long serialVersionUID = 1;

    RefusedException(String message) {
        super(message);
    }
}
