package io.leprechaun.daemon.http;

import io.leprechaun.api.Access;
import io.leprechaun.api.Places;
import java.nio.file.Path;

/**
 * A socket of the API, and the callers that its permissions let in.
 *
 * @param gid the number of the socket's group
 * @param permissions of the socket, as {@code ls -l} shows them
 * @param most the most that is answered here, whoever asks
 */
public record Door(Path socket, int gid, String permissions, Access most) {
    /** The daemon's socket: for its owner and its group. */
    public static Door ofGroup(Path socket, int gid) {
        return new Door(socket, gid, "rw-rw----", Access.ADMINISTER);
    }

    /** The socket beside it that everybody may connect to: only commands that read are answered, and only to those who may read. */
    public static Door ofReaders(Path socket, int gid) {
        return new Door(Places.readersSocket(socket), gid, "rw-rw-rw-", Access.READ);
    }

    /** Whether the permissions keep everybody out who may not use it. */
    boolean admits() {
        return most != Access.READ;
    }
}
