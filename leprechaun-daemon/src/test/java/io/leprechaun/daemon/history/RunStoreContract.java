package io.leprechaun.daemon.history;

import static io.leprechaun.daemon.history.StoreContract.held;
import static io.leprechaun.daemon.history.StoreContract.order;
import static io.leprechaun.daemon.history.StoreContract.rejectedHook;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leprechaun.daemon.body.Body;
import io.leprechaun.daemon.output.OutputSize;
import io.leprechaun.daemon.posix.Usage;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.recipe.TriggerKind;
import io.leprechaun.daemon.run.Cause;
import io.leprechaun.daemon.run.Input;
import io.leprechaun.daemon.run.Outcome;
import io.leprechaun.daemon.run.Pause;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunOverrides;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.run.StepResult;
import io.leprechaun.daemon.run.StepState;
import io.leprechaun.daemon.run.TestRecipes;
import io.leprechaun.daemon.settings.AgentName;
import io.leprechaun.daemon.settings.notify.NotifyRules;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The contract of a {@link RunStore} for runs and pauses. */
public interface RunStoreContract extends StoreContract {
    private List<Run> all() {
        return store().list(RunFilter.newest(1000));
    }

    private Run find(long id) {
        return store().find(id).orElseThrow();
    }

    @Test
    default void an_id_is_larger_than_every_earlier_one_also_after_a_restart() {
        long first = store().nextId();
        Run run = accept(BACKUP);
        assertThat(run.id()).isGreaterThan(first);
        long refused = refuse(held("paused", NOON));
        assertThat(refused).isGreaterThan(run.id());
        reopen();
        assertThat(store().nextId()).isGreaterThan(refused);
    }

    @Test
    default void a_refusal_is_numbered_when_it_is_asked_for() {
        var refused = store().refuse(held("paused", NOON), NotifyRules.NOTHING);
        long next = store().nextId();
        assertThat(refused.join()).isLessThan(next);
    }

    @Test
    default void its_identity_stays_and_is_no_other_stores() {
        String identity = store().identity();
        assertThat(another().identity()).isNotEqualTo(identity);
        reopen();
        assertThat(store().identity()).isEqualTo(identity);
    }

    @Test
    default void an_empty_store_is_well_and_knows_nothing() {
        assertThat(store().trouble()).isEmpty();
        assertThat(store().unfinished()).isEmpty();
        assertThat(store().version("none")).isEmpty();
        assertThat(store().input(1)).isEqualTo(Input.NONE);
        assertThat(store().find(1)).isEmpty();
        assertThat(store().due(BACKUP.name(), NOON)).isEmpty();
        assertThat(all()).isEmpty();
        assertThat(store().recent(BACKUP.name(), 10)).isEmpty();
        assertThat(store().last()).isEmpty();
        assertThat(store().pauses()).isEmpty();
        assertThat(store().agentPause(AgentName.CRON)).isEmpty();
    }

    @Test
    default void restarted_it_knows_a_run_with_its_steps() {
        Run started = accept(BACKUP).started(NOON.plusSeconds(1));
        store().start(List.of(started)).join();
        var steps = List.of(
                new StepResult(
                        1,
                        "true",
                        StepState.SUCCEEDED,
                        Optional.of(0),
                        Optional.of("detail"),
                        Optional.of("left behind: 4711 (nginx)"),
                        Optional.of(NOON),
                        Optional.of(NOON.plusSeconds(5)),
                        new Usage(Duration.ofMillis(12), OptionalLong.of(4096), 512, 1024),
                        new OutputSize(1 << 30, 1 << 20)),
                StepResult.pending(2, "false").in(StepState.NOT_RUN));
        Run ended = started.ended(
                new Outcome(RunState.TIMED_OUT, Optional.of("too slow"), Optional.of(143), steps), NOON.plusSeconds(9));
        store().end(ended, List.of(), NotifyRules.NOTHING).join();

        reopen();

        assertThat(store().find(ended.id())).contains(ended);
        assertThat(store().last()).isEqualTo(Map.of(BACKUP.name(), ended));
        assertThat(all()).containsExactly(ended);
        assertThat(store().recent(BACKUP.name(), 1)).as("without steps").containsExactly(ended.with(List.of()));
    }

