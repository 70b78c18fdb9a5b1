package io.leprechaun.daemon.run;

import io.leprechaun.daemon.recipe.Origin;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.reader.RecipeReader;
import io.leprechaun.daemon.settings.Settings;
import io.leprechaun.daemon.yaml.Problems;
import java.nio.file.Path;
import java.time.ZoneId;

/** Recipes as their files would give them. */
public final class TestRecipes {
    private static final ZoneId UTC = ZoneId.of("UTC");
    private static final RecipeReader READER =
            RecipeReader.of(Settings.defaults(Path.of("/etc/leprechaun"), UTC), new Problems());

    private TestRecipes() {}

    /** Returns the recipe of a file with this name and text. */
    public static Recipe of(String name, String text) {
        var problems = new Problems();
        var origin =
                new Origin(Path.of("/etc/leprechaun/recipes/" + name + ".yml"), text, "hash-of-" + text.hashCode());
        return READER.read(origin, problems)
                .orElseThrow(() -> new AssertionError(problems.all().toString()));
    }

    /** Returns a recipe that is run by hand. */
    public static Recipe steps(String name, String... steps) {
        return of(name, "steps:\n- " + String.join("\n- ", steps) + "\n");
    }

    /** Returns a recipe whose only step cannot be started: it fails at once and without a process. */
    public static Recipe failing(String name, String... lines) {
        return of(name, "steps: [ { argv: [ /nowhere/nothing ] } ]\n" + String.join("\n", lines) + "\n");
    }
}
