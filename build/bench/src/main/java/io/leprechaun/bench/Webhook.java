package io.leprechaun.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The daemon {@code webhook} of Debian's package. Its hook is {@code /hooks/bench}. */
final class Webhook implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 10_000;

    private final Lab lab;
    private final Process process;
    private final int port;

    private Webhook(Lab lab, Process process, int port) {
        this.lab = lab;
        this.process = process;
        this.port = port;
    }

    /**
     * Starts webhook with a hook that runs a shell and answers when it has ended. The shell writes an empty file named by the parameter n.
     */
    static Webhook waiting(Lab lab, Path files) throws IOException {
        return start(lab, """
            [{ "id": "bench", "execute-command": "/bin/sh", "include-command-output-in-response": true,
               "command-working-directory": "%s",
               "pass-environment-to-command": [{ "source": "url", "name": "n", "envname": "N" }],
               "pass-arguments-to-command": [{ "source": "string", "name": "-c" },
                                             { "source": "string", "name": ": > $N" }] }]
            """.formatted(files));
    }

    /** Starts webhook with a hook that answers at once, and runs a program with one argument. */
    static Webhook starting(Lab lab, Path program, Path argument) throws IOException {
        return start(lab, """
            [{ "id": "bench", "execute-command": "%s",
               "pass-arguments-to-command": [{ "source": "string", "name": "%s" }] }]
            """.formatted(program, argument));
    }

    private static Webhook start(Lab lab, String hooks) throws IOException {
        int port = Lab.freePort();
        Path settings = lab.file("hooks.json", hooks);
        Process process = lab.start(
                Map.of(),
                lab.file("webhook.log"),
                List.of("webhook", "-ip", "127.0.0.1", "-port", "" + port, "-hooks", settings.toString()));
        for (int waited = 0; waited < PATIENCE_MILLIS && process.isAlive(); waited += 20) {
            try {
                new Connection(port).close();
                return new Webhook(lab, process, port);
            } catch (IOException notYet) {
                Leprechaun.pause(20);
            }
        }
        throw new IOException("webhook does not start");
    }

    int port() {
        return port;
    }

    long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        lab.end(process);
    }
}
