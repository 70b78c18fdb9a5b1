package io.leprechaun.daemon.http;

import io.leprechaun.api.Access;
import io.leprechaun.api.Places;
import java.nio.file.Path;

/**
 * A socket of the API, and the callers that its permissions let in.
 *
 * @param gid the number of the socket's group
 * @param open whether everybody may connect, or only its owner and its group
 * @param most the most that is answered here, whoever asks
 */
public record Door(Path socket, int gid, boolean open, Access most) {
    /** The daemon's socket: for its owner and its group. */
    public static Door ofGroup(Path socket, int gid) {
        return new Door(socket, gid, false, Access.ADMINISTER);
    }

    /** The socket beside it that everybody may connect to: only commands that read are answered, and only to those who may read. */
    public static Door ofReaders(Path socket, int gid) {
        return new Door(Places.readersSocket(socket), gid, true, Access.READ);
    }

    /** The socket beside it that everybody may connect to: those who have recipes of their own change those, and those who may read are answered as at the readers' socket. */
    public static Door ofOwners(Path socket, int gid) {
        return new Door(Places.ownSocket(socket), gid, true, Access.CHANGE);
    }

    /** Its permissions, as {@code ls -l} shows them. */
    String permissions() {
        return open ? "rw-rw-rw-" : "rw-rw----";
    }

    /** Whether the permissions keep everybody out who may not use it. */
    boolean admits() {
        return !open;
    }
}
