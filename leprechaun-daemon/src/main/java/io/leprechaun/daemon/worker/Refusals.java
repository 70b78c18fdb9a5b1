package io.leprechaun.daemon.worker;

import io.leprechaun.daemon.history.RunStore;
import io.leprechaun.daemon.lifecycle.Alarms;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.recipe.TriggerKind;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.settings.AgentName;
import io.leprechaun.daemon.settings.notify.NotifyRules;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The records of requests and due instants that start nothing. Beyond a few a second, equal refusals of one recipe wait
 * half a second for each other, and are stored and answered together: under overload they leave the disk and the
 * processors to runs, and a refused sender comes back later. No answer leaves before its record is stored. Refusals of
 * due instants never wait: the account of due instants depends on them. Thread-safe.
 */
final class Refusals {
    /** The number of equal refusals in each period that are stored at once. */
    static final int AT_ONCE = 10;

    private static final Duration PERIOD = Duration.ofMillis(500);

    private final RunStore store;
    private final Alarms alarms;
    /** Guarded by this, with all values. */
    private final Map<Kind, Equal> equals = new HashMap<>();

    /** True while a refusal waits. */
    private volatile boolean waits;

    private record Kind(
            RecipeName recipe, AgentName agent, TriggerKind trigger, RunState state, Optional<String> reason) {
        static Kind of(Run refused) {
            var order = refused.order();
            return new Kind(order.recipe(), order.agent(), order.series(), refused.state(), refused.reason());
        }
    }

    /** Equal refusals in one period. */
    private static final class Equal {
        private final NotifyRules rules;
        private int atOnce;
        /** The refusals that wait, as one. */
        private Optional<Run> gathered = Optional.empty();

        private CompletableFuture<Long> stored = new CompletableFuture<>();

        Equal(NotifyRules rules) {
            this.rules = rules;
        }
    }

    Refusals(RunStore store, Alarms alarms) {
        this.store = store;
        this.alarms = alarms;
    }

    /** Stores a refusal. Returns the number of its record once that is on disk. */
    synchronized CompletableFuture<Long> add(Run refused, NotifyRules rules) {
        if (refused.order().cause().dueAt().isPresent()) {
            return store.refuse(refused, rules);
        }
        Kind kind = Kind.of(refused);
        Equal equal = equals.computeIfAbsent(kind, unused -> new Equal(rules));
        if (equal.atOnce == 0) {
            endPeriodLater(kind);
        }
        if (equal.atOnce < AT_ONCE) {
            equal.atOnce++;
            return store.refuse(refused, rules);
        }
        waits = true;
        equal.gathered = Optional.of(
                equal.gathered.map(before -> before.repeated(refused)).orElse(refused));
        return equal.stored;
    }

    /** Stores all refusals that wait. */
    void flush() {
        flush(kind -> true);
    }

    /** Returns whether refusals wait. */
    boolean areWaiting() {
        return waits;
    }

    /** Stores the refusals for lack of room that wait, because an agent's queue has room again. */
    void hasRoom(AgentName agent) {
        flush(kind -> kind.agent().equals(agent)
                && kind.reason().filter(Admission.FULL::equals).isPresent());
    }

    private synchronized void flush(Predicate<Kind> which) {
        List.copyOf(equals.keySet()).stream().filter(which).forEach(this::endPeriod);
    }

    private void endPeriodLater(Kind kind) {
        var unused = alarms.in(PERIOD, () -> endPeriod(kind));
    }

    private synchronized void endPeriod(Kind kind) {
        Equal equal = equals.remove(kind);
        waits = equals.values().stream().anyMatch(other -> other.gathered.isPresent());
        if (equal != null && equal.gathered.isPresent()) {
            var unused = store.refuse(equal.gathered.get(), equal.rules)
                    .whenComplete((id, failure) -> complete(equal.stored, id, failure));
        }
    }

    private static void complete(CompletableFuture<Long> future, @Nullable Long id, @Nullable Throwable failure) {
        if (failure == null) {
            future.complete(id);
        } else {
            future.completeExceptionally(failure);
        }
    }
}
