package io.leprechaun.api;

import static io.leprechaun.api.Form.changes;
import static io.leprechaun.api.Form.reads;
import static io.leprechaun.api.Option.flag;

import java.util.List;

/** The commands that agents and the daemon itself answer: {@code leprechaun scheduler info} for example. */
public final class AgentCommands {
    /** The name under which the daemon answers for itself. */
    public static final String DAEMON = "daemon";

    /** The agents of this version. */
    public static final List<NamedAgent> AGENTS = List.of(
            new NamedAgent("scheduler", "recipes that run every so often"),
            new NamedAgent("cron", "recipes with a pattern"),
            new NamedAgent("server", "recipes with a hook"));

    /** The commands of each agent. */
    public static final List<Verb> OF_AGENTS = List.of(
            agents("info", "status, running, queued, recipes", Access.READ),
            agents("start", "goes on", Access.CHANGE),
            new Verb(
                    "stop",
                    "[--now]",
                    "takes nothing, and waits for what runs",
                    List.of(flag("--now", "ends what runs")),
                    List.of(),
                    changes("", "stop", 0)),
            agents("pause", "holds back what becomes due", Access.CHANGE),
            agents("recipes", "those it makes due", Access.READ),
            agents("workers:list", "who works", Access.READ),
            new Verb(
                    "workers:kill",
                    "NAME",
                    "ends what one works on",
                    List.of(),
                    List.of(),
                    changes("", "workers:kill", 1)),
            agents("queue:list", "what waits", Access.READ),
            new Verb(
                    "queue:drop",
                    "RUN",
                    "takes a run out of the queue",
                    List.of(),
                    List.of(),
                    changes("", "queue:drop", 1)));

    /** The command that only the agents with a schedule or a pattern answer. */
    public static final Verb NEXT = Verb.undocumented("next", List.of(), reads("", "next", 1));

    /** The commands of the daemon itself. */
    public static final List<Verb> OF_DAEMON = List.of(
            daemons("info", "where everything is, the memory it occupies", Access.READ),
            daemons("services", "the agents and their status", Access.READ),
            daemons("health", "whether it can take work", Access.READ),
            daemons("clock", "whether the clock is believed, and how it was set", Access.READ),
            daemons("clock:accept", "believes the clock as it is", Access.ADMINISTER),
            daemons("reload", "reads the recipes now", Access.ADMINISTER),
            daemons("kill", "stops the daemon cleanly", Access.ADMINISTER));

    private AgentCommands() {}

    /** An agent and the recipes that it makes due. */
    public record NamedAgent(String name, String summary) {}

    private static Verb agents(String name, String summary, Access access) {
        return new Verb(name, "", summary, List.of(), List.of(), Form.of(AnsweredBy.DAEMON, "", name, access, 0));
    }

    private static Verb daemons(String name, String summary, Access access) {
        return new Verb(name, "", summary, List.of(), List.of(), Form.of(AnsweredBy.DAEMON, DAEMON, name, access, 0));
    }

    /** Returns whether a word is the name of an agent, or the daemon's. */
    public static boolean isAgent(String word) {
        return word.equals(DAEMON)
                || AGENTS.stream().anyMatch(agent -> agent.name().equals(word));
    }

    /** Returns the commands that may follow the name of an agent, or the daemon's. */
    public static List<Verb> of(String agent) {
        return agent.equals(DAEMON) ? OF_DAEMON : OF_AGENTS;
    }

    /** Returns a command that each agent has. */
    public static Form ofAgents(String name) {
        return find(OF_AGENTS, name);
    }

    /** Returns a command of the daemon itself. */
    public static Form ofDaemon(String name) {
        return find(OF_DAEMON, name);
    }

    private static Form find(List<Verb> commands, String name) {
        return commands.stream()
                .filter(verb -> verb.name().equals(name))
                .findFirst()
                .map(Verb::form)
                .orElseThrow();
    }
}
