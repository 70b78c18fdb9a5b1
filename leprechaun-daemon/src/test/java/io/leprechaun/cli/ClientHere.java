package io.leprechaun.cli;

import io.leprechaun.cli.terminal.Terminal;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;

/** The client in the JVM of a test, without a terminal. */
public final class ClientHere {
    private static final Terminal NONE = new Terminal() {
        @Override
        public boolean is(int descriptor) {
            return false;
        }

        @Override
        public int columns() {
            return 0;
        }
    };

    private ClientHere() {}

    /**
     * Does what the words say, and gives the exit code.
     *
     * @param offline takes the words with which the client becomes {@code leprechaund}
     */
    public static int run(
            Map<String, String> environment,
            List<String> words,
            OutputStream out,
            OutputStream err,
            ToIntFunction<List<String>> offline) {
        var host = new Host(
                environment, Path.of(environment.getOrDefault("HOME", "/")), 1, Optional.of(Path.of("/nowhere")));
        return new Leprechaun(host, NONE, new Console(out, err, NONE), (_, arguments) -> offline.applyAsInt(arguments))
                .run(words);
    }
}
