package io.leprechaun.daemon;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Files that a test writes and executes, beside tests that start processes in the same JVM. */
public final class Executable {
    private Executable() {}

    /**
     * Writes a file that every user may execute. Another process writes it: a file that is open for writing in this JVM
     * is also open, for a moment, in each process that the JVM starts, and cannot be executed until then (ETXTBSY of
     * execve(2)).
     */
    public static Path write(Path file, String text) throws IOException, InterruptedException {
        LauncherTree.lines(
                Path.of("/"),
                Map.of(),
                "/bin/sh",
                "-c",
                "printf %s \"$1\" > \"$2\" && chmod 755 \"$2\"",
                "sh",
                text,
                file.toString());
        return file;
    }
}
