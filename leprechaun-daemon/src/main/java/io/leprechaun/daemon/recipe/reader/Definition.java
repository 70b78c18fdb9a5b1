package io.leprechaun.daemon.recipe.reader;

import io.leprechaun.daemon.recipe.Policy;
import io.leprechaun.daemon.recipe.Surroundings;
import io.leprechaun.daemon.recipe.Trigger;
import io.leprechaun.daemon.settings.AgentName;
import io.leprechaun.daemon.yaml.MappingReader;
import io.leprechaun.daemon.yaml.Problems;
import java.util.List;
import java.util.Optional;

/** A word that {@code definition} may name: how recipes are written that one kind of agent makes due. */
public interface Definition {
    /** The word: {@code cron}. */
    String word();

    /** The agent whose trigger it reads. */
    AgentName agent();

    /** The key that a recipe needs with it. */
    String key();

    /** A value of that key, for the message that asks for it. */
    String example();

    /** The keys that nothing uses without it. */
    default List<String> keys() {
        return List.of(key());
    }

    /** Advice for one of its keys in a recipe that does not name it. */
    default String unused(MappingReader fields, String key) {
        return "nothing uses this without `definition: " + word() + "`; add that, or remove it";
    }

    /**
     * Reads the trigger of a recipe that has the key; what is wrong with it is noted.
     *
     * @param policy of the recipe
     * @param surroundings of the recipe
     */
    Optional<Trigger> read(MappingReader fields, Policy policy, Surroundings surroundings, Problems problems);
}
