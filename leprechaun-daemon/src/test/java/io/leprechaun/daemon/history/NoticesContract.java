package io.leprechaun.daemon.history;

import static io.leprechaun.daemon.history.StoreContract.held;
import static io.leprechaun.daemon.history.StoreContract.order;
import static io.leprechaun.daemon.history.StoreContract.rejectedHook;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.leprechaun.daemon.recipe.TriggerKind;
import io.leprechaun.daemon.run.Input;
import io.leprechaun.daemon.run.Outcome;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.secret.Secret;
import io.leprechaun.daemon.secret.SecretSource;
import io.leprechaun.daemon.settings.notify.NoticeEvent;
import io.leprechaun.daemon.settings.notify.NotifyRules;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * The contract of a {@link RunStore} for notices of runs: it puts them into its outbox together with the records of the
 * runs.
 */
public interface NoticesContract extends StoreContract {
    NotifyRules ALL = new NotifyRules(
            NoticeEvent.SUBSCRIBABLE, 1, Optional.of(Duration.ZERO), List.of(), List.of("mail"), Optional.empty());

    /** Rules with an address to ping as the only target. */
    NotifyRules PING = new NotifyRules(
            Set.of(),
            1,
            Optional.of(Duration.ZERO),
            List.of(),
            List.of(),
            Optional.of(new SecretSource.Inline(new Secret("https://hc.example.org/x"))));

    @Test
    default void what_is_to_be_told_of_an_end_is_kept_with_it() {
        Run ended = end(accept(BACKUP), RunState.TIMED_OUT, ALL);
        reopen();
        assertThat(store().outbox().unsent("mail", 10))
                .extracting(Notice::kind, Notice::about)
                .containsExactly(tuple(NoticeEvent.FAILURE, new Notice.About.RunEnded(ended)));
    }

    @Test
    default void tells_once_of_what_was_rejected_again_and_again() {
        long id = store().refuse(rejectedHook(), ALL).join();
        store().refuse(rejectedHook(), ALL).join();
        store().refuse(held("paused", NOON), ALL).join();

        assertThat(store().outbox().unsent("mail", 100))
                .extracting(Notice::name)
                .containsExactly("REJECTED of run " + id);
    }

    @Test
    default void tells_of_failures_recoveries_and_successes_as_they_are_wanted() {
        end(accept(BACKUP), RunState.SUCCEEDED, ALL);
        end(accept(BACKUP), RunState.FAILED, ALL);
        end(accept(BACKUP), RunState.KILLED, ALL);
        end(accept(BACKUP), RunState.LOST, ALL);
        end(accept(BACKUP), RunState.SUCCEEDED, ALL);
        end(accept(BACKUP), RunState.SUCCEEDED, ALL);

        assertThat(store().outbox().unsent("mail", 100))
                .extracting(Notice::kind)
                .containsExactly(
                        NoticeEvent.SUCCESS,
                        NoticeEvent.FAILURE,
                        NoticeEvent.FAILURE,
                        NoticeEvent.SUCCESS,
                        NoticeEvent.RECOVERY,
                        NoticeEvent.SUCCESS);
        long first = store().outbox().unsent("mail", 1).getFirst().id();
        store().outbox().sent(List.of(first)).join();
        assertThat(store().outbox().unsent("mail", 100))
                .hasSize(5)
                .extracting(Notice::id)
                .doesNotContain(first);
    }

    /** Ends a run of each state, a minute apart, and returns the events that were notified until now. */
    private List<NoticeEvent> told(NotifyRules telling, RunState... states) {
        for (RunState state : states) {
            Run run = accept(BACKUP);
            Instant at = NOON.plusSeconds(60 * run.id());
            store().end(run.started(at).ended(Outcome.of(state, "x"), at), List.of(), telling)
                    .join();
        }
        return store().outbox().unsent("mail", 100).stream().map(Notice::kind).toList();
    }

    private static NotifyRules telling(int after, Optional<Duration> repeat) {
        return new NotifyRules(
                Set.of(NoticeEvent.FAILURE, NoticeEvent.RECOVERY),
                after,
                repeat,
                List.of(),
                List.of("mail"),
                Optional.empty());
    }

