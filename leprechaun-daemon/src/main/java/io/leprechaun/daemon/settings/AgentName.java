package io.leprechaun.daemon.settings;

/**
 * The name of an agent in commands, routes, settings and records: {@code cron}.
 *
 * @param value lower-case letters, digits and {@code -}
 */
public record AgentName(String value) {
    /** Makes recipes due at intervals. */
    public static final AgentName SCHEDULER = new AgentName("scheduler");

    /** Makes recipes due by cron patterns. */
    public static final AgentName CRON = new AgentName("cron");

    /** Makes recipes due by hooks. */
    public static final AgentName SERVER = new AgentName("server");

    /** The agent whose workers and settings a recipe has that nothing makes due. */
    public static final AgentName BY_HAND = SCHEDULER;

    /** @throws IllegalArgumentException for a text that cannot be a name */
    public AgentName {
        if (value.isEmpty() || !value.chars().allMatch(AgentName::isLegal)) {
            throw new IllegalArgumentException("'" + value + "' cannot be the name of an agent");
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
