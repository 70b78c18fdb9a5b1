package io.leprechaun.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Files that a test writes and executes, beside tests that start processes in the same JVM. */
public final class Executable {
    private Executable() {}

    /**
     * Writes a file that every user may execute. Another process writes it: a file that is open for writing in this JVM
     * is also open, for a moment, in each process that the JVM starts, and cannot be executed until then (ETXTBSY of
     * execve(2)).
     */
    public static Path write(Path file, String text) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("/bin/sh", "-c", "cat > \"$1\" && chmod 755 \"$1\"", "sh", file.toString())
                .inheritIO()
                .redirectInput(ProcessBuilder.Redirect.PIPE)
                .start();
        try (var input = process.getOutputStream()) {
            input.write(text.getBytes(StandardCharsets.UTF_8));
        }
        assertThat(process.waitFor()).as("write %s", file).isZero();
        return file;
    }
}