    @Test
    default void what_a_run_was_given_is_kept_but_for_the_delivery() throws IOException {
        var body = new byte[] {0, 1, -1, 10};
        var course = new RunOverrides(2, Optional.of(TriggerKind.SCHEDULE), Optional.of(NOON));
        var parameters = Map.of("BRANCH", "main ünï\n");
        Run run = accept(BACKUP, new Input(parameters, Optional.of(new Body.Held(body)), List.of("one"), course));
        Run bare = accept(BACKUP);

        reopen();

        Input input = store().input(run.id());
        assertThat(input.parameters()).isEqualTo(parameters);
        assertThat(input.body().orElseThrow().bytes()).isEqualTo(body);
        assertThat(input.course()).isEqualTo(course);
        assertThat(input.deliveries()).isEmpty();
        assertThat(store().input(bare.id())).isEqualTo(Input.NONE);
    }

    @Test
    default void each_version_of_a_recipe_is_kept() {
        Recipe changed = TestRecipes.steps("backup", "true", "true");
        accept(BACKUP);
        accept(changed);
        accept(BACKUP);

        reopen();

        for (Recipe recipe : List.of(BACKUP, changed)) {
            assertThat(store().version(recipe.origin().hash()))
                    .contains(new RunStore.RecipeVersion(
                            recipe.origin().file().toString(), recipe.origin().text()));
        }
    }

    @Test
    default void which_end_a_run_is_due_after_is_not_in_the_history() {
        var order = order(BACKUP, Cause.after(NOON, 7));
        Run accepted = accept(BACKUP, order, NOON, Input.NONE);
        long refused = refuse(Run.refused(order, RunState.SKIPPED, "not now", Run.Repeat.ONCE, NOON));
        store().start(List.of(accepted.started(NOON))).join();
        for (long id : List.of(accepted.id(), refused)) {
            assertThat(find(id).order()).isEqualTo(order(BACKUP, Cause.due(TriggerKind.AFTER, NOON)));
        }
    }

    @Test
    default void changes_are_kept_in_the_order_in_which_they_were_asked_for() {
        Run run = Run.accepted(store().nextId(), order(BACKUP, TriggerKind.CRON, Optional.of(NOON)), NOON);
        Run started = run.started(NOON);
        Run stopping = started.stopping("killed by zoe");
        Run ended = stopping.ended(Outcome.of(RunState.KILLED, "killed by zoe"), NOON);
        var accepting = store().accept(run, BACKUP, Input.NONE);
        var starting = store().start(List.of(started));
        store().changed(stopping);
        store().end(ended, List.of(), NotifyRules.NOTHING).join();

        assertThat(accepting).isCompleted();
        assertThat(starting).isCompleted();
        assertThat(find(run.id())).isEqualTo(ended);
    }

    @Test
    default void what_cannot_be_kept_is_refused_and_nothing_of_it_is_kept() {
        Run run = accept(BACKUP);
        var again = Run.accepted(run.id(), order(OTHER, TriggerKind.CRON, Optional.of(NOON)), NOON);
        var input = new Input(Map.of("A", "b"), Optional.empty(), List.of("one"));
        assertThatThrownBy(store().accept(again, OTHER, input)::join).hasCauseInstanceOf(StoreException.class);

        assertThat(all()).containsExactly(run);
        assertThat(store().input(run.id())).isEqualTo(Input.NONE);
        assertThat(store().version(OTHER.origin().hash())).isEmpty();
        assertThat(store().delivered(OTHER.name(), "one", NOON)).isEmpty();
    }

    @Test
    default void what_is_unfinished_comes_back_in_the_order_of_acceptance() {
        Run queued = accept(BACKUP);
        Run running = accept(BACKUP);
        Run over = accept(BACKUP);
        Run later = accept(BACKUP);
        refuse(held("paused", NOON));
        store().start(List.of(running.started(NOON))).join();
        end(over, RunState.SUCCEEDED);

        reopen();

        assertThat(store().unfinished()).extracting(Run::id).containsExactly(queued.id(), running.id(), later.id());
        assertThat(store().unfinished())
                .extracting(Run::state)
                .containsExactly(RunState.QUEUED, RunState.RUNNING, RunState.QUEUED);
    }

