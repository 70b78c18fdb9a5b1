package io.leprechaun.cli;

import io.leprechaun.api.Command;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.Resolver;
import io.leprechaun.api.text.Printable;
import io.leprechaun.cli.client.Daemon;
import io.leprechaun.cli.client.Frames;
import io.leprechaun.cli.client.Response;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The command {@code run RECIPE --follow}: starts a run, prints its output as it is produced, shows the current step,
 * and exits with the run's code. It sends three requests, so that the run goes on even if the client ends.
 */
final class Follow {
    private static final String FLAG = "--follow";

    private final Client client;
    private final Console console;
    private final boolean quiet;

    /**
     * The message when the client is interrupted. Written by the client's thread, read by the one that ends the
     * process.
     */
    private volatile @Nullable String farewell;

    Follow(Client client, Console console, boolean quiet) {
        this.client = client;
        this.console = console;
        this.quiet = quiet;
    }

    /** Returns whether the command has the option. */
    static boolean asked(Command command) {
        return command.agent().equals("book")
                && command.command().equals("run")
                && beforeDashes(command.arguments()).contains(FLAG);
    }

    /**
     * Starts and follows a run.
     *
     * @return the run's exit code, or that of the refusal
     * @throws IOException when an answer is cut off
     * @throws ProblemException (usage) for options that do not go together
     */
    int run(Daemon daemon, Command command, boolean json) throws IOException {
        if (json) {
            throw new ProblemException(
                    Problem.usage("--follow and --json cannot be used together: use one, or --wait --json"));
        }
        List<String> arguments = startArguments(command.arguments());
        String id;
        String start = Resolver.route(new Command("book", "run", arguments)) + (arguments.isEmpty() ? "?" : "&")
                + "quiet=true";
        try (Response answer = daemon.ask(start, "text/plain")) {
            if (!answer.ok()) {
                return client.refused(daemon, answer);
            }
            id = Client.sentence(answer);
        }
        if (!id.matches("[0-9]{1,18}")) {
            throw new ProblemException(Problem.defect("unexpected answer '" + Printable.of(id)
                    + "' in place of a run number: find the started run with" + " `leprechaun runs`"));
        }
        farewell = "run " + id + " continues; follow it with: leprechaun logs -f " + id;
        try {
            return follow(daemon, id);
        } catch (IOException e) {
            interrupted();
            throw e;
        } finally {
            farewell = null;
        }
    }

    /** Prints the command that resumes following the current run; nothing when there is none. */
    void interrupted() {
        String words = farewell;
        if (words != null) {
            farewell = null;
            console.say(words);
        }
    }

    private int follow(Daemon daemon, String id) throws IOException {
        var logs = new Command("history", "logs", List.of("-f", "--framed", id));
        try (Response answer = daemon.ask(Resolver.route(logs), "text/plain")) {
            if (!answer.ok()) {
                return client.refused(daemon, answer);
            }
            Frames.read(answer.body(), bytes -> console.data(bytes, bytes.length), this::remark);
        }

        try (Response answer = daemon.ask(Resolver.route(new Command("history", "wait", List.of(id))), "text/plain")) {
            if (!answer.ok()) {
                return client.refused(daemon, answer);
            }
            String outcome = Client.sentence(answer);
            if (!quiet && !outcome.isEmpty()) {
                console.say(Printable.of(outcome));
            }
            return answer.exitCode().orElse(0);
        }
    }

    /** Prints a remark about the steps: faint where there are colours, because it may appear within their output. */
    private void remark(String words) {
        if (!quiet) {
            console.say(client.faint(Printable.of(words)));
        }
    }

    /**
     * Returns the arguments for the daemon, without {@code --follow}, which the client handles, and {@code --wait},
     * which it implies.
     */
    private static List<String> startArguments(List<String> typed) {
        List<String> own = beforeDashes(typed);
        if (own.stream().anyMatch(word -> word.equals("--timeout") || word.startsWith("--timeout="))) {
            throw new ProblemException(Problem.usage("--timeout does not limit --follow: remove it, or use --wait"));
        }
        var arguments = new ArrayList<>(own);
        arguments.removeIf(word -> word.equals(FLAG) || word.equals("--wait"));
        arguments.addAll(typed.subList(own.size(), typed.size()));
        return arguments;
    }

    private static List<String> beforeDashes(List<String> words) {
        int dashes = words.indexOf("--");
        return dashes < 0 ? words : words.subList(0, dashes);
    }
}
