package io.leprechaun.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The editor that the user prefers (environ(7)), on the client's own terminal. It is the only child process of the
 * client.
 */
record Editor(Map<String, String> environment) {
    private static final int INTERRUPTED = 130;

    /**
     * Opens a file in the editor and waits until the editor exits.
     *
     * @return the editor's exit code
     * @throws IOException when there is no shell
     */
    int open(Path file) throws IOException {
        String editor = List.of("VISUAL", "EDITOR").stream()
                .map(name -> environment.getOrDefault(name, ""))
                .filter(value -> !value.isBlank())
                .findFirst()
                .orElse("vi");
        try {
            return new ProcessBuilder("/bin/sh", "-c", editor + " \"$1\"", "sh", file.toString())
                    .inheritIO()
                    .start()
                    .waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return INTERRUPTED;
        }
    }

    /**
     * Asks whether the user wants to edit the text again, and returns the answer; false at the end of standard input.
     */
    boolean isWantedAgain() throws IOException {
        System.err.print("Edit again? [Y/n] ");
        System.err.flush();
        String answer = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
        return answer != null && !answer.strip().toLowerCase(Locale.ROOT).startsWith("n");
    }
}
