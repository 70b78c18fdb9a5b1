package io.leprechaun.daemon.offline;

import io.leprechaun.api.Arguments;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.text.Printable;
import io.leprechaun.daemon.history.RunStore;
import io.leprechaun.daemon.lifecycle.HostClock;
import io.leprechaun.daemon.lifecycle.Parts;
import io.leprechaun.daemon.recipe.folder.RecipeFolder;
import io.leprechaun.daemon.startup.Loaded;
import io.leprechaun.daemon.store.SqliteStore;
import io.leprechaun.daemon.trust.Trust;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The command {@code simulate}: shows the future runs of recipes. */
record SimulateCommand(Loaded loaded, DaemonState state, HostClock clock, Printer printer) implements OfflineCommand {
    @Override
    public int run(Arguments arguments) {
        Path folder = arguments.operands().stream()
                .findFirst()
                .map(Path::of)
                .orElse(loaded.settings().recipes());
        if (!Files.isDirectory(folder)) {
            throw new ProblemException(Problem.usage("no such folder " + folder + ": use the folder of the recipes"));
        }
        var book = new RecipeFolder(folder, loaded.recipes(), Trust::lenient, clock).read();
        book.broken()
                .forEach(entry -> entry.problem()
                        .ifPresent(problem -> printer.err().println("skipped: " + Printable.of(problem.toString()))));
        Path store = state.store();
        try (var parts = new Parts()) {
            Optional<RunStore> history =
                    Files.isReadable(store) ? Optional.of(parts.own(SqliteStore.openToRead(store))) : Optional.empty();
            var reply = new Simulate(book.recipes(), loaded.settings(), history).answer(arguments, clock.instant());
            return printer.print(reply);
        }
    }
}
