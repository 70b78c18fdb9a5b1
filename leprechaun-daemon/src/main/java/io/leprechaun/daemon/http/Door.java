package io.leprechaun.daemon.http;

import io.leprechaun.api.Access;
import io.leprechaun.api.Places;
import java.nio.file.Path;

/**
 * A socket of the API, and the callers that its permissions admit.
 *
 * @param gid the number of the socket's group
 * @param open whether all users may connect, or only its owner and its group
 * @param most the strongest access at this socket, for any caller
 */
public record Door(Path socket, int gid, boolean open, Access most) {
    /** Returns the daemon's socket, for its owner and its group. */
    public static Door ofGroup(Path socket, int gid) {
        return new Door(socket, gid, false, Access.ADMINISTER);
    }

    /**
     * Returns the socket beside it that is open to all users. It answers only commands that read, and only users who
     * may read.
     */
    public static Door ofReaders(Path socket, int gid) {
        return new Door(Places.readersSocket(socket), gid, true, Access.READ);
    }

    /**
     * Returns the socket beside it that is open to all users. Owners of recipes change their recipes there, and users
     * who may read are answered as at the readers' socket.
     */
    public static Door ofOwners(Path socket, int gid) {
        return new Door(Places.ownSocket(socket), gid, true, Access.CHANGE);
    }

    /** Returns the socket's permissions, as {@code ls -l} shows them. */
    String permissions() {
        return open ? "rw-rw-rw-" : "rw-rw----";
    }

    /** Returns whether the permissions admit only users who may use the socket. */
    boolean admits() {
        return !open;
    }
}
