package io.leprechaun.daemon.offline;

import io.leprechaun.api.AnsweredBy;
import io.leprechaun.api.Form;
import io.leprechaun.api.Places;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.Verb;
import io.leprechaun.api.Verbs;
import io.leprechaun.daemon.lifecycle.HostClock;
import io.leprechaun.daemon.lifecycle.Wiring;
import io.leprechaun.daemon.recipe.reader.Definitions;
import io.leprechaun.daemon.startup.Loaded;
import io.leprechaun.daemon.startup.StartException;
import io.leprechaun.daemon.trust.Trust;
import io.leprechaun.daemon.yaml.Problems;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The program {@code leprechaund offline VERB [OPTION…] ARGS…}, for verbs that need no daemon; the client's process
 * becomes it.
 *
 * @param definitions the definitions that recipes may name
 */
public record Offline(Definitions definitions, HostClock clock, PrintStream out, PrintStream err) {
    /** The first word of the command line for this program. */
    public static final String WORD = "offline";

    private static final Set<String> OPTIONS =
            Set.of("--json", "-q", "--color", "--columns", "--config", "--recipes", "--state");

    /** Runs the command in the words after {@link #WORD}, and returns the exit code. */
    public int run(List<String> words) {
        var rest = new ArrayDeque<>(words);
        String verb = rest.isEmpty() ? "" : rest.pop();
        boolean json = false;
        boolean quiet = false;
        boolean color = false;
        int columns = 0;
        @Nullable Path config = null;
        @Nullable Path recipes = null;
        @Nullable Path state = null;
        while (!rest.isEmpty() && OPTIONS.contains(rest.element())) {
            switch (rest.pop()) {
                case "--json" -> json = true;
                case "-q" -> quiet = true;
                case "--color" -> color = true;
                case "--columns" -> columns = Integer.parseInt(rest.pop());
                case "--recipes" -> recipes = Path.of(rest.pop());
                case "--state" -> state = Path.of(rest.pop());
                default -> config = Path.of(rest.pop()); // the client never passes one without its value
            }
        }
        var printer = new Printer(new OutputOptions(json, quiet, color, columns), out, err);
        var asked = new Locations(config, recipes, state);
        Optional<PrintStream> documents = json ? Optional.of(out) : Optional.empty();
        return Failures.report(verb, documents, err, () -> run(verb, printer, asked, List.copyOf(rest)));
    }

    /** The places that the options name; null: not named. */
    private record Locations(
            @Nullable Path config,
            @Nullable Path recipes,
            @Nullable Path state) {}

    private int run(String name, Printer printer, Locations asked, List<String> words) throws StartException {
        var problems = new Problems();
        var loaded = Loaded.read(asked.config(), asked.recipes(), definitions, Trust.lenient(), problems);
        var state = new DaemonState(asked.state() == null ? state(loaded) : asked.state());
        Verb verb = Verbs.find(name).orElseThrow(() -> unknown(name));
        Form form = verb.form(words).filter(found -> found.place().isOffline()).orElseThrow(() -> unknown(name));
        List<String> arguments = form.behindWord(words);
        if (form.place() == AnsweredBy.DAEMON_OR_OFFLINE) {
            return new OfflineHistory(loaded, state, clock, printer).answer(verb, form, arguments);
        }
        return new Wiring(List.of(Offline.class), List.of(loaded, problems, state, clock, printer))
                .make(verb.nameOf(form), OfflineCommand.class)
                .run(form.parse(arguments));
    }

    private static ProblemException unknown(String verb) {
        return new ProblemException(
                Problem.usage(verb + " without a daemon is not in this version yet: start the daemon"));
    }

    /** Returns the state folder of the settings, or the system's where only the latter exists. */
    private static Path state(Loaded loaded) {
        Path own = loaded.places()
                .state(null, loaded.settings().state().orElse(null))
                .toAbsolutePath()
                .normalize();
        boolean other = !Files.exists(own) && Files.exists(Places.SYSTEM_STATE);
        return other ? Places.SYSTEM_STATE : own;
    }
}