    @Test
    default void a_final_state_never_changes() {
        Run run = accept(BACKUP);
        Run stopping = run.started(NOON).stopping("killed by zoe");
        Run ended = end(run, RunState.SUCCEEDED);

        store().changed(stopping);
        store().start(List.of(run.started(NOON))).join();

        assertThat(store().find(run.id())).contains(ended);
    }

    @Test
    default void the_end_of_one_is_kept_with_the_start_of_the_next() {
        Run one = accept(BACKUP);
        Run next = accept(BACKUP);
        Run started = one.started(NOON);
        Run killed = started.ended(Outcome.of(RunState.KILLED, "killed by zoe"), NOON);
        store().start(List.of(started)).join();

        store().end(killed, List.of(next.started(NOON)), NotifyRules.NOTHING).join();

        assertThat(find(one.id())).isEqualTo(killed);
        assertThat(find(next.id())).isEqualTo(next.started(NOON));
    }

    @Test
    default void the_newest_claims_are_known_after_a_restart() {
        assertThat(store().claims()).isEqualTo(RunStore.Claims.NONE);
        store().claim(new RunStore.Claims("one boot", Set.of(3L, 5L))).join();
        store().claim(new RunStore.Claims("another boot", Set.of(7L, 12L))).join();

        reopen();

        assertThat(store().claims()).isEqualTo(new RunStore.Claims("another boot", Set.of(12L, 7L)));
        store().claim(RunStore.Claims.NONE).join();
        assertThat(store().claims().runs()).isEmpty();
    }

    @Test
    default void a_start_that_comes_after_the_end_changes_nothing() {
        Run run = accept(BACKUP);
        Run started = run.started(NOON);
        Run ended = started.ended(Outcome.of(RunState.KILLED, "killed by zoe"), NOON);
        store().end(ended, List.of(), NotifyRules.NOTHING).join();
        store().start(List.of(started)).join();
        assertThat(find(run.id())).isEqualTo(ended);
    }

    @Test
    default void a_start_that_comes_after_the_attempt_changes_nothing() {
        Run started = accept(BACKUP).started(NOON);
        Run waiting = started.waiting(Outcome.of(RunState.FAILED, "it failed"), NOON.plusSeconds(9));
        store().attempted(waiting, List.of()).join();
        store().start(List.of(started)).join();
        assertThat(find(started.id())).isEqualTo(waiting);

        Run again = waiting.started(NOON.plusSeconds(9));
        store().start(List.of(again)).join();
        assertThat(find(started.id()).state()).isEqualTo(RunState.RUNNING);
    }

    @Test
    default void a_run_between_two_attempts_is_kept_with_the_steps_of_the_one_before_it() {
        Run one = accept(BACKUP).started(NOON);
        Run next = accept(BACKUP);
        var step = StepResult.pending(1, "true").in(StepState.FAILED);
        var failed = new Outcome(RunState.FAILED, Optional.of("step 1"), Optional.of(2), List.of(step));
        Run waiting = one.waiting(failed, NOON.plusSeconds(60));
        store().attempted(waiting, List.of(next.started(NOON))).join();

        reopen();
        assertThat(find(one.id())).isEqualTo(waiting);
        assertThat(find(next.id()).state()).isEqualTo(RunState.RUNNING);

        Run postponed = waiting.postponed(Duration.ofHours(1));
        store().changed(postponed);
        settle();
        assertThat(find(one.id())).isEqualTo(postponed);

        Run second = postponed.started(NOON.plusSeconds(3660));
        store().start(List.of(second)).join();
        assertThat(find(one.id())).as("without the steps of the first").isEqualTo(second);
        assertThat(second.attempt()).isEqualTo(2);
    }

    @Test
    default void equal_outcomes_in_a_row_are_one_record_with_first_last_and_count() {
        long first = refuse(held("paused", NOON));
        assertThat(refuse(held("paused", 1, NOON.plusSeconds(60), NOON.plusSeconds(61))))
                .isEqualTo(first);
        reopen();
        assertThat(refuse(held("paused", 5, NOON.plusSeconds(120), NOON.plusSeconds(360))))
                .isEqualTo(first);

        Run record = find(first);
        assertThat(record.repeat()).isEqualTo(new Run.Repeat(7, Optional.of(NOON.plusSeconds(360))));
        assertThat(record.order().cause().dueAt()).contains(NOON);
        assertThat(record.times().endedAt()).contains(NOON.plusSeconds(360));
        assertThat(all()).hasSize(1);
        assertThat(store().ledger().lastDue(TriggerKind.CRON)).containsEntry(BACKUP.name(), NOON.plusSeconds(360));
    }

