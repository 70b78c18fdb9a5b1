package io.leprechaun.daemon;

import io.leprechaun.api.ExitCode;
import io.leprechaun.daemon.config.Problems;
import io.leprechaun.daemon.offline.Check;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code leprechaund offline VERB [--json] [-q] [--config FILE] ARGS…}: what needs no daemon; the client becomes this program for it. */
record Offline(PrintStream out, PrintStream err) {
    /** The first word that leads here. */
    static final String WORD = "offline";

    /** Does what the words after {@link #WORD} say, and gives the exit code. */
    int run(List<String> words) {
        var rest = new ArrayDeque<>(words);
        String verb = rest.isEmpty() ? "" : rest.pop();
        if (!verb.equals("check")) {
            err.println("leprechaun: " + verb + " without a daemon is not in this version yet");
            return ExitCode.USAGE.number();
        }
        var arguments = new ArrayList<String>();
        @Nullable Path config = null;
        while (!rest.isEmpty() && List.of("--json", "-q", "--config").contains(rest.element())) {
            switch (rest.pop()) {
                case "--json" -> arguments.add("--json");
                case "--config" -> config = Path.of(rest.pop()); // the client never sends it without a value
                default -> {} // a check has no ids to be brief with
            }
        }
        arguments.addAll(rest);
        try {
            var problems = new Problems();
            var loaded = Loaded.read(config, null, problems);
            return Check.run(arguments, loaded.reader(), loaded.settings(), problems, out, err);
        } catch (StartException e) {
            err.println("leprechaun: " + e.getMessage());
            return ExitCode.USAGE.number();
        }
    }
}
