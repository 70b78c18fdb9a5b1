package io.leprechaun.daemon.settings;

/**
 * The name of an agent in commands, routes, settings and records: {@code cron}.
 *
 * @param value lower-case letters, digits and {@code -}
 */
public record AgentName(String value) {
    /** The agent that makes recipes due at intervals. */
    public static final AgentName SCHEDULER = new AgentName("scheduler");

    /** The agent that makes recipes due by cron patterns. */
    public static final AgentName CRON = new AgentName("cron");

    /** The agent that makes recipes due by hooks. */
    public static final AgentName SERVER = new AgentName("server");

    /** The agent of recipes that nothing makes due: they have its workers and settings. */
    public static final AgentName BY_HAND = SCHEDULER;

    /** @throws IllegalArgumentException for a text that cannot be a name */
    public AgentName {
        if (value.isEmpty() || !value.chars().allMatch(AgentName::isLegal)) {
            throw new IllegalArgumentException("invalid agent name '" + value + "'");
        }
    }

    private static boolean isLegal(int c) {
        return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-';
    }

    @Override
    public String toString() {
        return value;
    }
}
