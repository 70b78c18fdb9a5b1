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
            new NamedAgent("scheduler", "recipes with an interval"),
            new NamedAgent("cron", "recipes with a cron pattern"),
            new NamedAgent("server", "recipes with a hook"));

    /** The commands of each agent. */
    public static final List<Verb> OF_AGENTS = List.of(
            agents("info", "show status, running and queued runs, recipes", Access.READ),
            agents("start", "resume after pause or stop", Access.CHANGE),
            new Verb(
                    "stop",
                    "[--now]",
                    "accept no runs, and wait for running ones",
                    List.of(flag("--now", "end running runs at once")),
                    List.of(),
                    changes("", "stop", 0)),
            agents("pause", "hold runs that become due", Access.CHANGE),
            agents("recipes", "list the agent's recipes", Access.READ),
            agents("workers:list", "list running runs", Access.READ),
            new Verb(
                    "workers:kill",
                    "NAME",
                    "end the run of a worker",
                    List.of(),
                    List.of(),
                    changes("", "workers:kill", 1)),
            agents("queue:list", "list queued runs", Access.READ),
            new Verb(
                    "queue:drop",
                    "RUN",
                    "remove a run from the queue",
                    List.of(),
                    List.of(),
                    changes("", "queue:drop", 1)));

    /** The command that only the agents with a schedule or a pattern answer. */
    public static final Verb NEXT = Verb.undocumented("next", List.of(), reads("", "next", 1));

    /** The commands of the daemon itself. */
    public static final List<Verb> OF_DAEMON = List.of(
            daemons("info", "show version, paths and memory use", Access.READ),
            daemons("services", "list the agents and their status", Access.READ),
            daemons("health", "check whether the daemon accepts work", Access.READ),
            daemons("metrics", "print the metrics for Prometheus", Access.READ),
            daemons("clock", "show whether the clock is trusted, and its changes", Access.READ),
            daemons("clock:accept", "trust the clock as it is", Access.ADMINISTER),
            daemons("reload", "read the recipes again", Access.ADMINISTER),
            daemons("kill", "stop the daemon cleanly", Access.ADMINISTER));

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
