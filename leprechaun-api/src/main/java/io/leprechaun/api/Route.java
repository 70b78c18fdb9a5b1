package io.leprechaun.api;

import java.util.List;

/**
 * A command of a registrator. Immutable.
 *
 * @param registrator the registrator's name; empty: each agent has the command
 * @param command the command as typed after the registrator's name
 * @param access the command's effect on the daemon
 * @param forOwners whether users may use it for recipes of their own; the answer then covers those alone
 */
public record Route(String registrator, String command, Access access, boolean forOwners) {
    Route(String registrator, String command, Access access) {
        this(registrator, command, access, false);
    }

    /** Returns the command with arguments. */
    Command with(List<String> arguments) {
        return new Command(registrator, command, arguments);
    }
}
