package io.leprechaun.daemon.recipe.reader;

import io.leprechaun.daemon.keys.KeyTable;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.yaml.Place;
import io.leprechaun.daemon.yaml.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One value that is in force for a recipe.
 *
 * @param key the key as the recipe would write it, {@code env.NAME} for one below another
 * @param value the value as people read it
 * @param from its place in the recipe or in the settings; empty: it is written nowhere and is the built-in default
 */
public record Resolved(String key, String value, Optional<Place> from) {
    /** The keys of a recipe that settings have above {@code defaults:}, under another name or the same. */
    private static final Map<String, String> ABOVE = Map.of(
            "timezone", "timezone", "shell", "shell", "user", "run_as", "history", "history", "notify", "notify");

    /**
     * Returns every value that is in force for a recipe, in the order of the documentation.
     *
     * @param layers the maps that may hold its keys, the strongest first: the recipe, then the defaults in the settings
     * @param settings the agent's section and the whole file, the stronger first
     */
    static List<Resolved> of(Recipe recipe, List<Value.Mapping> layers, List<Value.Mapping> settings) {
        var all = new Lines(layers, settings);
        triggers(recipe, all);
        all.add(PolicyKeys.TABLE, recipe.policy());
        all.add(BoundsKeys.TABLE, recipe.bounds());
        all.add(SurroundingsKeys.TABLE, recipe.surroundings());
        return all.lines;
    }

    private static void triggers(Recipe recipe, Lines all) {
        recipe.triggers().forEach(trigger -> trigger.keys().forEach(all::add));
    }

    /** The lines, and the maps in which their keys are looked up. */
    private record Lines(List<Value.Mapping> layers, List<Value.Mapping> settings, List<Resolved> lines) {
        Lines(List<Value.Mapping> layers, List<Value.Mapping> settings) {
            this(layers, settings, new ArrayList<>());
        }

        /** Adds a line for each key of a table that has a value to show. */
        <R> void add(KeyTable<R> table, R values) {
            for (KeyTable.Row<R> row : table.rows()) {
                String key = row.key().name();
                addIfAny(key, row.value().apply(values));
                new TreeMap<>(row.below().apply(values)).forEach((name, value) -> addBelow(key, name, value));
            }
        }

        void add(String key, String value) {
            lines.add(new Resolved(key, value, place(key)));
        }

        void addIfAny(String key, String value) {
            if (!value.isEmpty()) {
                add(key, value);
            }
        }

        void addBelow(String key, String name, String value) {
            Optional<Place> place = layers.stream()
                    .flatMap(layer -> layer.section(key).stream())
                    .flatMap(section -> entry(section, name).stream())
                    .findFirst();
            lines.add(new Resolved(key + "." + name, value, place));
        }

        private Optional<Place> place(String key) {
            return layers.stream()
                    .flatMap(layer -> entry(layer, key).stream())
                    .findFirst()
                    .or(() -> Optional.ofNullable(ABOVE.get(key))
                            .flatMap(name -> settings.stream()
                                    .flatMap(section -> entry(section, name).stream())
                                    .findFirst()));
        }

        private static Optional<Place> entry(Value.Mapping map, String key) {
            return Optional.ofNullable(map.entries().get(key)).map(Value.Entry::key);
        }
    }
}
