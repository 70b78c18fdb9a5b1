package io.leprechaun.daemon.execution;

import io.leprechaun.daemon.recipe.Step;
import io.leprechaun.daemon.recipe.When;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A chain of steps that run at the same time, with each step's output as the next one's input. Most chains have one
 * step.
 */
record Chain(List<Step> steps) {
    Chain {
        steps = List.copyOf(steps);
    }

    /** Returns the chains of a recipe in their order. */
    static List<Chain> of(List<Step> steps) {
        var chains = new ArrayList<Chain>();
        var open = new ArrayList<Step>();
        for (Step step : steps) {
            open.add(step);
            if (!step.piped()) {
                chains.add(new Chain(open));
                open.clear();
            }
        }
        return chains;
    }

    /**
     * Returns whether the run stops when this chain fails: {@code !} on any of its steps, unless the chain is detached.
     */
    boolean must() {
        return !detached() && steps.stream().anyMatch(Step::must);
    }

    /** Returns whether the next chain does not wait for this one. */
    boolean detached() {
        return steps.getLast().detached();
    }

    /** Returns the shortest time limit of its steps. */
    Optional<Duration> timeout() {
        return steps.stream().flatMap(step -> step.timeout().stream()).min(Comparator.naturalOrder());
    }

    /** Returns the condition on which its turn depends. */
    Optional<When> when() {
        return steps.getFirst().when();
    }

    /** Returns the number that distinguishes its processes from the run's other ones: its first step's. */
    int number() {
        return steps.getFirst().number();
    }
}
