package io.leprechaun.api;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The short names that people type, and the agent and command that each stands for. A verb wins over an agent of the same name. */
public final class Verbs {
    private static final Map<String, Verb> ALL = Map.ofEntries(
            Map.entry("ls", new Verb("book", "list")),
            Map.entry("show", new Verb("book", "show")),
            Map.entry("env", new Verb("book", "env")),
            Map.entry("run", new Verb("book", "run")),
            Map.entry("retry", new Verb("book", "retry")),
            Map.entry("next", new Verb("book", "next")),
            Map.entry("why", new Verb("book", "why")),
            Map.entry("locks", new Verb("book", "locks")),
            Map.entry("pause", new Verb("book", "pause")),
            Map.entry("resume", new Verb("book", "resume")),
            Map.entry("runs", new Verb("history", "list")),
            Map.entry("logs", new Verb("history", "logs")),
            Map.entry("kill", new Verb("history", "kill")),
            Map.entry("wait", new Verb("history", "wait")),
            Map.entry("usage", new Verb("history", "usage")),
            Map.entry("ack", new Verb("notify", "ack")),
            Map.entry("snooze", new Verb("notify", "snooze")),
            Map.entry("notices", new Verb("notify", "list")));

    /** Verbs that are promised and not there yet: named, so that nobody takes them for an agent. */
    private static final Set<String> LATER = Set.of("import", "export", "top", "doctor");

    private Verbs() {}

    /** What a verb stands for. */
    public record Verb(String agent, String command) {}

    /**
     * What the word stands for; empty when it is no verb and so may be an agent.
     *
     * @throws ProblemException (usage) for a verb that this version does not have yet
     */
    public static Optional<Verb> find(String word) {
        if (LATER.contains(word)) {
            throw new ProblemException(Problem.usage("`" + word + "` is not in this version yet"));
        }
        return Optional.ofNullable(ALL.get(word));
    }
}