    @Test
    default void what_comes_between_ends_the_counting() {
        long first = refuse(held("paused", NOON));
        Run between = accept(BACKUP);
        long afterRun = refuse(held("paused", NOON));
        long otherReason = refuse(held("stopped", NOON));
        long back = refuse(held("paused", NOON));
        long otherState = refuse(Run.refused(
                order(BACKUP, TriggerKind.CRON, Optional.of(NOON)), RunState.SKIPPED, "paused", Run.Repeat.ONCE, NOON));

        assertThat(List.of(first, between.id(), afterRun, otherReason, back, otherState))
                .doesNotHaveDuplicates();
        assertThat(all()).hasSize(6);
    }

    @Test
    default void another_recipe_or_trigger_between_does_not_end_the_counting() {
        long first = refuse(held("paused", NOON));
        accept(OTHER);
        accept(BACKUP, TriggerKind.MANUAL);

        assertThat(refuse(held("paused", NOON))).isEqualTo(first);
    }

    @Test
    default void hooks_that_are_refused_are_counted_too() {
        long id = refuse(rejectedHook());
        refuse(rejectedHook());

        assertThat(find(id).repeat()).isEqualTo(new Run.Repeat(2, Optional.empty()));
    }

    @Test
    default void what_was_due_last_is_found_by_its_instant_whatever_came_of_it() {
        Run later =
                accept(BACKUP, order(BACKUP, TriggerKind.CRON, Optional.of(NOON.plusSeconds(60))), NOON, Input.NONE);
        Run first = accept(BACKUP);
        Run same = accept(BACKUP);
        accept(BACKUP, TriggerKind.MANUAL);
        accept(OTHER, order(OTHER, TriggerKind.CRON, Optional.of(NOON.plusSeconds(30))), NOON, Input.NONE);
        assertThat(store().due(BACKUP.name(), NOON.minusSeconds(1))).isEmpty();
        assertThat(store().due(BACKUP.name(), NOON.plusSeconds(59)))
                .as("not " + first.id())
                .contains(same);
        assertThat(store().due(BACKUP.name(), NOON.plusSeconds(60))).contains(later);

        long held = refuse(held("paused", 3, NOON.plusSeconds(120), NOON.plusSeconds(240)));
        assertThat(store().due(BACKUP.name(), NOON.plusSeconds(300))).contains(find(held));
    }

    @Test
    default void lists_the_newest_first_by_recipe_state_time_and_number() {
        Run a = end(accept(BACKUP), RunState.SUCCEEDED);
        Run b = end(accept(OTHER), RunState.FAILED);
        Run c = accept(BACKUP);
        var newest = RunFilter.newest(10);

        assertThat(all()).containsExactly(c, b, a);
        assertThat(store().ids(newest)).containsExactly(c.id(), b.id(), a.id());
        assertThat(store().list(newest.of(BACKUP.name()))).containsExactly(c, a);
        assertThat(store().list(newest.in(Set.of(RunState.FAILED)))).containsExactly(b);
        assertThat(store().list(newest.in(Set.of(RunState.QUEUED, RunState.SUCCEEDED))))
                .containsExactly(c, a);
        assertThat(store().list(newest.of(BACKUP.name()).in(Set.of(RunState.SUCCEEDED, RunState.FAILED))))
                .containsExactly(a);
        assertThat(store().list(RunFilter.newest(1))).containsExactly(c);
        assertThat(store().count(newest)).isEqualTo(3);
        assertThat(store().count(newest.of(BACKUP.name()))).isEqualTo(2);
        assertThat(store().count(newest.in(Set.of(RunState.FAILED)))).isEqualTo(1);
        assertThat(store().count(newest.atMost(2))).as("up to the limit").isEqualTo(2);
        assertThat(store().list(RunFilter.newest(1).in(Set.of(RunState.SUCCEEDED, RunState.FAILED))))
                .containsExactly(b);
    }

