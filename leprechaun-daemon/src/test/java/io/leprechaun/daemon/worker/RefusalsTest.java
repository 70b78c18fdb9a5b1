package io.leprechaun.daemon.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.leprechaun.daemon.history.FakeStore;
import io.leprechaun.daemon.lifecycle.Alarms;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.TriggerKind;
import io.leprechaun.daemon.run.Cause;
import io.leprechaun.daemon.run.Input;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunSpec;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.run.TestRecipes;
import io.leprechaun.daemon.settings.AgentName;
import io.leprechaun.daemon.settings.NotifyRules;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Under overload, equal refusals are one record with its count, and take no more of the store than a few. */
@Timeout(60)
class RefusalsTest {
    private static final Instant NOON = Instant.parse("2026-11-30T12:00:00Z");
    private static final String FULL = "the queue is full";
    private static final Recipe KNOCK = TestRecipes.failing("knock");

    private final FakeStore store = new FakeStore();
    private final Alarms alarms = Alarms.open();
    private final List<Run> heard = new CopyOnWriteArrayList<>();
    private final Refusals refusals = new Refusals(store, alarms, heard::add);

    @AfterEach
    void end() {
        alarms.close();
        assertThat(store.wrong()).isEmpty();
    }

    private static RunSpec order(Cause cause) {
        return new RunSpec(KNOCK.name(), KNOCK.origin().hash(), AgentName.SERVER, 0, cause);
    }

    private static RunSpec knock() {
        return order(Cause.requested(TriggerKind.HOOK, "127.0.0.1"));
    }

    private CompletableFuture<Long> refuse(RunSpec order, String reason) {
        return refusals.add(Run.refused(order, RunState.REJECTED, reason, Run.Repeat.ONCE, NOON), NotifyRules.NOTHING);
    }

    private void refuse(int times) {
        IntStream.range(0, times).forEach(i -> assertThat(refuse(knock(), FULL)).isCompleted());
    }

    private List<Integer> counts() {
        return store.rows().stream().map(run -> run.repeat().count()).toList();
    }

    @Test
    void a_few_are_stored_at_once_and_the_others_together_within_a_second() {
        refuse(1000);
        assertThat(heard).hasSize(Refusals.AT_ONCE);
        await().untilAsserted(() -> assertThat(counts()).containsExactly(1000));
        assertThat(heard).as("one more record").hasSize(Refusals.AT_ONCE + 1);
        refuse(1);
        assertThat(counts()).as("in the next second").containsExactly(1001);
    }

    @Test
    void what_was_counted_is_stored_before_a_run_is_accepted_and_the_next_one_is_a_record_of_its_own() {
        refuse(50);
        refusals.accepting(knock());
        assertThat(store.accept(Run.accepted(store.nextId(), knock(), NOON), KNOCK, Input.NONE))
                .isCompleted();
        assertThat(counts()).containsExactly(50, 1);
        refuse(50);
        refusals.close();
        assertThat(counts()).containsExactly(50, 1, 50);
        assertThat(heard).as("one for each of the two, and the ones at once").hasSize(Refusals.AT_ONCE + 3);
    }

    @Test
    void another_reason_is_another_record_and_the_order_stays() {
        refuse(20);
        assertThat(refuse(knock(), "the recipe is paused")).isCompleted();
        refuse(20);
        refusals.close();
        assertThat(counts()).containsExactly(20, 1, 20);
    }

    @Test
    void once_closed_each_is_stored_at_once() {
        refuse(20);
        refusals.close();
        refuse(20);
        assertThat(counts()).containsExactly(40);
    }

    @Test
    void each_due_instant_is_stored_at_once() {
        for (int i = 0; i < 50; i++) {
            assertThat(refuse(order(Cause.due(TriggerKind.CRON, NOON.plusSeconds(i))), FULL))
                    .isCompleted();
        }
        assertThat(counts()).containsExactly(50);
    }

    @Test
    void after_a_failure_the_store_is_asked_again() {
        store.failNext(Refusals.AT_ONCE);
        for (int i = 0; i < Refusals.AT_ONCE; i++) {
            assertThat(refuse(knock(), FULL)).isCompletedExceptionally();
        }
        refuse(1);
        assertThat(counts()).containsExactly(1);
    }
}
