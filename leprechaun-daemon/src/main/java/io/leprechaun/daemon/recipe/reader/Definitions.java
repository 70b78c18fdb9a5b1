package io.leprechaun.daemon.recipe.reader;

import io.leprechaun.daemon.recipe.Trigger;
import io.leprechaun.daemon.settings.AgentName;
import io.leprechaun.daemon.yaml.MappingReader;
import io.leprechaun.daemon.yaml.Problems;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The words that {@code definition} may name. Immutable. */
public record Definitions(List<Definition> all) {
    /** The definition {@code schedule}: recipes that are due at an interval. */
    public static final Definition SCHEDULE = new ScheduleDefinition();

    /** The definition {@code cron}: recipes that are due by a pattern. */
    public static final Definition CRON = new CronDefinition();

    /** The definition {@code hook}: recipes that are due by webhooks. */
    public static final Definition HOOK = new HookDefinition();

    /** The definitions of this version. */
    public static final Definitions SHIPPED = new Definitions(List.of(SCHEDULE, CRON, HOOK));

    public Definitions {
        all = List.copyOf(all);
    }

    /** Returns the agents that make such recipes due. */
    public List<AgentName> agents() {
        return all.stream().map(Definition::agent).distinct().toList();
    }

    /** Returns the words, in their order. */
    List<String> words() {
        return all.stream().map(Definition::word).toList();
    }

    /** Returns the definitions that a recipe names, in its order. */
    List<Definition> named(MappingReader fields, Problems problems) {
        Map<String, Definition> byWord = new LinkedHashMap<>();
        all.forEach(definition -> byWord.put(definition.word(), definition));
        String key = TriggerKeys.DEFINITION.name();
        List<Definition> named = fields.list(key, text -> MappingReader.named(text, byWord));
        var seen = new HashSet<Definition>();
        for (Definition definition : named) {
            if (!seen.add(definition)) {
                problems.error(fields.place(key), "'" + definition.word() + "' is a duplicate; remove one");
            }
        }
        return List.copyOf(named);
    }

    /**
     * Reads the triggers of a recipe.
     *
     * @param named the definitions that it names
     * @param own the defaults of the recipe, with its own keys
     */
    List<Trigger> read(MappingReader fields, List<Definition> named, RecipeDefaults own, Problems problems) {
        boolean isWrong = fields.has(TriggerKeys.DEFINITION.name()) && named.isEmpty();
        for (Definition definition : all) {
            for (String key : definition.keys()) {
                if (fields.has(key) && !named.contains(definition) && !isWrong) {
                    problems.error(fields.place(key), definition.unused(fields, key));
                }
            }
        }
        var triggers = new ArrayList<Trigger>();
        for (Definition definition : named) {
            if (fields.has(definition.key())) {
                Optional<Trigger> trigger = definition.read(fields, own.policy(), own.surroundings(), problems);
                trigger.ifPresent(triggers::add);
            } else {
                String example = definition.key() + ": " + definition.example();
                problems.error(
                        fields.place(TriggerKeys.DEFINITION.name()),
                        "'" + definition.word() + "' needs `" + definition.key() + "`; add it, such as " + example);
            }
        }
        TriggerKeys.AFTER.read(fields).map(Trigger.After::new).ifPresent(triggers::add);
        return triggers;
    }
}
