package io.leprechaun.daemon.startup;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The reasons of failures, for messages: Java's exceptions often name the file and leave the reason to their class. */
public final class Reasons {
    private Reasons() {}

    public static String of(@Nullable Throwable thrown) {
        return switch (thrown) {
            case null -> "no reason given";
            case AccessDeniedException denied -> "permission denied: " + denied.getFile();
            case NoSuchFileException missing -> "no such file: " + missing.getFile();
            case NotDirectoryException file -> "not a folder: " + file.getFile();
            case FileSystemException other when other.getReason() != null -> other.getReason() + ": " + other.getFile();
            default -> Objects.requireNonNullElse(thrown.getMessage(), thrown.toString());
        };
    }
}
