package io.leprechaun.cli.client;

import java.io.IOException;

/** Thrown when the connection ends or fails in the middle of an answer, or when what comes is no answer. */
public final class BrokenAnswerException extends IOException {
    private static final long serialVersionUID = 1;

    BrokenAnswerException(String message) {
        super(message);
    }
}
