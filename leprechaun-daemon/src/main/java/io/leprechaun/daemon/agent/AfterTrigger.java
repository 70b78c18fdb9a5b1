package io.leprechaun.daemon.agent;

import io.leprechaun.daemon.history.Ledger.Ends;
import io.leprechaun.daemon.history.RunStore;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.recipe.Trigger;
import io.leprechaun.daemon.run.Cause;
import io.leprechaun.daemon.run.Input;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.settings.AgentName;
import io.leprechaun.daemon.worker.Dispatcher;
import io.leprechaun.daemon.worker.End;
import io.leprechaun.daemon.worker.RunRequest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The trigger {@code after}: makes recipes due when other recipes have ended. Such a recipe waits for one end of each,
 * later than the end at which it was last due. It is due at the last of these. Ends are counted, and not compared by
 * the clock. The counts are in the store, so an end that the daemon missed makes it due at the next start. Thread-safe.
 */
public final class AfterTrigger implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AfterTrigger.class);
    private static final Ends NONE = new Ends(0, 0);

    private final Dispatcher dispatcher;
    private final RunStore store;
    private final InstantSource clock;
    private final Function<Recipe, AgentName> workers;
    /** Guarded by this. */
    private List<Recipe> followers = List.of();
    /** The last ends of each recipe's runs. Guarded by this. */
    private final Map<RecipeName, Ends> ends = new HashMap<>();
    /** The end until which each follower is accounted for, which may not be on disk yet. Guarded by this. */
    private final Map<RecipeName, Long> followed = new HashMap<>();
    /** Guarded by this. */
    private boolean closed;

    /**
     * Creates a trigger that makes nothing due yet.
     *
     * @param workers the agent whose workers a recipe uses
     */
    public AfterTrigger(
            Dispatcher dispatcher, RunStore store, InstantSource clock, Function<Recipe, AgentName> workers) {
        this.dispatcher = dispatcher;
        this.store = store;
        this.clock = clock;
        this.workers = workers;
    }

    private static Ends with(Ends before, End end) {
        return end.run().state() == RunState.SUCCEEDED
                ? new Ends(Math.max(before.well(), end.number()), before.badly())
                : new Ends(before.well(), Math.max(before.badly(), end.number()));
    }

    private static long last(Ends ends, Trigger.On on) {
        return switch (on) {
            case SUCCESS -> ends.well();
            case FAILURE -> ends.badly();
            case ALWAYS -> Math.max(ends.well(), ends.badly());
        };
    }

    /** Takes the recipes that are in force, and makes followers due by ends that it missed. */
    public synchronized void update(List<Recipe> recipes) {
        var before = followers.stream().map(Recipe::name).collect(Collectors.toSet());
        followers = recipes.stream()
                .filter(recipe -> recipe.policy().enabled())
                .filter(recipe -> recipe.trigger(Trigger.After.class).isPresent())
                .toList();
        ends.keySet().retainAll(awaited());
        for (RecipeName name : awaited()) {
            ends.computeIfAbsent(name, store.ledger()::ends);
        }
        followers.stream().filter(recipe -> !before.contains(recipe.name())).forEach(recipe -> {
            followed.computeIfAbsent(recipe.name(), this::followed);
            follow(recipe, clock.instant());
        });
    }

    private long followed(RecipeName recipe) {
        return store.ledger().followed(recipe).orElseGet(() -> {
            long last = store.ledger().lastEnd(); // ends before the recipe existed do not count
            store.ledger().follow(recipe, last);
            return last;
        });
    }

    private Set<RecipeName> awaited() {
        return followers.stream()
                .flatMap(recipe -> dependencies(recipe).stream())
                .map(Trigger.Dependency::recipe)
                .collect(Collectors.toSet());
    }

    private static List<Trigger.Dependency> dependencies(Recipe recipe) {
        return recipe.trigger(Trigger.After.class).orElseThrow().dependencies();
    }

    /** Handles the end of a run. */
    public synchronized void ended(End end) {
        RecipeName name = end.run().order().recipe();
        Optional<Instant> at = end.run().times().endedAt();
        if (closed || !ends.containsKey(name) || !end.run().state().hasRun() || at.isEmpty()) {
            return;
        }
        ends.computeIfPresent(name, (same, known) -> with(known, end));
        followers.stream()
                .filter(recipe -> dependencies(recipe).stream()
                        .anyMatch(dependency -> dependency.recipe().equals(name)))
                .forEach(recipe -> follow(recipe, at.get()));
    }

    private void follow(Recipe recipe, Instant at) {
        long before = followed.getOrDefault(recipe.name(), 0L);
        var last = dependencies(recipe).stream()
                .map(dependency -> last(ends.getOrDefault(dependency.recipe(), NONE), dependency.on()))
                .toList();
        if (last.stream().allMatch(end -> end > before)) {
            long newest = last.stream().max(Long::compareTo).orElseThrow();
            followed.put(recipe.name(), newest);
            var request = new RunRequest(recipe, workers.apply(recipe), Cause.after(at, newest), Input.NONE);
            var unused = dispatcher.submit(request).exceptionally(failure -> {
                LOG.error("recipe={} could not be accepted: due at {}", recipe.name(), at, failure);
                return null;
            });
        }
    }

    /** Stops making recipes due: ends from now on take effect at the next start. */
    @Override
    public synchronized void close() {
        closed = true;
    }
}