    @Test
    default void lists_what_was_accepted_from_one_instant_to_before_another() {
        Run a = accept(BACKUP);
        Instant later = NOON.plusSeconds(60);
        Run b = accept(BACKUP, order(BACKUP, TriggerKind.CRON, Optional.of(NOON)), later, Input.NONE);
        var newest = RunFilter.newest(10);

        assertThat(store().list(newest.between(Optional.of(NOON), Optional.empty())))
                .containsExactly(b, a);
        assertThat(store().list(newest.between(Optional.of(NOON.plusNanos(1000)), Optional.empty())))
                .containsExactly(b);
        assertThat(store().list(newest.between(Optional.of(later.plusNanos(1000)), Optional.empty())))
                .isEmpty();
        assertThat(store().list(newest.between(Optional.of(NOON), Optional.of(later))))
                .containsExactly(a);
        assertThat(store().list(newest.between(Optional.empty(), Optional.of(NOON))))
                .isEmpty();
    }

    @Test
    default void lists_by_kind_of_cause_and_below_a_number() {
        Run a = end(accept(BACKUP), RunState.SUCCEEDED);
        Run b = accept(BACKUP, order(BACKUP, TriggerKind.HOOK, Optional.empty()), NOON, Input.NONE);
        Run c = end(accept(OTHER), RunState.FAILED);
        Run d = accept(BACKUP, order(BACKUP, TriggerKind.HOOK, Optional.empty()), NOON, Input.NONE);
        var newest = RunFilter.newest(10);

        assertThat(store().ids(newest.by(TriggerKind.HOOK))).containsExactly(d.id(), b.id());
        assertThat(store().ids(newest.by(TriggerKind.HOOK).in(Set.of(RunState.FAILED))))
                .isEmpty();
        assertThat(store().ids(newest.by(TriggerKind.HOOK).of(OTHER.name()))).isEmpty();
        assertThat(store().ids(newest.by(TriggerKind.RETRY))).isEmpty();
        assertThat(store().ids(newest.among(new RunFilter.Numbers(0, c.id())))).containsExactly(b.id(), a.id());
        assertThat(store().ids(newest.among(new RunFilter.Numbers(b.id(), d.id()))))
                .containsExactly(c.id(), b.id());

        assertThat(store().page(newest))
                .isEqualTo(new RunPage(List.of(d.id(), c.id(), b.id(), a.id()), OptionalLong.empty()));
        var first = store().page(newest.by(TriggerKind.HOOK).atMost(1));
        assertThat(first).isEqualTo(new RunPage(List.of(d.id()), OptionalLong.of(d.id())));
        assertThat(store().page(newest.by(TriggerKind.HOOK)
                        .among(new RunFilter.Numbers(0, first.next().getAsLong()))))
                .isEqualTo(new RunPage(List.of(b.id()), OptionalLong.empty()));
        assertThat(store().page(newest.atMost(2))).isEqualTo(RunPage.of(List.of(d.id(), c.id()), 2));
    }

    @Test
    default void lists_runs_in_the_order_of_the_numbers_given_without_those_that_are_not_there() {
        Run a = accept(BACKUP);
        Run b = end(accept(OTHER), RunState.FAILED);
        assertThat(store().list(List.of(a.id(), 4711L, b.id()))).containsExactly(a, b);
        assertThat(store().list(List.of(b.id(), a.id()))).containsExactly(b, a);
        assertThat(store().list(List.of())).isEmpty();
    }

    @Test
    default void lists_a_few_runs_that_lie_far_apart_with_their_own_steps() {
        Run first = accept(BACKUP);
        IntStream.range(0, 50).forEach(i -> accept(OTHER));
        Run last = accept(BACKUP);
        for (Run run : List.of(first, last)) {
            var steps = List.of(StepResult.pending(1, "of " + run.id()).in(StepState.NOT_RUN));
            var killed = new Outcome(RunState.KILLED, Optional.empty(), Optional.empty(), steps);
            store().end(run.started(NOON).ended(killed, NOON), List.of(), NotifyRules.NOTHING)
                    .join();
        }
        assertThat(store().list(RunFilter.newest(10).of(BACKUP.name())))
                .extracting(run -> run.steps().getFirst().command())
                .containsExactly("of " + last.id(), "of " + first.id());
    }

