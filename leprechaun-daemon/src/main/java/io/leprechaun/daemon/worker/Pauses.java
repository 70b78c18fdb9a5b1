package io.leprechaun.daemon.worker;

import io.leprechaun.daemon.history.RunStore;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.run.Pause;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The recipes that are held back. Read for every due run, and so kept in memory. A change takes effect once it is on
 * disk. Thread-safe.
 */
public final class Pauses {
    private final RunStore store;
    private final ZoneId zone;
    /** The pauses, with those that are over: they do no harm. */
    private final Map<RecipeName, Pause> kept;

    private volatile Consumer<RecipeName> changed = recipe -> {};

    private Pauses(RunStore store, ZoneId zone) {
        this.store = store;
        this.zone = zone;
        this.kept = new ConcurrentHashMap<>(store.pauses());
    }

    /**
     * Returns the pauses that a store holds.
     *
     * @param zone the time zone in which their ends are reported
     */
    public static Pauses of(RunStore store, ZoneId zone) {
        return new Pauses(store, zone);
    }

    /** Sets the listener for each change of a pause, which must not block. */
    public void onChange(Consumer<RecipeName> listener) {
        changed = listener;
    }

    /** Returns the pause that holds a recipe back, if there is one. */
    public Optional<Pause> find(RecipeName recipe, Instant now) {
        return Optional.ofNullable(kept.get(recipe)).filter(pause -> pause.holds(now));
    }

    /**
     * Returns the reason that a recipe is held back, {@code paused until 2026-11-27 09:00:00 by root: upgrade} for
     * example; empty: it is not.
     */
    public Optional<String> why(RecipeName recipe, Instant now) {
        return find(recipe, now).map(pause -> pause.sentence(zone));
    }

    /** Pauses a recipe from now on, in place of an earlier pause. The future completes when that is on disk. */
    public CompletableFuture<Void> pause(RecipeName recipe, Pause pause) {
        return keep(recipe, Optional.of(pause));
    }

    /** Resumes a recipe. The future completes when that is on disk. */
    public CompletableFuture<Void> resume(RecipeName recipe) {
        return keep(recipe, Optional.empty());
    }

    /** Stores one change after the other, so that memory changes in the order of the disk. */
    private synchronized CompletableFuture<Void> keep(RecipeName recipe, Optional<Pause> pause) {
        return store.pause(recipe, pause).thenRun(() -> {
            pause.ifPresentOrElse(now -> kept.put(recipe, now), () -> kept.remove(recipe));
            changed.accept(recipe);
        });
    }
}
