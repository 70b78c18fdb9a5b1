package io.leprechaun.api;

/**
 * Who sent a command.
 *
 * @param user the name of the operating system's user behind the socket, recorded with each change
 * @param administrator whether this is root or the daemon's own user
 */
public record Caller(String user, boolean administrator) {
    /** Whether this caller may use a handler of the given kind. */
    public boolean may(Access access) {
        return access != Access.ADMINISTER || administrator;
    }
}
