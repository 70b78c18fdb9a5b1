package io.leprechaun.daemon.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.leprechaun.daemon.history.FakeStore;
import io.leprechaun.daemon.lifecycle.Alarms;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.TriggerKind;
import io.leprechaun.daemon.run.Cause;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunSpec;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.run.TestRecipes;
import io.leprechaun.daemon.settings.AgentName;
import io.leprechaun.daemon.settings.notify.NotifyRules;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Under overload equal refusals are stored and answered together, and no answer comes before its record. */
@Timeout(60)
class RefusalsTest {
    private static final Instant NOON = Instant.parse("2026-11-30T12:00:00Z");
    private static final String FULL = "the queue is full";
    private static final Recipe KNOCK = TestRecipes.failing("knock");
    private static final Cause HOOK = Cause.requested(TriggerKind.HOOK, "127.0.0.1");

    private final FakeStore store = new FakeStore();
    private final Alarms alarms = Alarms.open();
    private final Refusals refusals = new Refusals(store, alarms);

    @AfterEach
    void end() {
        alarms.close();
        assertThat(store.wrong()).isEmpty();
    }

    private CompletableFuture<Long> refuse(Cause cause, String reason) {
        var order = new RunSpec(KNOCK.name(), KNOCK.origin().hash(), AgentName.SERVER, 0, cause);
        return refusals.add(Run.refused(order, RunState.REJECTED, reason, Run.Repeat.ONCE, NOON), NotifyRules.NOTHING);
    }

    private List<CompletableFuture<Long>> refuse(int times) {
        return IntStream.range(0, times).mapToObj(i -> refuse(HOOK, FULL)).toList();
    }

    private List<Integer> counts() {
        return store.rows().stream().map(run -> run.repeat().count()).toList();
    }

    @Test
    void a_few_are_stored_at_once_and_the_others_together() {
        var answers = refuse(1000);
        assertThat(answers.subList(0, Refusals.AT_ONCE)).allMatch(CompletableFuture::isDone);
        await().until(() -> answers.stream().allMatch(CompletableFuture::isDone));
        assertThat(counts()).containsExactly(1000);
        assertThat(answers)
                .allMatch(answer -> answer.join().equals(store.rows().getFirst().id()));
    }

    @Test
    void no_answer_comes_before_its_record() {
        store.hold(true);
        var answers = refuse(100);
        refusals.flush();
        assertThat(answers).noneMatch(CompletableFuture::isDone);
        while (store.commit()) {}
        assertThat(answers).allMatch(CompletableFuture::isDone);
        assertThat(counts()).containsExactly(100);
    }

    @Test
    void those_that_could_not_be_stored_are_not_answered_as_stored() {
        var stored = refuse(Refusals.AT_ONCE);
        var answers = refuse(5);
        store.failNext(1);
        refusals.flush();
        assertThat(stored).noneMatch(CompletableFuture::isCompletedExceptionally);
        assertThat(answers).allMatch(CompletableFuture::isCompletedExceptionally);
    }

    @Test
    void those_for_lack_of_room_are_answered_when_there_is_room_again() {
        var full = refuse(100);
        var paused = IntStream.range(0, 100)
                .mapToObj(i -> refuse(HOOK, "paused by root"))
                .toList();
        refusals.hasRoom(AgentName.CRON);
        assertThat(full.getLast()).isNotDone();
        refusals.hasRoom(AgentName.SERVER);
        assertThat(full).allMatch(CompletableFuture::isDone);
        assertThat(paused.getLast()).isNotDone();
    }

    @Test
    void other_reasons_and_due_instants_do_not_wait() {
        var unused = refuse(1000);
        assertThat(refuse(HOOK, "paused by root")).isCompleted();
        for (int i = 0; i < 50; i++) {
            assertThat(refuse(Cause.due(TriggerKind.CRON, NOON.plusSeconds(i)), FULL))
                    .isCompleted();
        }
    }
}
