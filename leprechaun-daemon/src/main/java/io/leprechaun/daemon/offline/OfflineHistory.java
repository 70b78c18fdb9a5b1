package io.leprechaun.daemon.offline;

import io.leprechaun.api.Access;
import io.leprechaun.api.Call;
import io.leprechaun.api.Caller;
import io.leprechaun.api.ExitCode;
import io.leprechaun.api.Form;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.Verb;
import io.leprechaun.api.text.Printable;
import io.leprechaun.daemon.command.Commands;
import io.leprechaun.daemon.desk.ClockSets;
import io.leprechaun.daemon.desk.LiveRuns;
import io.leprechaun.daemon.desk.RecipeItems;
import io.leprechaun.daemon.desk.RecipeLookup;
import io.leprechaun.daemon.desk.RecipePage;
import io.leprechaun.daemon.desk.RunLookup;
import io.leprechaun.daemon.desk.Scope;
import io.leprechaun.daemon.desk.output.RunOutput;
import io.leprechaun.daemon.lifecycle.HostClock;
import io.leprechaun.daemon.output.Followers;
import io.leprechaun.daemon.output.Mask;
import io.leprechaun.daemon.output.OutputFolder;
import io.leprechaun.daemon.recipe.folder.RecipeFolder;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.startup.Loaded;
import io.leprechaun.daemon.startup.StateFolder;
import io.leprechaun.daemon.store.SqliteStore;
import io.leprechaun.daemon.trust.Trust;
import io.leprechaun.daemon.view.RunDocument;
import io.leprechaun.daemon.worker.Pauses;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The answers of verbs that report the history while no daemon runs. They are read from its state folder, by the
 * daemon's own commands.
 */
record OfflineHistory(Loaded loaded, DaemonState state, HostClock clock, Printer printer) {
    /** Answers a verb, and returns the exit code. */
    int answer(Verb verb, Form form, List<String> arguments) {
        if (!Files.isReadable(state.store())) {
            throw new ProblemException(
                    new Problem(503, "No daemon", "no daemon answers, and " + whyNot(), ExitCode.UNREACHABLE));
        }
        if (!printer.options().quiet()) {
            printer.err()
                    .println("leprechaun: no daemon answers; reading its state folder "
                            + Printable.of(state.folder().toString()));
        }
        try (var store = SqliteStore.openToRead(state.store())) {
            var command = new Commands(parts(store)).handler(verb, form);
            return printer.print(command.answer().apply(new Call(arguments, new Caller("", Access.ADMINISTER))));
        }
    }

    private String whyNot() {
        Path folder = state.folder();
        Path store = state.store();
        if (Files.isDirectory(folder) && !Files.isExecutable(folder)) {
            return "only " + StateFolder.owner(folder) + " and root can read its state folder " + folder
                    + ": start the daemon, or use one of these accounts";
        }
        return Files.exists(store)
                ? store + " is not readable for this user: start the daemon, or use its user or root"
                : "no history in " + folder + ": start the daemon, or use --config with its settings";
    }

    private List<Object> parts(SqliteStore store) {
        var documents = new RunDocument(loaded.settings().zone());
        var book = new RecipeFolder(loaded.settings().recipes(), loaded.recipes(), Trust::lenient, clock).read();
        var outputs = new OutputFolder(state.output());
        var recipes = new RecipeLookup(() -> book, store, Scope.ALL);
        var runs = new RunLookup(store, LiveRuns.NONE, recipes, Scope.ALL);
        var items = new RecipeItems(runs, new OfflineAgents(), Pauses.of(store, documents.zone()), documents, clock);
        return List.of(
                clock,
                documents,
                outputs,
                recipes,
                runs,
                store.archive(),
                new ClockSets(store.clock(), documents),
                new RecipePage(items, documents, clock, loaded.recipes()::resolved),
                new RunOutput.Sources(outputs, new Followers(), run -> mask(run, recipes), clock, documents.zone()));
    }

    /** Returns the mask of the secrets in the current version of a run's recipe. */
    private static Mask mask(Run run, RecipeLookup recipes) {
        return recipes.inForce(run.order().recipe().value())
                .map(recipe -> Mask.of(recipe, System.getenv()))
                .orElse(Mask.NONE);
    }
}
