package io.leprechaun.daemon.recipe.reader;

import io.leprechaun.daemon.keys.Key;
import io.leprechaun.daemon.keys.KeyTable;
import io.leprechaun.daemon.keys.Shape;
import io.leprechaun.daemon.keys.Type;
import io.leprechaun.daemon.keys.Types;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.yaml.Value;
import java.util.stream.Stream;

/** All keys of a recipe. */
public final class RecipeKeys {
    /** The keys of a recipe, in the order of the documentation. */
    public static final KeyTable<Recipe> TABLE = new KeyTable<>();

    /** The keys that {@code defaults:} in the settings may have, too. */
    public static final KeyTable<Recipe> SHARED = new KeyTable<>();

    /** The name of a recipe. */
    static final Key<RecipeName> NAME = TABLE.add(Key.of("name", Type.parsed(RecipeReader::name, RecipeKeys::nameForm))
            .says("Name of the recipe, unique among all recipes.")
            .unless("the file's name without its ending"));

    /** The purpose of a recipe, as written. */
    static final Key<Value> DESCRIPTION = TABLE.add(Key.of("description", Type.asItStands(() -> Types.TEXT))
            .says("A description in one sentence.")
            .example("nightly dump"));

    /** The steps of a recipe, as written. */
    static final Key<Value> STEPS;

    static {
        TABLE.addAll(TriggerKeys.TABLE);
        Type<Value> type = Type.asItStands(RecipeKeys::stepsForm);
        STEPS = TABLE.add(Key.of("steps", type.with(() -> StepKeys.TABLE))
                .says("The commands, run one after the other; the markers `!`, `->` and `}>` mean `must`, `detach` and"
                        + " `pipe`."));
        Stream.of(PolicyKeys.TABLE, BoundsKeys.TABLE, SurroundingsKeys.TABLE).forEach(SHARED::addAll);
    }

    /** The names of the keys that have no default for all recipes. */
    static final String[] OWN = TABLE.names();

    static {
        TABLE.addAll(SHARED);
    }

    private RecipeKeys() {}

    /** Returns the form of a recipe's name. */
    static Shape nameForm() {
        return Shape.of(Types.ref("name"), "1 to 64 of `A-Z a-z 0-9 . _ -`, not digits alone");
    }

    private static Shape stepsForm() {
        return Shape.of(
                "{\"type\": \"array\", \"items\": " + Types.ref("step") + ", \"minItems\": 1, \"maxItems\": "
                        + StepReader.MOST_STEPS + "}",
                "a list of commands and maps");
    }
}
