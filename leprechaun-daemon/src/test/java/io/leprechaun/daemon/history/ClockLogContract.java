package io.leprechaun.daemon.history;

import static io.leprechaun.daemon.history.StoreContract.held;
import static org.assertj.core.api.Assertions.assertThat;

import io.leprechaun.daemon.history.ClockLog.ClockChange;
import io.leprechaun.daemon.history.ClockLog.ClockEvent;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.settings.notify.NotifyRules;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The contract of a {@link ClockLog}. */
public interface ClockLogContract extends StoreContract {
    Duration HOUR = Duration.ofHours(1);
    Duration MINUTE = Duration.ofMinutes(1);

    private ClockLog clock() {
        return store().clock();
    }

    @Test
    default void a_run_knows_how_far_the_clock_was_set_since_it_was_accepted() {
        Run first = accept(BACKUP);
        clock().add(ClockEvent.SET, NOON, HOUR).join();
        clock().add(ClockEvent.START, NOON, Duration.ZERO).join();
        Run second = accept(BACKUP);
        clock().add(ClockEvent.ACCEPTED, NOON, MINUTE.negated()).join();
        Run third = accept(BACKUP);
        reopen();

        assertThat(clock().since(first.id())).isEqualTo(HOUR.minus(MINUTE));
        assertThat(clock().since(second.id())).isEqualTo(MINUTE.negated());
        assertThat(clock().since(third.id())).isZero();
    }

    @Test
    default void what_the_clock_did_is_kept_in_its_order() {
        var before = new ClockChange(0, ClockEvent.SET, NOON, MINUTE);
        clock().add(before.kind(), before.at(), before.by()).join();
        assertThat(clock().sets()).containsExactly(before);
        long run = accept(BACKUP).id();
        var start = new ClockChange(run, ClockEvent.START, NOON.plusSeconds(1), Duration.ZERO);
        var set = new ClockChange(run, ClockEvent.SET, NOON.plusSeconds(2), HOUR.negated());
        var accepted = new ClockChange(run, ClockEvent.ACCEPTED, NOON.plusSeconds(3), HOUR);
        for (ClockChange change : new ClockChange[] {start, set, accepted}) {
            clock().add(change.kind(), change.at(), change.by()).join();
        }
        reopen();

        assertThat(clock().sets()).as("since the oldest run").containsExactly(set, accepted);
        assertThat(clock().newest(10)).containsExactly(accepted, set, start, before);
        assertThat(clock().newest(2)).containsExactly(accepted, set);
    }

    @Test
    default void a_set_of_the_clock_comes_before_every_run_that_is_accepted_later() {
        refuse(held("paused", NOON));
        for (int i = 1; i < 20; i++) { // the number of a record that is counted with another is given out again
            Instant due = NOON.plusSeconds(60L * i);
            var counted = store().refuse(held("paused", due), NotifyRules.NOTHING);
            var set = clock().add(ClockEvent.SET, NOON, HOUR);
            counted.join();
            set.join();
            assertThat(clock().since(store().nextId())).isZero();
        }
    }

    @Test
    default void when_a_run_was_accepted_goes_by_the_clock_as_it_is_now() {
        Run run = accept(BACKUP);
        clock().add(ClockEvent.SET, NOON, HOUR).join();
        var newest = RunFilter.newest(10);
        var now = Optional.of(NOON.plus(HOUR));
        assertThat(store().list(newest.between(now, Optional.empty()))).containsExactly(run);
        assertThat(store().list(newest.between(Optional.empty(), now))).isEmpty();
    }
}
