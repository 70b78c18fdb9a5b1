package io.leprechaun.daemon.process;

import java.util.List;

/**
 * As whom a process runs.
 *
 * @param user the name, for people
 * @param groups all its groups, in ascending order
 */
public record Identity(String user, int uid, int gid, List<Integer> groups) {
    public Identity {
        groups = List.copyOf(groups);
    }
}
