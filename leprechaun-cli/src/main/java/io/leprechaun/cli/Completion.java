package io.leprechaun.cli;

import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What may be typed next. The scripts for the shells ask for it with {@link #WORD} at each tab: so they hold no words of their own, and know the recipes and runs
 * that are there.
 */
final class Completion {
    /** The word by which the scripts ask. */
    static final String WORD = "__complete";

    /** Where a file may follow; the shell knows those. */
    private static final String FILES = ":files";

    private static final Set<String> SHELLS = Set.of("bash", "zsh", "fish");
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

    private static final Map<String, String> DAEMON = Map.of(
            "info", "where everything is, the memory it occupies",
            "services", "the agents and their status",
            "health", "whether it can take work",
            "clock", "whether the clock is believed, and how it was set",
            "clock:accept", "believes the clock as it is",
            "reload", "reads the recipes now",
            "kill", "stops the daemon cleanly");

    private static final Map<String, String> AGENT = Map.of(
            "info", "status, running, queued, recipes",
            "start", "goes on",
            "stop", "takes nothing, and waits for what runs",
            "pause", "holds back what becomes due",
            "recipes", "those it makes due",
            "workers:list", "who works",
            "workers:kill", "ends what one works on",
            "queue:list", "what waits",
            "queue:drop", "takes a run out of the queue");

    private static final Map<String, String> AGENTS = Map.of(
            "daemon", "the daemon itself",
            "scheduler", "recipes that run every so often",
            "cron", "recipes with a pattern",
            "server", "recipes with a hook");

    private final Function<List<String>, List<String>> ids;

    /** @param ids asks the daemon for the ids that a command answers with; none where there is no daemon */
    Completion(Function<List<String>, List<String>> ids) {
        this.ids = ids;
    }

    /**
     * A shell's script.
     *
     * @throws ProblemException (usage) for another shell
     */
    static String script(List<String> words) throws IOException {
        String shell = words.isEmpty() ? "" : words.getFirst();
        if (words.size() != 1 || !SHELLS.contains(shell)) {
            throw new ProblemException(Problem.usage("write one of: leprechaun completion bash, zsh, fish"));
        }
        try (InputStream script = Completion.class.getResourceAsStream("completion/leprechaun." + shell)) {
            if (script == null) {
                throw new IOException("the script for " + shell + " is not in the jar");
            }
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /**
     * What may stand in place of the last word, a line each: the word, and behind a tab what it is.
     *
     * @param typed what stands behind {@code leprechaun}, the last word as far as it is there
     */
    List<String> candidates(List<String> typed) {
        String current = typed.isEmpty() ? "" : typed.getLast();
        return all(withoutOwn(typed.subList(0, Math.max(0, typed.size() - 1))), before(typed), current)
                .filter(line -> line.equals(FILES) || line.startsWith(current))
                .toList();
    }

    /** Whether it is the name of one that this version has. */
    static boolean isAgent(String word) {
        return AGENTS.containsKey(word);
    }

    private static String before(List<String> typed) {
        return typed.size() < 2 ? "" : typed.get(typed.size() - 2);
    }

    /** The words before the last one, without the client's own options. */
    private static List<String> withoutOwn(List<String> words) {
        var rest = new ArrayList<String>();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            Optional<Topic.Option> own = option(Topics.OWN, word);
            if (own.isPresent()) {
                i += own.get().value().isEmpty() ? 0 : 1;
            } else {
                rest.add(word);
            }
        }
        return rest;
    }

    private Stream<String> all(List<String> words, String before, String current) {
        Optional<Topic> topic = words.stream().findFirst().flatMap(Topics::find);
        List<Topic.Option> known = Stream.concat(
                        topic.map(Topic::options).orElse(List.of()).stream(), Topics.OWN.stream())
                .toList();
        Optional<Topic.Option> open =
                option(known, before).filter(option -> !option.value().isEmpty());
        if (open.isPresent()) {
            return values(open.get().value());
        }
        if (current.startsWith("-")) {
            return known.stream().map(option -> line(option.name(), option.meaning()));
        }
        if (words.isEmpty()) {
            return Stream.concat(Topics.ALL.stream().map(verb -> line(verb.name(), verb.summary())), lines(AGENTS));
        }
        return topic.map(verb -> operands(verb, words)).orElseGet(() -> ofAgent(words));
    }

    private Stream<String> ofAgent(List<String> words) {
        if (!AGENTS.containsKey(words.getFirst())) {
            return Stream.empty();
        }
        if (words.size() == 1) {
            return lines(words.getFirst().equals("daemon") ? DAEMON : AGENT);
        }
        return switch (words.get(1)) {
            case "workers:kill" -> ids.apply(List.of(words.getFirst(), "workers:list")).stream();
            case "queue:drop" -> ids.apply(List.of(words.getFirst(), "queue:list")).stream();
            default -> Stream.empty();
        };
    }

    private Stream<String> operands(Topic topic, List<String> words) {
        return switch (topic.name()) {
            case "completion" -> SHELLS.stream().sorted();
            case "hook" -> words.size() == 1 ? Stream.of("replay", "test") : hook(words.get(1));
            case "new" -> Stream.empty(); // a name that is not there yet, and commands
            default ->
                Stream.of("RECIPE", "RUN", "AGENT", "FILE", "FOLDER", "COPY")
                        .filter(topic::takes)
                        .flatMap(this::values);
        };
    }

    private Stream<String> hook(String what) {
        return what.equals("test") ? Stream.concat(values("RECIPE"), values("FILE")) : values("RUN");
    }

    private Stream<String> values(String kind) {
        return switch (kind) {
            case "RECIPE" -> ids.apply(List.of("ls")).stream();
            case "RUN" -> ids.apply(List.of("runs")).stream();
            case "AGENT" -> Stream.concat(lines(AGENTS).filter(line -> !line.startsWith("daemon")), Stream.of("all"));
            case "STATE" -> STATES.stream();
            case "ZONE" -> ZoneId.getAvailableZoneIds().stream().sorted();
            case "FILE", "FOLDER", "COPY", "PATH" -> Stream.of(FILES);
            default -> Stream.empty();
        };
    }

    private static Optional<Topic.Option> option(List<Topic.Option> known, String word) {
        return known.stream().filter(option -> option.name().equals(word)).findFirst();
    }

    private static Stream<String> lines(Map<String, String> words) {
        return words.entrySet().stream()
                .map(word -> line(word.getKey(), word.getValue()))
                .sorted();
    }

    private static String line(String word, String meaning) {
        return word + "\t" + meaning;
    }
}
