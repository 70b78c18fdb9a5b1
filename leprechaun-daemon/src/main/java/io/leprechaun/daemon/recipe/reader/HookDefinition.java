package io.leprechaun.daemon.recipe.reader;

import io.leprechaun.daemon.hook.HookKeys;
import io.leprechaun.daemon.hook.HookPolicy;
import io.leprechaun.daemon.recipe.Policy;
import io.leprechaun.daemon.recipe.Surroundings;
import io.leprechaun.daemon.recipe.Trigger;
import io.leprechaun.daemon.settings.AgentName;
import io.leprechaun.daemon.yaml.MappingReader;
import io.leprechaun.daemon.yaml.Problems;
import java.util.List;
import java.util.Optional;

/** The definition {@code hook}. */
record HookDefinition() implements Definition {
    private static final int SHORT_HOOK_ID = 8;

    @Override
    public String word() {
        return "hook";
    }

    @Override
    public AgentName agent() {
        return AgentName.SERVER;
    }

    @Override
    public String key() {
        return TriggerKeys.ID.name();
    }

    @Override
    public String example() {
        return "a random word";
    }

    @Override
    public List<String> keys() {
        return List.of(key(), TriggerKeys.HOOK.name());
    }

    @Override
    public Optional<Trigger> read(MappingReader fields, Policy policy, Surroundings surroundings, Problems problems) {
        Optional<String> id = TriggerKeys.ID.read(fields);
        HookPolicy hook = TriggerKeys.HOOK.read(fields).map(HookKeys::read).orElse(HookPolicy.USUAL);
        if (id.isPresent() && id.get().length() < SHORT_HOOK_ID && hook.auth().isEmpty()) {
            problems.warn(
                    fields.place(key()),
                    "the id is short enough to guess, and starts the recipe; use 16 or more random letters and digits");
        }
        return id.map(known -> new Trigger.Hook(known, hook));
    }
}
