package io.leprechaun.daemon.worker;

import io.leprechaun.daemon.history.RunStore;
import io.leprechaun.daemon.lifecycle.Alarms;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.recipe.TriggerKind;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunSpec;
import io.leprechaun.daemon.settings.NotifyRules;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The records of requests and due instants that start nothing. Under overload, equal refusals of one recipe are counted
 * in memory and stored together each second, so that they leave the disk to runs. A kill loses the counts of that
 * second. Refusals of a due instant are always stored at once: the account of due instants depends on them.
 * Thread-safe.
 */
final class Refusals {
    /** The number of equal refusals a second that are stored at once. */
    static final int AT_ONCE = 10;

    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final RunStore store;
    private final Alarms alarms;
    private final Consumer<Run> listener;
    /** Guarded by this, with all values. */
    private final Map<Series, Equal> newest = new HashMap<>();
    /** Guarded by this. */
    private boolean closed;

    private record Series(RecipeName recipe, TriggerKind kind) {
        static Series of(RunSpec order) {
            return new Series(order.recipe(), order.series());
        }
    }

    /** Equal refusals in a row. */
    private static final class Equal {
        private final Run first;
        private final NotifyRules rules;
        /** The number of the last record; empty after an acceptance. */
        private Optional<CompletableFuture<Long>> stored = Optional.empty();
        /** The refusals that are not stored yet, as one. */
        private Optional<Run> counted = Optional.empty();

        private int atOnce;

        Equal(Run first, NotifyRules rules) {
            this.first = first;
            this.rules = rules;
        }

        /** Returns whether the last record is on disk, or is expected to be. */
        boolean isStored() {
            return stored.filter(last -> !last.isCompletedExceptionally()).isPresent();
        }

        boolean isLike(Run other) {
            return first.state() == other.state() && first.reason().equals(other.reason());
        }
    }

    /** @param listener the listener for each record that was stored, with its number */
    Refusals(RunStore store, Alarms alarms, Consumer<Run> listener) {
        this.store = store;
        this.alarms = alarms;
        this.listener = listener;
    }

    /** Records a refusal. Returns the number of its record, once a record like it is on disk. */
    synchronized CompletableFuture<Long> add(Run refusal, NotifyRules rules) {
        if (closed) {
            return store(refusal, rules);
        }
        var series = Series.of(refusal.order());
        Equal equal = newest.get(series);
        if (equal == null || !equal.isLike(refusal)) {
            store(series);
            equal = new Equal(refusal, rules);
            newest.put(series, equal);
            lookLater(series, equal);
        }
        boolean isDue = refusal.order().cause().dueAt().isPresent();
        if (!isDue && equal.isStored() && equal.atOnce >= AT_ONCE) {
            equal.counted = Optional.of(
                    equal.counted.map(before -> before.repeated(refusal)).orElse(refusal));
            return equal.stored.orElseThrow();
        }
        storeCounted(equal);
        equal.atOnce++;
        var stored = store(refusal, rules);
        equal.stored = Optional.of(stored);
        return stored;
    }

    /** Stores what was counted of a series, before a run of it is accepted. */
    synchronized void accepting(RunSpec order) {
        store(Series.of(order));
    }

    /** Stores all that was counted, and from now on each refusal at once. */
    synchronized void close() {
        closed = true;
        newest.values().forEach(this::storeCounted);
        newest.clear();
    }

    private void store(Series series) {
        Equal equal = newest.get(series);
        if (equal != null) {
            storeCounted(equal);
            equal.stored = Optional.empty();
        }
    }

    private void storeCounted(Equal equal) {
        equal.counted.ifPresent(refusals -> {
            equal.counted = Optional.empty();
            var unused = store(refusals, equal.rules).exceptionally(failure -> {
                LOG.error(
                        "recipe={} was {} {} times, but the record could not be stored",
                        refusals.order().recipe(),
                        refusals.state().word(),
                        refusals.repeat().count(),
                        failure);
                return 0L;
            });
        });
    }

    private CompletableFuture<Long> store(Run refusal, NotifyRules rules) {
        return store.refuse(refusal, rules).thenApply(id -> {
            listener.accept(refusal.numbered(id));
            return id;
        });
    }

    private void lookLater(Series series, Equal equal) {
        var unused = alarms.in(SECOND, () -> look(series, equal));
    }

    private synchronized void look(Series series, Equal equal) {
        if (newest.get(series) != equal) {
            return;
        }
        if (equal.atOnce == 0 && equal.counted.isEmpty()) {
            newest.remove(series);
            return;
        }
        storeCounted(equal);
        equal.atOnce = 0;
        lookLater(series, equal);
    }
}
