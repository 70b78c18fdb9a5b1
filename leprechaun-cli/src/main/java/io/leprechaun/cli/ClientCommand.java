package io.leprechaun.cli;

import io.leprechaun.api.Arguments;
import java.io.IOException;

/** A verb that the client answers itself. */
@FunctionalInterface
interface ClientCommand {
    /**
     * Carries out the command.
     *
     * @param arguments the arguments after the verb, parsed by its form
     * @return the exit code
     * @throws IOException when an answer of the daemon breaks off
     */
    int run(Arguments arguments) throws IOException;
}
