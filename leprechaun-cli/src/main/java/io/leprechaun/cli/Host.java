package io.leprechaun.cli;

import io.leprechaun.api.Places;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The user and the surroundings of the client.
 *
 * @param home the user's home folder
 * @param uid the user's number
 * @param tree the root of the runnable tree that the client is part of; empty when it was not started by its launcher
 */
record Host(Map<String, String> environment, Path home, long uid, Optional<Path> tree) {
    private static final int NOBODY = 65_534;

    Host {
        environment = Map.copyOf(environment);
    }

    /**
     * Returns the host of this process. The launcher passes the tree in the system property {@code leprechaun.home}.
     */
    static Host current() {
        Optional<Path> tree =
                Optional.ofNullable(System.getProperty("leprechaun.home")).map(Path::of);
        return new Host(System.getenv(), Places.ownHome(), ownUid(), tree);
    }

    /**
     * Returns the user's number: the owner of the process's folder in {@code /proc}, which is cheaper to read than a
     * native call.
     */
    private static long ownUid() {
        try {
            return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        } catch (IOException _) {
            return System.getProperty("user.name", "").equals("root") ? 0 : NOBODY;
        }
    }
}
