package io.leprechaun.cli;

import io.leprechaun.api.AnsweredBy;
import io.leprechaun.api.Arguments;
import io.leprechaun.api.Command;
import io.leprechaun.api.ExitCode;
import io.leprechaun.api.Form;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.Verb;
import io.leprechaun.api.Verbs;
import io.leprechaun.cli.Invocation.Options;
import io.leprechaun.cli.client.Daemon;
import io.leprechaun.cli.terminal.Terminal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The client's program: it takes words, prints bytes and returns an exit code. Owned by one thread;
 * {@link #interrupted} may be called by another.
 */
final class Leprechaun {
    /** The exit code of a process that SIGPIPE has ended. */
    private static final int READER_GONE = 141;

    private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");

    private final Host host;
    private final Terminal terminal;
    private final Console console;
    private final ProgramReplacer offline;
    private volatile @Nullable Follow following;

    Leprechaun(Host host, Terminal terminal, Console console, ProgramReplacer offline) {
        this.host = host;
        this.terminal = terminal;
        this.console = console;
        this.offline = offline;
    }

    /** Runs the typed command and returns the exit code. */
    int run(List<String> typed) {
        try {
            return attempt(typed);
        } catch (Console.ReaderGoneException _) {
            return READER_GONE;
        } catch (ProblemException unwritable) {
            // stdout does not take the document: report the problem on stderr at least.
            return console.report(unwritable.problem(), false);
        } finally {
            console.finish();
        }
    }

    private int attempt(List<String> typed) {
        if (!typed.isEmpty() && typed.getFirst().equals(Completion.WORD)) {
            return complete(typed.subList(1, typed.size()));
        }
        boolean json = typed.contains("--json");
        try {
            Typed.requireUtf8(typed, COMMAND_LINE);
            Invocation invocation = Invocation.parse(typed);
            json = invocation.options().json();
            return run(invocation);
        } catch (ProblemException e) {
            return console.report(e.problem(), json);
        } catch (IOException e) {
            String detail =
                    "the daemon's answer is incomplete (" + e.getMessage() + "): retry, or see the daemon's log";
            return console.report(new Problem(502, "Answer broken off", detail, ExitCode.UNREACHABLE), json);
        }
    }

    /** Prints how to resume following a run, and resets the terminal. To be called when the process ends. */
    void interrupted() {
        Follow follow = following;
        if (follow != null) {
            follow.interrupted();
        }
        console.finish();
    }

    private int run(Invocation invocation) throws IOException {
        List<String> words = invocation.words();
        return switch (invocation.wish()) {
            case HELP -> help(words);
            case VERSION -> own("version", invocation.options()).run(Arguments.parse(List.of(), List.of(), 0));
            case COMMAND -> words.isEmpty() ? help(words) : command(words, invocation.options());
        };
    }

    private int command(List<String> words, Options options) throws IOException {
        String first = words.getFirst();
        List<String> rest = words.subList(1, words.size());
        if (first.equals("help")) {
            return help(rest);
        }
        Optional<Verb> verb = Verbs.find(first);
        if (rest.isEmpty() && verb.isPresent()) {
            requireNoSubcommand(verb.get());
        }
        Optional<Form> form = verb.flatMap(known -> known.form(rest));
        return switch (form.map(Form::place).orElse(AnsweredBy.DAEMON)) {
            case CLIENT -> own(first, options).run(form.orElseThrow().parse(rest));
            case OFFLINE -> offline(words, options, false);
            case OFFLINE_IN_STATE -> offline(words, options, true);
            case DAEMON -> ask(words, options, false);
            case DAEMON_OR_OFFLINE -> ask(words, options, true);
        };
    }

    private static void requireNoSubcommand(Verb verb) {
        List<String> subcommands = verb.subcommands();
        if (!subcommands.isEmpty() && verb.forms().stream().allMatch(Form::isSubcommand)) {
            throw new ProblemException(Problem.usage(subcommands.stream()
                    .map(one -> "`leprechaun " + verb.name() + " " + withoutOptions(one) + "`")
                    .collect(Collectors.joining(" or ", "missing subcommand: use ", ""))));
        }
    }

    private static String withoutOptions(String synopsis) {
        int options = synopsis.indexOf(" [");
        return options < 0 ? synopsis : synopsis.substring(0, options);
    }

    /** Returns the command that answers one of the client's own verbs. */
    ClientCommand own(String verb, Options options) {
        return switch (verb) {
            case "version" -> new VersionCommand(host.tree(), console, options.json());
            case "completion" -> new CompletionCommand(console);
            case "edit" -> new EditCommand(host, new Client(host, options, terminal, console), terminal, console);
            default -> throw new IllegalStateException("no command answers " + verb);
        };
    }

    /** @param orOffline whether the state folder is read instead if the daemon does not run */
    private int ask(List<String> words, Options options, boolean orOffline) throws IOException {
        Command command = Command.of(withServer(words));
        var client = new Client(host, options, terminal, console);
        String target = client.target(command); // first: meanwhile another thread prepares the sockets
        Daemon found;
        try {
            found = client.find();
        } catch (ProblemException e) {
            if (orOffline && e.problem().code() == ExitCode.UNREACHABLE && client.mayBeAny()) {
                return offline(words, options, false);
            }
            throw e;
        }
        try (Daemon daemon = found) {
            if (Follow.asked(command)) {
                var follow = new Follow(client, console, options.quiet());
                following = follow;
                return follow.run(daemon, command, options.json());
            }
            return client.ask(daemon, target);
        }
    }

    /**
     * Returns the words of a command. A link to the console needs the ssh server that the user is connected to, which
     * the daemon does not know.
     */
    private List<String> withServer(List<String> words) {
        String[] connection =
                host.environment().getOrDefault("SSH_CONNECTION", "").split(" ", -1);
        if (connection.length != 4
                || !words.getFirst().equals(Verbs.CONSOLE)
                || words.size() > 1 && Verbs.subcommands(Verbs.CONSOLE).contains(words.get(1))) {
            return words;
        }
        var more = new ArrayList<>(words);
        more.add(1, "--ssh=" + connection[2] + " " + connection[3]);
        return more;
    }

    /**
     * Runs a verb that needs no daemon. The daemon's program implements it, and replaces this process.
     *
     * @param inState whether it works in the state folder of the daemon that other commands would ask
     */
    private int offline(List<String> words, Options options, boolean inState) throws IOException {
        String verb = words.getFirst();
        Path tree = host.tree()
                .orElseThrow(() -> new ProblemException(Problem.defect(
                        "'" + verb + "' needs leprechaund: start the client as bin/leprechaun, which finds it")));
        var arguments = new ArrayList<>(List.of("offline", verb));
        if (options.json()) {
            arguments.add("--json");
        }
        if (options.quiet()) {
            arguments.add("-q");
        }
        var client = new Client(host, options, terminal, console);
        arguments.addAll(client.appearance());
        arguments.addAll(workplace(inState, client));
        options.config().ifPresent(config -> arguments.addAll(List.of("--config", config.toString())));
        arguments.addAll(words.subList(1, words.size()));
        return offline.become(tree.resolve("bin/leprechaund"), arguments);
    }

    /**
     * Returns the options for the files and folders of the daemon whose socket was named. For a verb that reads a
     * store, also those of the daemon that other commands would ask.
     */
    private static List<String> workplace(boolean inState, Client client) throws IOException {
        if (client.mayBeAny() && !inState) {
            return List.of();
        }
        try (Daemon daemon = client.find()) {
            return client.workplace(daemon).options();
        } catch (ProblemException e) {
            if (client.mayBeAny()) {
                return List.of(); // none answers, or it refuses: the settings name its places
            }
            throw e;
        }
    }

    /**
     * Prints the candidates for a shell. Without a daemon, its names are left out without a message. So are names of
     * broken files that a shell would not read as one word.
     */
    private int complete(List<String> typed) {
        Options options;
        try {
            options = Invocation.parse(typed.subList(0, Math.max(0, typed.size() - 1)))
                    .options();
        } catch (ProblemException _) {
            return ExitCode.OK.number(); // the error is reported when the line is executed
        }
        var completion = new Completion(words -> ids(words, options));
        completion.candidates(typed).forEach(line -> console.data(line + "\n"));
        return ExitCode.OK.number();
    }

    private List<String> ids(List<String> words, Options options) {
        var client = new Client(host, options, terminal, console);
        try (Daemon daemon = client.find()) {
            return client.ids(daemon, Command.of(words)).stream()
                    .filter(id -> id.matches("[A-Za-z0-9_][A-Za-z0-9._/-]*"))
                    .toList();
        } catch (ProblemException | IOException e) {
            return List.of();
        }
    }

    private int help(List<String> words) {
        console.data(Help.of(words));
        return ExitCode.OK.number();
    }
}
