package io.leprechaun.api;

/**
 * The sender of a command.
 *
 * @param user the name of the operating system's user behind the socket, recorded with each change
 * @param most the strongest access that this user has
 */
public record Caller(String user, Access most) {
    /** Returns whether this caller may use a handler of the given kind. */
    public boolean may(Access access) {
        return access.compareTo(most) <= 0;
    }
}
