package io.leprechaun.daemon.worker;

import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.run.Pause;
import io.leprechaun.daemon.run.RunDocument;
import io.leprechaun.daemon.run.RunStore;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Which recipes are held back. Asked for everything that is due, and so kept in memory; a change counts once it is on disk. Thread-safe. */
public final class Pauses {
    private final RunStore store;
    private final RunDocument documents;
    /** Those that are over too: they do no harm. */
    private final Map<RecipeName, Pause> kept;

    private Pauses(RunStore store, RunDocument documents) {
        this.store = store;
        this.documents = documents;
        this.kept = new ConcurrentHashMap<>(store.pauses());
    }

    /**
     * Those that a store holds.
     *
     * @param documents tells of them
     */
    public static Pauses of(RunStore store, RunDocument documents) {
        return new Pauses(store, documents);
    }

    /** What holds a recipe back, if anything does. */
    public Optional<Pause> find(RecipeName recipe, Instant now) {
        return Optional.ofNullable(kept.get(recipe)).filter(pause -> pause.holds(now));
    }

    /** Why a recipe is held back in a sentence, {@code paused until 2026-11-27 09:00:00 by root: upgrade} for example; empty: it is not. */
    public Optional<String> why(RecipeName recipe, Instant now) {
        return find(recipe, now).map(documents::sentence);
    }

    /** Holds a recipe back from now on, in place of an earlier pause. Completes when that is on disk. */
    public CompletableFuture<Void> pause(RecipeName recipe, Pause pause) {
        return keep(recipe, Optional.of(pause));
    }

    /** Lets a recipe be due again. Completes when that is on disk. */
    public CompletableFuture<Void> resume(RecipeName recipe) {
        return keep(recipe, Optional.empty());
    }

    /** Asked of the store one after the other, and so what is in memory changes in the order of the disk. */
    private synchronized CompletableFuture<Void> keep(RecipeName recipe, Optional<Pause> pause) {
        return store.pause(recipe, pause)
                .thenRun(() -> pause.ifPresentOrElse(now -> kept.put(recipe, now), () -> kept.remove(recipe)));
    }
}
