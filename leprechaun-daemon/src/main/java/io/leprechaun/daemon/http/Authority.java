package io.leprechaun.daemon.http;

import io.leprechaun.api.Access;
import java.util.Optional;

/** The access of each user of this host to the daemon. Thread-safe. */
public interface Authority {
    /**
     * Returns the strongest access that a user has; empty: none.
     *
     * @param user the name of the connection's peer in the system, or the number where it has no name
     * @param admitted whether the permissions of the socket let this user in
     */
    Optional<Access> most(String user, boolean admitted);

    /** Returns the holders of a role, for users: {@code root and the daemon's own user have it}. */
    String holders(Access role);
}
