package io.leprechaun.daemon.recipe;

import io.leprechaun.daemon.settings.AgentName;
import java.util.List;
import java.util.Set;

/**
 * The kind of cause that made a run due.
 *
 * @param word its spelling for programs, steps and the store: {@code catch-up}
 */
public record TriggerKind(String word) {
    /** An interval. */
    public static final TriggerKind SCHEDULE = new TriggerKind("schedule");

    /** A cron pattern. */
    public static final TriggerKind CRON = new TriggerKind("cron");

    /** A webhook. */
    public static final TriggerKind HOOK = new TriggerKind("hook");

    /** A user's command. */
    public static final TriggerKind MANUAL = new TriggerKind("manual");

    /** The end of other recipes' runs. */
    public static final TriggerKind AFTER = new TriggerKind("after");

    /** A missed due instant that is made up for. */
    public static final TriggerKind CATCH_UP = new TriggerKind("catch-up");

    /** A repetition of an earlier run. */
    public static final TriggerKind RETRY = new TriggerKind("retry");

    /** The kinds of the agents and commands that belong to the daemon, in the order in which they are shown. */
    public static final List<TriggerKind> KNOWN = List.of(SCHEDULE, CRON, HOOK, MANUAL, AFTER, CATCH_UP, RETRY);

    private static final Set<TriggerKind> WAITING = Set.of(HOOK, MANUAL, CATCH_UP, RETRY);

    /** Returns the kind of cause of an agent: the agent's own name, except for the scheduler's intervals. */
    public static TriggerKind dueBy(AgentName agent) {
        return agent.equals(AgentName.SCHEDULER) ? SCHEDULE : new TriggerKind(agent.value());
    }

    /**
     * Returns the policy of a recipe that sets no {@code overlap}: hooks, users' commands, catch-up and retry wait;
     * schedules and other causes skip, since they come again.
     */
    public Overlap overlap() {
        return WAITING.contains(this) ? Overlap.QUEUE : Overlap.SKIP;
    }

    /** Returns the phrase for its way to make a recipe due, placed after {@code was due at …}. */
    public String manner() {
        return switch (word) {
            case "schedule" -> "by its interval";
            case "cron" -> "by its pattern";
            case "after" -> "after others had ended";
            default -> "by its " + word;
        };
    }

    @Override
    public String toString() {
        return word;
    }
}