    @Test
    default void failures_are_told_from_the_third_in_a_row() {
        var third = telling(3, Optional.of(Duration.ZERO));
        assertThat(told(third, RunState.FAILED, RunState.FAILED, RunState.SUCCEEDED))
                .isEmpty();
        assertThat(told(third, RunState.FAILED, RunState.KILLED, RunState.LOST)).isEmpty();
        assertThat(told(third, RunState.FAILED, RunState.FAILED, RunState.SUCCEEDED, RunState.SUCCEEDED))
                .containsExactly(NoticeEvent.FAILURE, NoticeEvent.FAILURE, NoticeEvent.RECOVERY);
    }

    @Test
    default void one_failure_of_many_is_told_where_none_is_to_be_repeated() {
        var once = telling(1, Optional.empty());
        assertThat(told(once, RunState.FAILED, RunState.FAILED, RunState.FAILED))
                .containsExactly(NoticeEvent.FAILURE);
        assertThat(told(once, RunState.SUCCEEDED, RunState.FAILED))
                .containsExactly(NoticeEvent.FAILURE, NoticeEvent.RECOVERY, NoticeEvent.FAILURE);
    }

    @Test
    default void a_failure_is_repeated_after_its_time() {
        var now = telling(1, Optional.of(Duration.ofMinutes(3)));
        assertThat(told(now, RunState.FAILED, RunState.FAILED, RunState.FAILED)).hasSize(1);
        assertThat(told(now, RunState.FAILED)).as("3 minutes after the first").hasSize(2);
        assertThat(told(now, RunState.FAILED, RunState.FAILED)).hasSize(2);
        assertThat(told(now, RunState.FAILED)).hasSize(3);
    }

    @Test
    default void a_failure_that_ended_before_the_one_that_was_told_is_told() {
        var each = telling(1, Optional.of(Duration.ZERO));
        for (int seconds : new int[] {60, 59, 61}) {
            Run run = accept(BACKUP);
            Instant at = NOON.plusSeconds(seconds);
            store().end(run.started(NOON).ended(Outcome.of(RunState.FAILED, "x"), at), List.of(), each)
                    .join();
        }
        assertThat(store().outbox().unsent("mail", 10)).hasSize(3);
    }

    @Test
    default void a_lost_run_is_told_once_whoever_asked() {
        var both = new NotifyRules(
                Set.of(NoticeEvent.FAILURE, NoticeEvent.LOST),
                1,
                Optional.of(Duration.ZERO),
                List.of(),
                List.of("mail"),
                Optional.empty());
        assertThat(told(both, RunState.LOST)).containsExactly(NoticeEvent.FAILURE);
        var lost = new NotifyRules(
                Set.of(NoticeEvent.LOST), 1, Optional.of(Duration.ZERO), List.of(), List.of("mail"), Optional.empty());
        assertThat(told(lost, RunState.FAILED, RunState.LOST)).containsExactly(NoticeEvent.FAILURE, NoticeEvent.LOST);
    }

    private void took(int seconds) {
        Run run = accept(BACKUP);
        Instant at = NOON.plusSeconds(1000 * run.id());
        store().end(
                        run.started(at).ended(Outcome.of(RunState.SUCCEEDED, "x"), at.plusSeconds(seconds)),
                        List.of(),
                        new NotifyRules(
                                Set.of(NoticeEvent.SLOW, NoticeEvent.FAST),
                                1,
                                Optional.of(Duration.ZERO),
                                List.of(),
                                List.of("mail"),
                                Optional.empty()))
                .join();
    }

    @Test
    default void what_takes_twice_as_long_as_usual_is_slow_and_half_as_long_is_fast() {
        for (int seconds : new int[] {100, 10, 500, 30}) {
            took(seconds); // the usual duration is not known yet
        }
        took(100);
        assertThat(store().outbox().unsent("mail", 10)).isEmpty();
        took(200);
        took(50);
        assertThat(store().outbox().unsent("mail", 10)).isEmpty();
        took(201);
        took(49);
        assertThat(store().outbox().unsent("mail", 10))
                .extracting(Notice::kind)
                .containsExactly(NoticeEvent.SLOW, NoticeEvent.FAST);
    }

