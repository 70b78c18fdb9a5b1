package io.leprechaun.daemon.http;

import io.leprechaun.api.Handler;
import io.leprechaun.api.Verbs;
import io.leprechaun.daemon.units.LogValue;
import java.util.List;
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
        String agent = path.substring(1, path.indexOf('/', 1));
        return Verbs.ALL.stream()
                .flatMap(verb -> verb.forms().stream()
                        .filter(form -> form.route()
                                .filter(route -> route.registrator().equals(agent)
                                        && route.command().equals(handler.command()))
                                .isPresent())
                        .map(verb::nameOf))
                .findFirst()
                .map(verb -> "command=" + LogValue.of(verb))
                .orElseGet(() -> "agent=" + agent + " command=" + handler.command());
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
