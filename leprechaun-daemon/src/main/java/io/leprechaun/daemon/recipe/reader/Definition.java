package io.leprechaun.daemon.recipe.reader;

import io.leprechaun.daemon.recipe.Policy;
import io.leprechaun.daemon.recipe.Surroundings;
import io.leprechaun.daemon.recipe.Trigger;
import io.leprechaun.daemon.settings.AgentName;
import io.leprechaun.daemon.yaml.MappingReader;
import io.leprechaun.daemon.yaml.Problems;
import java.util.List;
import java.util.Optional;

/** A word that {@code definition} may name, and the reader of the trigger of one kind of agent. */
public interface Definition {
    /** Returns the word: {@code cron}. */
    String word();

    /** Returns the agent whose trigger it reads. */
    AgentName agent();

    /** Returns the key that a recipe needs with it. */
    String key();

    /** Returns a value of that key, for the message that asks for it. */
    String example();

    /** Returns the keys that have no use without it. */
    default List<String> keys() {
        return List.of(key());
    }

    /** Returns advice for one of its keys in a recipe that does not name it. */
    default String unused(MappingReader fields, String key) {
        return "unused without `definition: " + word() + "`; add that, or remove this key";
    }

    /**
     * Reads the trigger of a recipe that has the key, and notes errors in it.
     *
     * @param policy the policy of the recipe
     * @param surroundings the surroundings of the recipe
     */
    Optional<Trigger> read(MappingReader fields, Policy policy, Surroundings surroundings, Problems problems);
}
