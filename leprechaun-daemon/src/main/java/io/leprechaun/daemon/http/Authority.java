package io.leprechaun.daemon.http;

import io.leprechaun.api.Access;
import java.util.Optional;

/** What each user of this host may ask of the daemon. Thread-safe. */
public interface Authority {
    /**
     * The most that a user may do; empty: nothing.
     *
     * @param user by the name that the system has for the other side of a connection, or by number where it has none
     * @param admitted whether the permissions of the socket let this user in
     */
    Optional<Access> most(String user, boolean admitted);

    /** The holders of a role, for people: {@code root and the daemon's own user have it}. */
    String holders(Access role);
}
