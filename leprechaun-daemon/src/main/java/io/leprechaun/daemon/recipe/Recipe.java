package io.leprechaun.daemon.recipe;

import io.leprechaun.daemon.settings.AgentName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One version of one recipe: what to do and when. Immutable.
 *
 * @param triggers in the order of {@code definition}; empty: by hand only; at most one of each kind
 * @param steps in their order, at least one
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

    /** The same under another name: a text that holds none is called after its file, and two files may hold the same text. */
    public Recipe named(RecipeName other) {
        return new Recipe(other, description, triggers, steps, surroundings, policy, bounds, origin);
    }

    /** Whether a step is a text that is started without the shell it is written for, because it means the same. */
    public boolean isDirect(Step step) {
        return step.action() instanceof Step.Action.Shell text
                && text.plain().isPresent()
                && surroundings.hasDefaultShell();
    }

    /** The words that a step is started with: its own, or the shell's and its text. */
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

    /** The agents that make it due, in the order of its triggers. */
    public List<AgentName> agents() {
        return triggers.stream().flatMap(trigger -> trigger.agent().stream()).toList();
    }

    /** Its trigger of one kind, if it has it. */
    public <T extends Trigger> Optional<T> trigger(Class<T> kind) {
        return triggers.stream().filter(kind::isInstance).map(kind::cast).findFirst();
    }
}
