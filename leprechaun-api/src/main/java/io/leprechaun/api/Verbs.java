package io.leprechaun.api;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The short names that people type, and the agent and command that each stands for. A verb wins over an agent of the same name. */
public final class Verbs {
    private static final Map<String, Verb> ALL = Map.of(
            "ls", new Verb("book", "list"),
            "show", new Verb("book", "show"),
            "env", new Verb("book", "env"),
            "run", new Verb("book", "run"),
            "next", new Verb("book", "next"),
            "runs", new Verb("history", "list"),
            "logs", new Verb("history", "logs"),
            "kill", new Verb("history", "kill"),
            "wait", new Verb("history", "wait"));

    /** Verbs that are promised and not there yet: named, so that nobody takes them for an agent. */
    private static final Set<String> LATER = Set.of(
            "why",
            "retry",
            "pause",
            "resume",
            "new",
            "import",
            "export",
            "top",
            "doctor",
            "completion",
            "simulate",
            "locks",
            "usage");

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
