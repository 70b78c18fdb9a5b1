package io.leprechaun.daemon.session;

import io.leprechaun.api.ProblemException;
import java.net.URI;

/** The port of the console, which a command can open. Thread-safe. */
@FunctionalInterface
public interface ConsolePort {
    /**
     * Opens the port unless it is open.
     *
     * @return the address of the console for browsers, without a slash at its end
     * @throws ProblemException when the settings forbid it, or the port cannot be opened
     */
    URI open();
}
