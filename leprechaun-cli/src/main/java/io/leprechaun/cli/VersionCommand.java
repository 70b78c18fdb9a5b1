package io.leprechaun.cli;

import io.leprechaun.api.Arguments;
import io.leprechaun.api.Commit;
import io.leprechaun.api.ExitCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The command {@code version}: prints the version, the commit and the runtime.
 *
 * @param tree the root of the runnable tree that the client is part of
 * @param json whether a JSON document is printed
 */
record VersionCommand(Optional<Path> tree, Console console, boolean json) implements ClientCommand {
    @Override
    public int run(Arguments arguments) throws IOException {
        String version = Version.current();
        String java = System.getProperty("java.version", "unknown");
        Optional<Commit> commit = Version.commit(tree);
        console.data(
                json
                        ? "{\"version\":" + Console.quoted(version) + ",\"java\":" + Console.quoted(java)
                                + ",\"commit\":"
                                + commit.map(Commit::id).map(Console::quoted).orElse("null") + ",\"date\":"
                                + commit.map(Commit::date).map(Console::quoted).orElse("null") + "}\n"
                        : Commit.sentence("leprechaun", version, commit, java) + "\n");
        return ExitCode.OK.number();
    }
}
