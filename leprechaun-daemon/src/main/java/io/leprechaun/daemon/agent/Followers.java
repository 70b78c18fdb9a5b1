package io.leprechaun.daemon.agent;

import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.recipe.Trigger;
import io.leprechaun.daemon.run.Cause;
import io.leprechaun.daemon.run.Input;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunFilter;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.run.RunStore;
import io.leprechaun.daemon.run.TriggerKind;
import io.leprechaun.daemon.worker.Dispatcher;
import io.leprechaun.daemon.worker.Request;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
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
 * Makes recipes due when other ones have ended: {@code after}. Such a recipe is due at the last of the ends that it waits for, once each of them is later than the instant at which it was due
 * before. That is read off the history, so an end that nobody was there to see makes it due at the next start. Thread-safe.
 */
public final class Followers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Followers.class);
    private static final Set<RunState> WELL = EnumSet.of(RunState.SUCCEEDED);
    private static final Set<RunState> BADLY =
            EnumSet.of(RunState.FAILED, RunState.TIMED_OUT, RunState.KILLED, RunState.LOST);
    /** Of runs side by side the newest need not be the last to end: so many are looked at. */
    private static final int NEWEST = 20;

    private final Dispatcher dispatcher;
    private final RunStore store;
    private final InstantSource clock;
    private final Function<Recipe, String> workers;
    /** Guarded by this. */
    private List<Recipe> followers = List.of();
    /** When a recipe's runs ended last, well and badly. Guarded by this. */
    private final Map<RecipeName, Ends> ends = new HashMap<>();
    /** When each was due last, which may not be on disk yet. Guarded by this. */
    private final Map<RecipeName, Instant> due = new HashMap<>();
    /** Guarded by this. */
    private boolean closed;

    /**
     * Makes nothing due yet.
     *
     * @param workers the agent whose workers a recipe uses
     */
    public Followers(Dispatcher dispatcher, RunStore store, InstantSource clock, Function<Recipe, String> workers) {
        this.dispatcher = dispatcher;
        this.store = store;
        this.clock = clock;
        this.workers = workers;
    }

    private record Ends(Optional<Instant> well, Optional<Instant> badly) {
        Ends with(Run run, Instant at) {
            return WELL.contains(run.state()) ? new Ends(Optional.of(at), badly) : new Ends(well, Optional.of(at));
        }

        Optional<Instant> last(Trigger.On on) {
            return switch (on) {
                case SUCCESS -> well;
                case FAILURE -> badly;
                case ALWAYS ->
                    well.flatMap(one -> badly.map(other -> one.isAfter(other) ? one : other))
                            .or(() -> well)
                            .or(() -> badly);
            };
        }
    }

    /** Takes the recipes that are in force, and makes due what has become so by what it did not see. */
    public synchronized void update(List<Recipe> recipes) {
        var before = followers.stream().map(Recipe::name).collect(Collectors.toSet());
        followers = recipes.stream()
                .filter(recipe -> recipe.policy().enabled())
                .filter(recipe -> recipe.trigger(Trigger.After.class).isPresent())
                .toList();
        ends.keySet().retainAll(awaited());
        for (RecipeName name : awaited()) {
            ends.computeIfAbsent(name, unused -> new Ends(last(name, WELL), last(name, BADLY)));
        }
        followers.stream().filter(recipe -> !before.contains(recipe.name())).forEach(recipe -> {
            if (store.ledger().lastDue(recipe.name(), TriggerKind.AFTER).isEmpty() && !due.containsKey(recipe.name())) {
                Instant now = clock.instant(); // what ended before it was there is nobody's business
                due.put(recipe.name(), now);
                store.ledger().watched(recipe.name(), TriggerKind.AFTER, now, Optional.empty());
            }
            follow(recipe);
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

    private Optional<Instant> last(RecipeName name, Set<RunState> states) {
        return store.list(RunFilter.newest(NEWEST).of(name).in(states)).stream()
                .flatMap(run -> run.times().endedAt().stream())
                .max(Instant::compareTo);
    }

    /** Learns that a run is over. */
    public synchronized void ended(Run run) {
        RecipeName name = run.order().recipe();
        Optional<Instant> at = run.times().endedAt();
        if (closed || !ends.containsKey(name) || !run.state().hasRun() || at.isEmpty()) {
            return;
        }
        ends.computeIfPresent(name, (same, known) -> known.with(run, at.get()));
        followers.stream()
                .filter(recipe -> dependencies(recipe).stream()
                        .anyMatch(dependency -> dependency.recipe().equals(name)))
                .forEach(this::follow);
    }

    private void follow(Recipe recipe) {
        Instant before = Optional.ofNullable(due.get(recipe.name()))
                .or(() -> store.ledger().lastDue(recipe.name(), TriggerKind.AFTER))
                .orElse(Instant.MIN);
        var last = dependencies(recipe).stream()
                .map(dependency -> Optional.ofNullable(ends.get(dependency.recipe()))
                        .flatMap(known -> known.last(dependency.on()))
                        .filter(before::isBefore))
                .toList();
        if (last.stream().allMatch(Optional::isPresent)) {
            Instant at = last.stream()
                    .flatMap(Optional::stream)
                    .max(Instant::compareTo)
                    .orElseThrow();
            due.put(recipe.name(), at);
            var request = new Request(recipe, workers.apply(recipe), Cause.due(TriggerKind.AFTER, at), Input.NONE);
            var unused = dispatcher.submit(request).exceptionally(failure -> {
                LOG.error("{} was due at {} and could not be accepted", recipe.name(), at, failure);
                return null;
            });
        }
    }

    /** Makes nothing due any more: what ends from now on does at the next start. */
    @Override
    public synchronized void close() {
        closed = true;
    }
}
