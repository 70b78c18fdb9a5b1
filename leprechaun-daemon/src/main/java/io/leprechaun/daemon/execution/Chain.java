package io.leprechaun.daemon.execution;

import io.leprechaun.daemon.recipe.Step;
import io.leprechaun.daemon.recipe.When;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Steps that run at the same time, each one's output the next one's input; most chains are one step long. */
record Chain(List<Step> steps) {
    Chain {
        steps = List.copyOf(steps);
    }

    /** The chains of a recipe in their order. */
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

    /** Whether the run stops when this chain fails: {@code !} on any of its steps, unless nothing waits for it. */
    boolean must() {
        return !detached() && steps.stream().anyMatch(Step::must);
    }

    /** Whether the next chain does not wait for this one. */
    boolean detached() {
        return steps.getLast().detached();
    }

    /** The shortest limit of its steps. */
    Optional<Duration> timeout() {
        return steps.stream().flatMap(step -> step.timeout().stream()).min(Comparator.naturalOrder());
    }

    /** On what its turn depends. */
    Optional<When> when() {
        return steps.getFirst().when();
    }

    /** By which its processes are told from the run's other ones. */
    int number() {
        return steps.getFirst().number();
    }
}
