package io.leprechaun.daemon.offline;

import io.leprechaun.api.Arguments;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.text.Printable;
import io.leprechaun.daemon.lifecycle.HostClock;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.folder.RecipeFolder;
import io.leprechaun.daemon.startup.Loaded;
import io.leprechaun.daemon.trust.Trust;
import io.leprechaun.daemon.yaml.Problems;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The command {@code hook test}: shows the outcome of a hook. The recipe is one of the settings' recipes folder by its
 * name, or any by its file.
 */
record HookTestCommand(Loaded loaded, HostClock clock, Printer printer) implements OfflineCommand {
    @Override
    public int run(Arguments arguments) {
        String named = arguments.operand(0, "RECIPE");
        boolean isFile = named.endsWith(".yml") || named.endsWith(".yaml");
        Recipe recipe = isFile ? recipe(Path.of(named)) : recipe(named);
        return printer.print(HookTest.answer(recipe, arguments, System.getenv(), clock.instant()));
    }

    private Recipe recipe(Path file) {
        var problems = new Problems();
        Optional<Recipe> recipe = RecipeFolder.origin(file, Trust.lenient(), problems)
                .flatMap(origin -> loaded.recipes().read(origin, problems));
        return recipe.orElseThrow(() -> {
            problems.errors().forEach(problem -> printer.err().println(Printable.of(problem.toString())));
            return new ProblemException(Problem.usage(file + " does not load: see `leprechaun check " + file + "`"));
        });
    }

    private Recipe recipe(String name) {
        Path folder = loaded.settings().recipes();
        var entry = new RecipeFolder(folder, loaded.recipes(), Trust::lenient, clock)
                .read()
                .entry(name)
                .orElseThrow(() -> new ProblemException(
                        Problem.notFound("unknown recipe '" + name + "' in " + folder + ": use the path of its file")));
        return entry.recipe()
                .orElseThrow(() -> new ProblemException(Problem.usage("the recipe " + name + " does not load: "
                        + entry.problem().map(Object::toString).orElse("see `leprechaun check`"))));
    }
}
