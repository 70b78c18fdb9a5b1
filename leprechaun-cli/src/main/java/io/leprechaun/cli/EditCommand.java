package io.leprechaun.cli;

import io.leprechaun.api.Arguments;
import io.leprechaun.api.Command;
import io.leprechaun.api.ExitCode;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.Resolver;
import io.leprechaun.api.text.Printable;
import io.leprechaun.cli.client.Daemon;
import io.leprechaun.cli.client.Response;
import io.leprechaun.cli.terminal.Terminal;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The command {@code edit}: changes one of the caller's own recipes, in an editor or from a file, as crontab(1) does.
 * The daemon checks the text before it replaces the one in force.
 */
final class EditCommand implements ClientCommand {
    private static final String BOOK = "book";
    /** The initial text of a new recipe. */
    private static final String EMPTY = """
        # A recipe: each step is a command.
        definition: cron
        pattern: "0 3 * * *"
        steps:
          - echo hello
        """;

    private final Editor editor;
    private final Client client;
    private final Terminal terminal;
    private final Console console;

    EditCommand(Host host, Client client, Terminal terminal, Console console) {
        this.editor = new Editor(host.environment());
        this.client = client;
        this.terminal = terminal;
        this.console = console;
    }

    /** The daemon's answer to a text that was sent. */
    private record SentText(int code, List<String> lines) {}

    @Override
    public int run(Arguments arguments) throws IOException {
        String name = arguments.operand(0, "RECIPE");
        Optional<String> file = arguments.operands().stream().skip(1).findFirst();
        if ((arguments.has("--print") || arguments.has("--remove")) && file.isPresent()
                || arguments.has("--print") && arguments.has("--remove")) {
            throw usage("--print and --remove cannot be combined with each other or a file: use one of them");
        }
        try (Daemon daemon = client.findOwn()) {
            if (arguments.has("--print")) {
                return client.ask(daemon, Resolver.route(new Command(BOOK, "text", List.of(name))));
            }
            if (arguments.has("--remove")) {
                return client.ask(daemon, Resolver.route(new Command(BOOK, "remove", List.of(name))));
            }
            return file.isPresent() ? take(daemon, name, text(file.get())) : edit(daemon, name);
        }
    }

    private int take(Daemon daemon, String name, String text) throws IOException {
        SentText sent = send(daemon, name, text);
        tell(sent);
        return sent.code();
    }

    private void tell(SentText sent) {
        boolean taken = sent.code() == ExitCode.OK.number();
        for (String line : sent.lines()) {
            if (taken) {
                console.data(Printable.of(line) + "\n");
            } else {
                console.complain(line);
            }
        }
    }

    private SentText send(Daemon daemon, String name, String text) throws IOException {
        var command = new Command(BOOK, "put", List.of("--text", text, "--", name));
        try (Response answer = daemon.ask(Resolver.route(command), "text/plain")) {
            int code = answer.exitCode().orElse(ExitCode.OK.number());
            return new SentText(
                    answer.ok() || code != ExitCode.OK.number() ? code : ExitCode.DEFECT.number(),
                    Client.sentence(answer).lines().toList());
        }
    }

    private static String text(String file) {
        try {
            if (file.equals("-")) {
                return decode(System.in.readAllBytes(), "stdin");
            }
            return decode(Files.readAllBytes(Path.of(file)), file);
        } catch (IOException e) {
            throw usage(
                    "cannot read " + Printable.of(file) + " (" + e.getClass().getSimpleName() + ")");
        }
    }

    private static String decode(byte[] bytes, String from) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw usage(Printable.of(from) + " is not UTF-8 text: save it as UTF-8");
        }
    }

    private static ProblemException usage(String detail) {
        return new ProblemException(Problem.usage(detail));
    }

    private int edit(Daemon daemon, String name) throws IOException {
        if (!terminal.is(Terminal.OUT)) {
            throw usage("no terminal for an editor: use `leprechaun edit " + name + " FILE`, or - for stdin");
        }
        String before;
        try (Response answer = daemon.ask(Resolver.route(new Command(BOOK, "text", List.of(name))), "text/plain")) {
            if (answer.ok()) {
                before = body(answer);
            } else if (answer.status() == 404) {
                before = EMPTY;
            } else {
                return client.refused(daemon, answer);
            }
        }
        Path folder = Files.createTempDirectory("leprechaun-edit");
        Path file = Files.writeString(folder.resolve(name.replace('/', '-') + ".yml"), before);
        int code = edit(daemon, name, before, file);
        if (code == ExitCode.OK.number()) {
            Files.deleteIfExists(file);
            Files.deleteIfExists(folder);
        } else {
            console.say("leprechaun: your text is saved in " + Printable.of(file.toString()));
        }
        return code;
    }

    private static String body(Response answer) throws IOException {
        try (InputStream body = answer.body()) {
            return new String(body.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private int edit(Daemon daemon, String name, String before, Path file) throws IOException {
        while (true) {
            int left = editor.open(file);
            if (left != 0) {
                throw usage("the editor failed with status " + left + ": recipe not changed; your text is saved in "
                        + file);
            }
            String text = decode(Files.readAllBytes(file), file.toString());
            if (text.equals(before)) {
                console.say("leprechaun: recipe not changed");
                return ExitCode.OK.number();
            }
            SentText sent = send(daemon, name, text);
            tell(sent);
            if (sent.code() != ExitCode.USAGE.number() || !editor.isWantedAgain()) {
                return sent.code();
            }
        }
    }
}
