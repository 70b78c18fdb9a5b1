package io.leprechaun.daemon.offline;

import io.leprechaun.api.Arguments;
import io.leprechaun.daemon.output.OutputFolder;
import io.leprechaun.daemon.startup.Loaded;
import java.nio.file.Path;
import java.util.Optional;

/** The command {@code verify}: checks the integrity of the history, or of a copy of it. */
record VerifyCommand(Loaded loaded, DaemonState state, Printer printer) implements OfflineCommand {
    @Override
    public int run(Arguments arguments) {
        var copy = arguments.operands().stream().findFirst().map(Path::of);
        var verify = new Verify(loaded.recipes(), printer.out(), printer.err());
        return copy.isPresent()
                ? verify.run(copy.get(), Optional.empty(), printer.json())
                : verify.run(state.store(), Optional.of(new OutputFolder(state.output())), printer.json());
    }
}
