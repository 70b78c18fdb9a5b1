package io.leprechaun.cli;

import io.leprechaun.api.Arguments;
import java.io.IOException;

/** Answers a verb in the client. */
@FunctionalInterface
interface ClientCommand {
    /**
     * Does what was asked for.
     *
     * @param arguments behind the verb, which its form has parsed
     * @return the exit code
     * @throws IOException when an answer of the daemon breaks off
     */
    int run(Arguments arguments) throws IOException;
}
