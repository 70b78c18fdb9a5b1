package io.leprechaun.daemon.http.port;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The exception for a file named in the settings that is unusable until an administrator changes it. The message names
 * the remedy.
 */
public final class UnusableFileException extends IOException {
    private static final long serialVersionUID = 1L;

    public UnusableFileException(String message) {
        this(message, null);
    }

    public UnusableFileException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
