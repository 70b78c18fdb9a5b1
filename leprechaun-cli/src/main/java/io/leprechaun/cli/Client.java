package io.leprechaun.cli;

import io.leprechaun.api.Command;
import io.leprechaun.api.ExitCode;
import io.leprechaun.api.Places;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.Resolver;
import io.leprechaun.api.text.Printable;
import io.leprechaun.api.text.Screen;
import io.leprechaun.api.text.Style;
import io.leprechaun.cli.client.Daemon;
import io.leprechaun.cli.client.Finder;
import io.leprechaun.cli.client.Response;
import io.leprechaun.cli.terminal.Terminal;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The client of the daemon's API. It turns a command into a request, prints the answer's bytes, and returns its exit
 * code.
 */
final class Client {
    /** The limit in bytes for a refusal's text, which is short; more of it is not read. */
    private static final int SENTENCE_LIMIT = 64 * 1024;

    /** The client's name in its requests. */
    private static final String AGENT = "leprechaun";

    private static final int USUAL_COLUMNS = 80;
    private static final int LEAST_COLUMNS = 20;

    private final Host host;
    private final Invocation.Options options;
    private final Terminal terminal;
    private final Console console;

    Client(Host host, Invocation.Options options, Terminal terminal, Console console) {
        this.host = host;
        this.options = options;
        this.terminal = terminal;
        this.console = console;
    }

    /**
     * Connects to the first daemon that answers.
     *
     * @throws ProblemException when none does
     */
    Daemon find() {
        Sockets found = sockets();
        return new Finder(host.uid(), AGENT).find(found.paths(), found.named());
    }

    /**
     * Connects to the daemon that keeps recipes of users.
     *
     * @throws ProblemException when there is none
     */
    Daemon findOwn() {
        Sockets found = sockets();
        return new Finder(host.uid(), AGENT).own(found.paths(), found.named());
    }

    /**
     * The sockets at which a daemon may be.
     *
     * @param named the one among them that the user named, if any
     */
    private record Sockets(List<Path> paths, @Nullable Path named) {}

    private Sockets sockets() {
        Path flag = options.socket().orElse(null);
        var places = new Places(host.environment(), host.home(), host.uid() == 0, host.tree(), Files::exists);
        Optional<Path> asked = places.askedSocket(flag);
        if (asked.isPresent()) {
            return new Sockets(List.of(asked.get()), asked.get());
        }
        Path config = options.config().orElse(null);
        boolean named = places.namedSettings(config).isPresent();
        SettingsLines settings = places.settings(config)
                .map(file -> SettingsLines.read(file, named))
                .orElse(SettingsLines.NONE);
        // A user who names the settings means their daemon, not another one that happens to answer.
        List<Path> sockets = named && settings.socket() != null
                ? List.of(settings.socket())
                : places.socketCandidates(settings.socket(), settings.state());
        return new Sockets(sockets, settings.socket());
    }

    /** Returns whether any daemon may answer, because neither a flag nor a variable names a socket. */
    boolean mayBeAny() {
        return host.environment().getOrDefault("LEPRECHAUN_SOCKET", "").isEmpty()
                && options.socket().isEmpty();
    }

    /** Returns the options that give an answer the right look, for the program that replaces this one. */
    List<String> appearance() {
        boolean shown = terminal.is(Terminal.OUT);
        var options = new ArrayList<String>();
        if (shown && color()) {
            options.add("--color");
        }
        columns(shown).ifPresent(columns -> options.addAll(List.of("--columns", columns.toString())));
        return options;
    }

    /**
     * Sends a request and prints the answer.
     *
     * @param target the request's {@linkplain #target target}
     * @return the exit code
     * @throws IOException when the answer breaks off
     */
    int ask(Daemon daemon, String target) throws IOException {
        try (Response answer = daemon.ask(target, options.json() ? "application/json" : "text/plain")) {
            if (!answer.ok()) {
                return refused(daemon, answer);
            }
            int code = data(answer);
            if (!options.quiet()) {
                answer.note().map(Printable::of).ifPresent(console::say);
            }
            return code;
        }
    }

    /** Returns the ids in a command's answer; none where it is refused. */
    List<String> ids(Daemon daemon, Command command) throws IOException {
        String route = Resolver.route(command) + (command.arguments().isEmpty() ? "?" : "&") + "quiet=true";
        try (Response answer = daemon.ask(route, "text/plain")) {
            return answer.ok() ? sentence(answer).lines().toList() : List.of();
        }
    }

