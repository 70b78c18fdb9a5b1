package io.leprechaun.daemon.agent.server;

import io.leprechaun.daemon.history.RunStore;
import io.leprechaun.daemon.hook.DeliveryKeys;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.worker.AdmissionResult;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The deliveries of hooks: each triggers its recipe once, however often it comes, at once or after a restart.
 * Thread-safe.
 */
final class Deliveries {
    private final RunStore store;
    /** The results of deliveries under way, by each key of theirs. Guarded by itself. */
    private final Map<DeliveryKey, CompletableFuture<Taken>> underway = new HashMap<>();

    Deliveries(RunStore store) {
        this.store = store;
    }

    private record DeliveryKey(RecipeName recipe, String delivery) {}

    /** The result of a delivery. */
    sealed interface Taken {
        /** A new delivery. */
        record New(AdmissionResult admitted) implements Taken {}

        /**
         * A delivery that came before, and its run.
         *
         * @param replayed whether only its body is known: it came under another id, or has none now
         */
        record Duplicate(long run, boolean replayed) implements Taken {}
    }

    /** A match that was found, and whether by the body alone. */
    private record Match<T>(T what, boolean byBody) {}

    /**
     * Submits a delivery unless it is known; a refused delivery may come again.
     *
     * @param since the instant before which deliveries are not known any more
     */
    Taken take(RecipeName recipe, DeliveryKeys keys, Instant since, Supplier<AdmissionResult> submit) {
        var mine = new CompletableFuture<Taken>();
        var other = claim(recipe, keys, mine);
        if (other.isPresent()) {
            return again(other.get().what().join(), other.get().byBody());
        }
        try {
            Taken taken = first(keys, name -> store.delivered(recipe, name, since))
                    .<Taken>map(found -> new Taken.Duplicate(found.what(), found.byBody()))
                    .orElseGet(() -> new Taken.New(submit.get()));
            mine.complete(taken);
            return taken;
        } catch (RuntimeException | Error e) {
            mine.completeExceptionally(e);
            throw e;
        } finally {
            synchronized (underway) {
                keys.kept().forEach(name -> underway.remove(new DeliveryKey(recipe, name)));
            }
        }
    }

    /** Returns the same delivery if it is under way; otherwise registers this one. */
    private Optional<Match<CompletableFuture<Taken>>> claim(
            RecipeName recipe, DeliveryKeys keys, CompletableFuture<Taken> mine) {
        synchronized (underway) {
            var other = first(keys, name -> Optional.ofNullable(underway.get(new DeliveryKey(recipe, name))));
            if (other.isEmpty()) {
                keys.kept().forEach(name -> underway.put(new DeliveryKey(recipe, name), mine));
            }
            return other;
        }
    }

    private static <T> Optional<Match<T>> first(DeliveryKeys keys, Function<String, Optional<T>> find) {
        return keys.id()
                .flatMap(find)
                .map(what -> new Match<>(what, false))
                .or(() -> keys.body().flatMap(find).map(what -> new Match<>(what, true)));
    }

    private static Taken again(Taken first, boolean byBody) {
        return switch (first) {
            case Taken.New(AdmissionResult.Accepted accepted) ->
                new Taken.Duplicate(accepted.run().id(), byBody);
            case Taken.New(AdmissionResult.NotStarted _) -> first;
            case Taken.Duplicate(long run, boolean replayed) -> new Taken.Duplicate(run, replayed || byBody);
        };
    }
}
