package io.leprechaun.daemon.process;

import java.util.List;

/**
 * The user and groups of a process.
 *
 * @param user the user's name, for messages
 * @param groups all groups of the user, in ascending order
 */
public record Identity(String user, int uid, int gid, List<Integer> groups) {
    public Identity {
        groups = List.copyOf(groups);
    }
}