    /**
     * Returns the files and folders that a daemon uses.
     *
     * @throws ProblemException when the daemon refuses to show them
     */
    Workplace workplace(Daemon daemon) throws IOException {
        try (Response answer = daemon.ask(Resolver.route(Command.of(List.of("daemon", "info"))), "application/json")) {
            if (answer.ok()) {
                return new Workplace(sentence(answer));
            }
            ExitCode code = byStatus(answer.status());
            throw new ProblemException(new Problem(
                    answer.status(),
                    "Not shown",
                    "the daemon at " + daemon.socket() + " does not show its folders (" + answer.status()
                            + "): use an account with a role, or omit --socket",
                    code));
        }
    }

    /** Prints an answer's data and returns the exit code. */
    int data(Response answer) throws IOException {
        InputStream body = answer.body();
        byte[] buffer = new byte[16 * 1024];
        for (int count = body.read(buffer); count >= 0; count = body.read(buffer)) {
            console.data(buffer, count);
        }
        return answer.exitCode().orElse(ExitCode.OK.number());
    }

    /** Prints the reason in a refusal and returns the exit code. */
    int refused(Daemon daemon, Response answer) throws IOException {
        String type = answer.header("Content-Type").orElse("");
        if (options.json() && type.contains("json")) {
            data(answer);
        } else if (!options.json() && type.startsWith("text/plain")) {
            console.complain(sentence(answer));
        } else {
            // Not one of the daemon's own answers: its HTTP server has refused the request, or another program
            // listens there.
            String detail = "unexpected answer " + answer.status() + " without a reason at " + daemon.socket()
                    + ": check that the daemon listens there, in the client's version";
            console.report(
                    new Problem(answer.status(), "Not understood", detail, byStatus(answer.status())), options.json());
        }
        int code = answer.exitCode().orElse(0);
        return code == 0 ? byStatus(answer.status()).number() : code;
    }

    /** Returns the text of a short answer, stripped of surrounding blanks. */
    static String sentence(Response answer) throws IOException {
        return new String(answer.body().readNBytes(SENTENCE_LIMIT), StandardCharsets.UTF_8).strip();
    }

    /**
     * Returns the path and query of a command, with the form and look of the answer that is wanted here.
     *
     * @throws ProblemException (usage) when the command has no path
     */
    String target(Command command) {
        var target = new StringBuilder(Resolver.route(command));
        char separator = command.arguments().isEmpty() ? '?' : '&';
        if (options.quiet()) {
            target.append(separator).append("quiet=true");
            separator = '&';
        }
        if (!options.json()) {
            boolean shown = terminal.is(Terminal.OUT);
            target.append(separator).append("color=").append(shown && color());
            columns(shown).ifPresent(columns -> target.append("&columns=").append(columns));
        }
        return target.toString();
    }

    /** Returns a message in a faint colour, if standard error shows colours. */
    String faint(String words) {
        return terminal.is(Terminal.ERR) && color()
                ? Style.DIM.paint(words, new Screen(Screen.UNBOUNDED, true))
                : words;
    }

    private boolean color() {
        String no = host.environment().get("NO_COLOR");
        return (no == null || no.isEmpty()) && !"dumb".equals(host.environment().get("TERM"));
    }

    /** Returns the width that tables are fitted to; empty where nothing is cut. */
    private Optional<Integer> columns(boolean shown) {
        String said = host.environment().getOrDefault("COLUMNS", "");
        if (!said.isEmpty()
                && said.length() < 6
                && said.chars().allMatch(c -> c >= '0' && c <= '9')
                && Integer.parseInt(said) > 0) {
            return Optional.of(Math.max(LEAST_COLUMNS, Integer.parseInt(said)));
        }
        if (!shown) {
            return Optional.empty();
        }
        int columns = terminal.columns();
        return Optional.of(columns == 0 ? USUAL_COLUMNS : Math.max(LEAST_COLUMNS, columns));
    }

    private static ExitCode byStatus(int status) {
        return switch (status) {
            case 400, 405, 406, 413, 414, 422 -> ExitCode.USAGE;
            case 401, 403 -> ExitCode.NOT_PERMITTED;
            case 404 -> ExitCode.NOT_FOUND;
            case 409, 429, 503, 507 -> ExitCode.REFUSED;
            case 408, 504 -> ExitCode.TIMED_OUT;
            default -> ExitCode.DEFECT;
        };
    }
}
