package io.leprechaun.daemon.offline;

import io.leprechaun.api.Arguments;

/** A verb that is answered without a daemon. */
@FunctionalInterface
interface OfflineCommand {
    /**
     * Runs the command, and returns the exit code.
     *
     * @param arguments the arguments, parsed as the list of verbs allows them
     */
    int run(Arguments arguments);
}
