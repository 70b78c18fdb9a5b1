package io.leprechaun.daemon.recipe;

import io.leprechaun.daemon.settings.AgentName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * One version of one recipe: its steps and its triggers. Immutable.
 *
 * @param triggers the triggers in the order of {@code definition}; empty: by hand only; at most one of each kind
 * @param steps the steps in their order, at least one
 */
public record Recipe(
        RecipeName name,
        String description,
        List<Trigger> triggers,
        List<Step> steps,
        Surroundings surroundings,
        Policy policy,
        Bounds bounds,
        Origin origin) {
    public Recipe {
        triggers = List.copyOf(triggers);
        steps = List.copyOf(steps);
    }

    /**
     * Returns the same recipe under another name. A text without a name is named after its file, and two files may hold
     * the same text.
     */
    public Recipe named(RecipeName other) {
        return new Recipe(other, description, triggers, steps, surroundings, policy, bounds, origin);
    }

    /** Returns whether a step's text is started without its shell, because it means the same. */
    public boolean isDirect(Step step) {
        return step.action() instanceof Step.Action.Shell text
                && text.plain().isPresent()
                && surroundings.hasDefaultShell();
    }

    /** Returns the words that a step is started with: its own, or the shell's and its text. */
    public List<String> words(Step step) {
        return switch (step.action()) {
            case Step.Action.Program program -> program.argv();
            case Step.Action.Shell shell -> {
                var whole = new ArrayList<>(surroundings.shell());
                whole.add(shell.text());
                yield shell.plain().filter(plain -> isDirect(step)).orElse(whole);
            }
        };
    }

    /**
     * Returns the agent whose workers a run by hand, or after others, uses: the one of its first trigger.
     *
     * @param enabled whether an agent is enabled: runs for the workers of another would wait for ever
     */
    public AgentName workers(Predicate<AgentName> enabled) {
        return agents().stream().filter(enabled).findFirst().orElse(AgentName.BY_HAND);
    }

    /** Returns the agents that make it due, in the order of its triggers. */
    public List<AgentName> agents() {
        return triggers.stream().flatMap(trigger -> trigger.agent().stream()).toList();
    }

    /** Returns its trigger of one kind, if it has one. */
    public <T extends Trigger> Optional<T> trigger(Class<T> kind) {
        return triggers.stream().filter(kind::isInstance).map(kind::cast).findFirst();
    }
}
