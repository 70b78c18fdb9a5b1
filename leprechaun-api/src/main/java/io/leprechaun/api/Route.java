package io.leprechaun.api;

import java.util.List;

/**
 * A command of a registrator. Immutable.
 *
 * @param registrator its name; empty: each agent has the command
 * @param command as typed after the registrator's name
 * @param access what it does to the daemon
 * @param forOwners whether users may have it for recipes of their own, and are answered for those alone
 */
public record Route(String registrator, String command, Access access, boolean forOwners) {
    Route(String registrator, String command, Access access) {
        this(registrator, command, access, false);
    }

    /** The command with arguments. */
    Command with(List<String> arguments) {
        return new Command(registrator, command, arguments);
    }
}
