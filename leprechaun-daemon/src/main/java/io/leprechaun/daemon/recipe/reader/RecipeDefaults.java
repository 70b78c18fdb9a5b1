package io.leprechaun.daemon.recipe.reader;

import io.leprechaun.daemon.recipe.Bounds;
import io.leprechaun.daemon.recipe.Policy;
import io.leprechaun.daemon.recipe.Surroundings;
import io.leprechaun.daemon.settings.HistorySettings;
import io.leprechaun.daemon.settings.notify.NotifyRules;
import io.leprechaun.daemon.yaml.MappingReader;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/** The defaults of a recipe: the keys that a recipe and {@code defaults:} in the settings share. */
record RecipeDefaults(Policy policy, Bounds bounds, Surroundings surroundings) {
    /** Keys of the language that no recipe can use yet. */
    private static final String[] NOT_YET = {"limits", "node", "on_lost", "on_restart"};

    /**
     * Returns the defaults without any {@code defaults:}.
     *
     * @param runAs the user of steps where no recipe names one and the daemon runs as root
     * @param history the settings for the records that are kept of runs
     * @param telling the rules for notices of runs
     */
    static RecipeDefaults of(
            ZoneId zone, List<String> shell, Optional<String> runAs, HistorySettings history, NotifyRules telling) {
        return new RecipeDefaults(
                PolicyKeys.USUAL, BoundsKeys.usual(history, telling), SurroundingsKeys.usual(zone, shell, runAs));
    }

    /** Returns these defaults, overridden by the keys. */
    RecipeDefaults with(MappingReader fields) {
        fields.notYet(NOT_YET);
        return new RecipeDefaults(
                PolicyKeys.read(fields, policy),
                BoundsKeys.read(fields, bounds),
                SurroundingsKeys.read(fields, surroundings));
    }
}
