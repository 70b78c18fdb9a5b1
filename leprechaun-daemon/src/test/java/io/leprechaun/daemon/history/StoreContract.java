package io.leprechaun.daemon.history;

import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.TriggerKind;
import io.leprechaun.daemon.run.Cause;
import io.leprechaun.daemon.run.Input;
import io.leprechaun.daemon.run.Outcome;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunSpec;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.run.TestRecipes;
import io.leprechaun.daemon.settings.AgentName;
import io.leprechaun.daemon.settings.notify.NotifyRules;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The base of the contracts of a store's ports. A test class of a store implements those that the store is to pass;
 * each of their tests begins with an empty store.
 */
public interface StoreContract {
    Instant NOON = Instant.parse("2026-11-23T12:00:00.123456Z");
    Recipe BACKUP = TestRecipes.steps("backup", "true", "false");
    Recipe OTHER = TestRecipes.steps("other", "true");

    /** The store of this test. */
    RunStore store();

    /** Opens the store again as after a restart; one in memory stays as it is. */
    void reopen();

    /** Returns another store, which is empty. */
    RunStore another();

    /** Waits until all requested changes are kept: changes are kept in their order. */
    default void settle() {
        store().start(List.of()).join();
    }

    static RunSpec order(Recipe recipe, TriggerKind trigger, Optional<Instant> due) {
        return order(recipe, new Cause(trigger, due, Optional.of("zoe")));
    }

    static RunSpec order(Recipe recipe, Cause cause) {
        return new RunSpec(recipe.name(), recipe.origin().hash(), AgentName.CRON, 3, cause);
    }

    /** Accepts a run that was due at noon. */
    default Run accept(Recipe recipe) {
        return accept(recipe, Input.NONE);
    }

    default Run accept(Recipe recipe, Input input) {
        return accept(recipe, order(recipe, TriggerKind.CRON, Optional.of(NOON)), NOON, input);
    }

    /** Accepts a run without a due instant. */
    default Run accept(Recipe recipe, TriggerKind trigger) {
        return accept(recipe, order(recipe, trigger, Optional.empty()), NOON, Input.NONE);
    }

    default Run accept(Recipe recipe, RunSpec order, Instant now, Input input) {
        Run run = Run.accepted(store().nextId(), order, now);
        store().accept(run, recipe, input).join();
        return run;
    }

    /** Starts an accepted run a second after noon, and ends it a second later. */
    default Run end(Run run, RunState state) {
        return end(run, state, NotifyRules.NOTHING);
    }

    default Run end(Run run, RunState state, NotifyRules tell) {
        Run started = run.started(NOON.plusSeconds(1));
        store().start(List.of(started)).join();
        Run ended = started.ended(Outcome.of(state, "because"), NOON.plusSeconds(2));
        store().end(ended, List.of(), tell).join();
        return ended;
    }

    default long refuse(Run run) {
        return store().refuse(run, NotifyRules.NOTHING).join();
    }

    /** Returns a record of instants that a pause held. */
    static Run held(String reason, int count, Instant first, Instant last) {
        var repeat = new Run.Repeat(count, Optional.of(last).filter(end -> count > 1));
        return Run.refused(order(BACKUP, TriggerKind.CRON, Optional.of(first)), RunState.HELD, reason, repeat, last);
    }

    /** Returns a record of one instant that a pause held. */
    static Run held(String reason, Instant due) {
        return held(reason, 1, due, due);
    }

    /** Returns a record of a hook that was rejected. */
    static Run rejectedHook() {
        return Run.refused(
                order(BACKUP, TriggerKind.HOOK, Optional.empty()),
                RunState.REJECTED,
                "the queue is full",
                Run.Repeat.ONCE,
                NOON);
    }
}
