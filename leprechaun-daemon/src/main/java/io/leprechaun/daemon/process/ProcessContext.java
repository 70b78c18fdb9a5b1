package io.leprechaun.daemon.process;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a process finds around itself when it starts.
 *
 * @param environment all that it gets but its mark; nothing is inherited
 * @param directory where it starts
 * @param umask 0 to 0777
 * @param nice -20, the most of the processor, to 19; empty: as the daemon
 * @param identity as whom it runs; empty: as the daemon
 */
public record ProcessContext(
        Map<String, String> environment, Path directory, int umask, OptionalInt nice, Optional<Identity> identity) {
    public ProcessContext {
        environment = Map.copyOf(environment);
    }
}
