package io.leprechaun.cli;

import io.leprechaun.api.AgentCommands;
import io.leprechaun.api.Option;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.Verb;
import io.leprechaun.api.Verbs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The candidates for the next word. The shells' scripts request them with {@link #WORD} at each tab. So the scripts
 * contain no words themselves, and offer the existing recipes and runs.
 */
final class Completion {
    /** The word with which the scripts request candidates. */
    static final String WORD = "__complete";

    /** The line that stands for files, which the shell completes itself. */
    private static final String FILES = ":files";

    private static final Set<String> SHELLS = Set.of("bash", "zsh", "fish");
    /** The kinds of operands that can be completed. */
    private static final List<String> OPERANDS = List.of("RECIPE", "RUN", "AGENT", "SESSION", "FILE", "FOLDER", "COPY");

    private static final List<String> STATES = List.of(
            "queued",
            "waiting",
            "running",
            "stopping",
            "succeeded",
            "failed",
            "killed",
            "timed_out",
            "lost",
            "rejected",
            "skipped",
            "missed",
            "held");

    private final Function<List<String>, List<String>> ids;

    /** @param ids the function that requests a command's ids from the daemon; none where there is no daemon */
    Completion(Function<List<String>, List<String>> ids) {
        this.ids = ids;
    }

    /**
     * Returns a shell's script.
     *
     * @throws ProblemException (usage) for another shell
     */
    static String script(List<String> words) throws IOException {
        String shell = words.isEmpty() ? "" : words.getFirst();
        if (words.size() != 1 || !SHELLS.contains(shell)) {
            throw new ProblemException(Problem.usage("missing or unknown shell: use bash, zsh or fish"));
        }
        try (InputStream script = Completion.class.getResourceAsStream("completion/leprechaun." + shell)) {
            if (script == null) {
                throw new IOException(
                        "the completion script for " + shell + " is missing from the jar: reinstall leprechaun");
            }
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /**
     * Returns the candidates for the last word, one a line: the word, and after a tab its meaning.
     *
     * @param typed the words after {@code leprechaun}; the last one may be incomplete
     */
    List<String> candidates(List<String> typed) {
        String current = typed.isEmpty() ? "" : typed.getLast();
        return all(withoutOwn(typed.subList(0, Math.max(0, typed.size() - 1))), before(typed), current)
                .filter(line -> line.equals(FILES) || line.startsWith(current))
                .toList();
    }

    private static String before(List<String> typed) {
        return typed.size() < 2 ? "" : typed.get(typed.size() - 2);
    }

    /** Returns words without the client's own options. */
    private static List<String> withoutOwn(List<String> words) {
        var rest = new ArrayList<String>();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            Optional<Option> own = OwnOptions.find(word);
            if (own.isPresent()) {
                i += own.get().isValued() ? 1 : 0;
            } else {
                rest.add(word);
            }
        }
        return rest;
    }

    private Stream<String> all(List<String> words, String before, String current) {
        Optional<Verb> verb = words.stream().findFirst().flatMap(first -> verb(words, first));
        List<Option> known = Stream.concat(
                        verb.map(Verb::documented).orElse(List.of()).stream(), OwnOptions.ALL.stream())
                .toList();
        Optional<Option> open = known.stream()
                .filter(option -> option.name().equals(before) && option.isValued())
                .findFirst();
        if (open.isPresent()) {
            return values(open.get().value());
        }
        if (current.startsWith("-")) {
            return known.stream().map(option -> line(option.name(), option.meaning()));
        }
        if (words.isEmpty()) {
            return Stream.concat(lines(Verbs.ALL), agents(true));
        }
        if (AgentCommands.isAgent(words.getFirst())) {
            return ofAgent(words);
        }
        return verb.map(named -> operands(named, words)).orElse(Stream.empty());
    }

    private static Optional<Verb> verb(List<String> words, String first) {
        Optional<Verb> verb = Verbs.find(first);
        return verb.isPresent() || words.size() < 2 || !AgentCommands.isAgent(first)
                ? verb
                : AgentCommands.of(first).stream()
                        .filter(command -> command.name().equals(words.get(1)))
                        .findFirst();
    }

    private Stream<String> ofAgent(List<String> words) {
        if (words.size() == 1) {
            return lines(AgentCommands.of(words.getFirst())).sorted();
        }
        return switch (words.get(1)) {
            case "workers:kill" -> ids.apply(List.of(words.getFirst(), "workers:list")).stream();
            case "queue:drop" -> ids.apply(List.of(words.getFirst(), "queue:list")).stream();
            default -> Stream.empty();
        };
    }

    private Stream<String> operands(Verb verb, List<String> words) {
        if (verb.name().equals("completion")) {
            return SHELLS.stream().sorted();
        }
        List<String> subcommands = verb.subcommands();
        if (subcommands.isEmpty()) {
            return values(verb.synopsis(), OPERANDS);
        }
        return words.size() == 1
                ? Verbs.subcommands(verb.name()).stream().sorted()
                : subcommands.stream()
                        .filter(one -> one.startsWith(words.get(1)))
                        .flatMap(one -> values(one, OPERANDS));
    }

    /** Returns the values for the kinds of operands that a synopsis names. */
    private Stream<String> values(String synopsis, List<String> kinds) {
        List<String> taken = List.of(synopsis.split("[^A-Z]+", -1));
        return kinds.stream().filter(taken::contains).flatMap(this::values);
    }

    private Stream<String> values(String kind) {
        return switch (kind) {
            case "RECIPE" -> ids.apply(List.of("ls")).stream();
            case "RUN" -> ids.apply(List.of("runs")).stream();
            case "SESSION" -> ids.apply(List.of("console", "ls")).stream();
            case "AGENT" -> Stream.concat(agents(false), Stream.of("all"));
            case "STATE" -> STATES.stream();
            case "ZONE" -> ZoneId.getAvailableZoneIds().stream().sorted();
            case "FILE", "FOLDER", "COPY", "PATH" -> Stream.of(FILES);
            default -> Stream.empty();
        };
    }

    private static Stream<String> agents(boolean andDaemon) {
        Stream<String> agents = AgentCommands.AGENTS.stream().map(agent -> line(agent.name(), agent.summary()));
        return (andDaemon ? Stream.concat(agents, Stream.of(line(AgentCommands.DAEMON, "the daemon itself"))) : agents)
                .sorted();
    }

    private static Stream<String> lines(List<Verb> verbs) {
        return verbs.stream().map(verb -> line(verb.name(), verb.summary()));
    }

    private static String line(String word, String meaning) {
        return word + "\t" + meaning;
    }
}
