package io.leprechaun.daemon.http;

import io.leprechaun.api.Handler;
import io.leprechaun.api.Verbs;
import io.leprechaun.daemon.units.LogValue;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A command as {@code key=value} pairs of a log line. */
final class CommandPairs {
    private CommandPairs() {}

    /**
     * Returns the name of a command: {@code command=run} for a verb, {@code agent=cron command=stop} for a command of
     * an agent.
     *
     * @param path the path of the handler
     */
    static String name(String path, Handler handler) {
        return verb(path, handler)
                .map(verb -> "command=" + LogValue.of(verb))
                .orElseGet(() -> "agent=" + agent(path) + " command=" + handler.command());
    }

    /** Returns the name of a command as it is typed: {@code run}, {@code cron stop}. */
    static String typed(String path, Handler handler) {
        return verb(path, handler).orElseGet(() -> agent(path) + " " + handler.command());
    }

    private static String agent(String path) {
        return path.substring(1, path.indexOf('/', 1));
    }

    private static Optional<String> verb(String path, Handler handler) {
        return Verbs.ALL.stream()
                .flatMap(verb -> verb.forms().stream()
                        .filter(form -> form.route()
                                .filter(route -> route.registrator().equals(agent(path))
                                        && route.command().equals(handler.command()))
                                .isPresent())
                        .map(verb::nameOf))
                .findFirst();
    }

    /** Returns arguments as one value; a word with spaces is quoted inside it. */
    static String arguments(List<String> words) {
        return "args=" + LogValue.of(words.stream().map(CommandPairs::word).collect(Collectors.joining(" ")));
    }

    /** Returns a requester. */
    static String requester(String user) {
        return "by=" + LogValue.of(user);
    }

    private static String word(String word) {
        return word.isEmpty() || word.contains(" ") ? '"' + word + '"' : word;
    }
}