    @Test
    default void three_skipped_in_a_row_are_told_once() {
        for (int i = 1; i <= 5; i++) {
            Instant due = NOON.plusSeconds(60L * i);
            var skipped = Run.refused(
                    order(BACKUP, TriggerKind.CRON, Optional.of(due)),
                    RunState.SKIPPED,
                    "run 1 has not ended",
                    Run.Repeat.ONCE,
                    due);
            store().refuse(skipped, ALL).join();
            assertThat(store().outbox().unsent("mail", 10)).hasSize(i < 3 ? 0 : 1);
        }
        assertThat(store().outbox().unsent("mail", 10).getFirst().kind()).isEqualTo(NoticeEvent.SKIPPED);
    }

    @Test
    default void an_address_is_told_each_end_whatever_people_are() {
        assertThat(told(PING, RunState.SUCCEEDED, RunState.KILLED, RunState.LOST))
                .isEmpty();
        assertThat(store().outbox().unsent("ping", 10))
                .extracting(Notice::kind)
                .containsExactly(NoticeEvent.SUCCESS, NoticeEvent.FAILURE);
    }

    @Test
    default void an_address_is_not_told_of_runs_that_are_long_over() {
        assertThat(told(PING, RunState.FAILED)).isEmpty();
        var order = order(BACKUP, TriggerKind.CRON, Optional.of(NOON));
        Run later = accept(BACKUP, order, NOON.plusSeconds(601), Input.NONE);
        store().outbox().begun(later).join();
        assertThat(store().outbox().unsent("ping", 10))
                .extracting(Notice::name)
                .containsExactly("START of run " + later.id());
    }

    @Test
    default void what_is_known_is_not_told_until_it_is_over() {
        var each = telling(1, Optional.of(Duration.ZERO));
        told(each, RunState.FAILED);
        var ack = new Mute(Mute.Extent.ACK, NOON, Optional.empty(), "zoe", Optional.of("on its way"));
        store().outbox().silence(BACKUP.name(), Optional.of(ack)).join();
        assertThat(store().outbox().silences()).containsExactly(Map.entry(BACKUP.name(), ack));
        assertThat(told(each, RunState.FAILED, RunState.LOST)).containsExactly(NoticeEvent.FAILURE);
        assertThat(told(each, RunState.SUCCEEDED)).containsExactly(NoticeEvent.FAILURE, NoticeEvent.RECOVERY);
        assertThat(store().outbox().silences()).isEmpty();
        assertThat(told(each, RunState.FAILED)).hasSize(3);
    }

    @Test
    default void who_sleeps_is_told_nothing_for_that_time() {
        var each = telling(1, Optional.of(Duration.ZERO));
        var snooze = new Mute(Mute.Extent.SNOOZE, NOON, Optional.of(NOON.plusSeconds(200)), "zoe", Optional.empty());
        store().outbox().silence(BACKUP.name(), Optional.of(snooze)).join();
        assertThat(told(each, RunState.FAILED, RunState.SUCCEEDED, RunState.FAILED))
                .isEmpty();
        assertThat(told(each, RunState.FAILED)).as("240 s after noon").containsExactly(NoticeEvent.FAILURE);
        store().outbox().silence(BACKUP.name(), Optional.empty()).join();
        assertThat(store().outbox().silences()).isEmpty();
    }

    @Test
    default void failures_in_a_row_are_counted_until_a_success() {
        assertThat(store().failures()).isEmpty();
        told(ALL, RunState.FAILED, RunState.TIMED_OUT);
        reopen();
        assertThat(store().failures()).isEqualTo(Map.of(BACKUP.name(), 2));
        told(ALL, RunState.SUCCEEDED);
        assertThat(store().failures()).isEmpty();
    }

    @Test
    default void a_notice_that_nobody_wants_is_not_kept() {
        Run run = accept(BACKUP);
        store().end(run.started(NOON).ended(Outcome.of(RunState.FAILED, "x"), NOON), List.of(), NotifyRules.NOTHING)
                .join();
        assertThat(store().outbox().unsent("mail", 10)).isEmpty();
    }
}
