package io.leprechaun.cli.client;

import java.io.IOException;

/**
 * The exception for a connection that ends or fails in the middle of an answer, or for bytes that are not an answer.
 */
public final class BrokenAnswerException extends IOException {
    private static final long serialVersionUID = 1;

    BrokenAnswerException(String message) {
        super(message);
    }
}
