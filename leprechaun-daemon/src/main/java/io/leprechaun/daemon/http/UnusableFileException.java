package io.leprechaun.daemon.http;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A file that the settings name cannot be used as it is, and stays so until somebody changes it. The message says what to do. */
public final class UnusableFileException extends IOException {
    private static final long serialVersionUID = 1L;

    public UnusableFileException(String message) {
        this(message, null);
    }

    public UnusableFileException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
