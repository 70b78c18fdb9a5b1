package io.leprechaun.daemon.agent.server;

import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.run.RunStore;
import io.leprechaun.daemon.worker.Admitted;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Lets a delivery trigger its recipe once, however often it comes, at once or after a restart. Thread-safe. */
final class Deliveries {
    private final RunStore store;
    private final Map<Key, CompletableFuture<Taken>> underway = new ConcurrentHashMap<>();

    Deliveries(RunStore store) {
        this.store = store;
    }

    private record Key(RecipeName recipe, String delivery) {}

    /** What became of a delivery. */
    sealed interface Taken {
        /** It is new. */
        record New(Admitted admitted) implements Taken {}

        /** It came before, and this is its run. */
        record Known(long run) implements Taken {}
    }

    /**
     * Submits a delivery unless it is known; what was refused may come again.
     *
     * @param since what came before that is not known any more
     */
    Taken take(RecipeName recipe, String delivery, Instant since, Supplier<Admitted> submit) {
        var key = new Key(recipe, delivery);
        var mine = new CompletableFuture<Taken>();
        var other = underway.putIfAbsent(key, mine);
        if (other != null) {
            return again(other.join());
        }
        try {
            Taken taken = store.delivered(recipe, delivery, since)
                    .<Taken>map(Taken.Known::new)
                    .orElseGet(() -> new Taken.New(submit.get()));
            mine.complete(taken);
            return taken;
        } catch (RuntimeException | Error e) {
            mine.completeExceptionally(e);
            throw e;
        } finally {
            underway.remove(key);
        }
    }

    private static Taken again(Taken first) {
        return first instanceof Taken.New(Admitted.Accepted accepted)
                ? new Taken.Known(accepted.run().id())
                : first;
    }
}
