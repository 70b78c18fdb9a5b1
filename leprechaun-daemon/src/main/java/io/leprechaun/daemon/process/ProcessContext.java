package io.leprechaun.daemon.process;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The context of a process when it starts.
 *
 * @param environment all variables that it gets, except its mark; nothing is inherited
 * @param directory the working directory
 * @param umask the umask, 0 to 0777
 * @param nice the nice value, -20 (the highest priority) to 19; empty: as the daemon
 * @param identity the user and groups that it runs as; empty: as the daemon
 */
public record ProcessContext(
        Map<String, String> environment, Path directory, int umask, OptionalInt nice, Optional<Identity> identity) {
    public ProcessContext {
        environment = Map.copyOf(environment);
    }
}
