package io.leprechaun.daemon.offline;

import io.leprechaun.api.Arguments;

/** Answers a verb without a daemon. */
@FunctionalInterface
interface OfflineCommand {
    /**
     * Answers, and gives the exit code.
     *
     * @param arguments as the list of verbs allows them
     */
    int run(Arguments arguments);
}