    @Test
    default void the_recent_runs_of_a_recipe_are_those_that_ran_and_are_over() {
        Run succeeded = end(accept(BACKUP), RunState.SUCCEEDED);
        Run lost = end(accept(BACKUP), RunState.LOST);
        refuse(held("paused", NOON));
        Run rejected = accept(BACKUP);
        store().end(rejected.ended(Outcome.of(RunState.REJECTED, "gone"), NOON), List.of(), NotifyRules.NOTHING)
                .join();
        end(accept(OTHER), RunState.FAILED);
        store().start(List.of(accept(BACKUP).started(NOON))).join();

        assertThat(store().recent(BACKUP.name(), 10)).containsExactly(lost, succeeded);
        assertThat(store().recent(BACKUP.name(), 1)).containsExactly(lost);
        Run other = end(accept(OTHER), RunState.FAILED);
        assertThat(store().recent(Set.of(BACKUP.name(), OTHER.name(), new RecipeName("never-run")), 1))
                .isEqualTo(Map.of(BACKUP.name(), List.of(lost), OTHER.name(), List.of(other)));
    }

    @Test
    default void the_last_run_of_a_recipe_is_the_newest_that_was_accepted() {
        end(accept(BACKUP), RunState.FAILED);
        Run last = end(accept(BACKUP), RunState.SUCCEEDED);
        refuse(held("paused", NOON));
        Run other = accept(OTHER);
        assertThat(store().last()).isEqualTo(Map.of(BACKUP.name(), last, OTHER.name(), other));

        Run rejected = other.ended(Outcome.of(RunState.REJECTED, "gone"), NOON);
        store().end(rejected, List.of(), NotifyRules.NOTHING).join();
        Run queued = accept(BACKUP);
        assertThat(store().last()).isEqualTo(Map.of(BACKUP.name(), queued, OTHER.name(), rejected));
    }

    @Test
    default void a_pause_stays_until_it_is_taken_back() {
        RecipeName never = new RecipeName("never-run");
        var whole = new Pause(NOON, Optional.of(NOON.plusSeconds(60)), "zoe", Optional.of("upgrade, \"now\" ü"));
        var bare = new Pause(NOON, Optional.empty(), "zoe", Optional.empty());
        end(accept(BACKUP), RunState.SUCCEEDED);
        store().pause(BACKUP.name(), Optional.of(whole)).join();
        store().pause(never, Optional.of(bare)).join();
        reopen();
        assertThat(store().pauses()).isEqualTo(Map.of(BACKUP.name(), whole, never, bare));
        assertThat(store().last()).containsOnlyKeys(BACKUP.name());

        store().pause(BACKUP.name(), Optional.of(bare)).join();
        store().pause(never, Optional.empty()).join();
        assertThat(store().pauses()).as("in place of the other").isEqualTo(Map.of(BACKUP.name(), bare));
        reopen();
        store().pause(BACKUP.name(), Optional.empty()).join();
        assertThat(store().pauses()).isEmpty();
        assertThat(store().last()).as("what else is known of it stays").containsOnlyKeys(BACKUP.name());
    }

    @Test
    default void an_agents_pause_stays_until_it_is_taken_back() {
        var whole = new Pause(NOON, Optional.of(NOON.plusSeconds(60)), "zoe", Optional.of("upgrade"));
        var bare = new Pause(NOON, Optional.empty(), "zoe", Optional.empty());
        store().pauseAgent(AgentName.CRON, Optional.of(whole)).join();
        reopen();
        assertThat(store().agentPause(AgentName.CRON)).contains(whole);
        assertThat(store().agentPause(AgentName.SCHEDULER)).isEmpty();

        store().pauseAgent(AgentName.CRON, Optional.of(bare)).join();
        assertThat(store().agentPause(AgentName.CRON))
                .as("in place of the other")
                .contains(bare);
        store().pauseAgent(AgentName.CRON, Optional.empty()).join();
        assertThat(store().agentPause(AgentName.CRON)).isEmpty();
    }
}
