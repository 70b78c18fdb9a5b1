package io.leprechaun.daemon.history;

import static io.leprechaun.daemon.history.StoreContract.held;
import static io.leprechaun.daemon.history.StoreContract.order;
import static org.assertj.core.api.Assertions.assertThat;

import io.leprechaun.daemon.body.Body;
import io.leprechaun.daemon.output.OutputSize;
import io.leprechaun.daemon.posix.Usage;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.recipe.TriggerKind;
import io.leprechaun.daemon.run.Input;
import io.leprechaun.daemon.run.Outcome;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.run.StepResult;
import io.leprechaun.daemon.run.StepState;
import io.leprechaun.daemon.settings.RetentionLimits;
import io.leprechaun.daemon.settings.notify.NotifyRules;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The contract of an {@link Archive}. */
public interface ArchiveContract extends StoreContract {
    /** Returns the archive of the store. */
    Archive archive();

    private static RetentionLimits keep(Optional<Integer> runs, Optional<Duration> age, Optional<Long> bytes) {
        return new RetentionLimits(runs, age, bytes, Duration.ZERO);
    }

    private static RetentionLimits runs(int most) {
        return keep(Optional.of(most), Optional.empty(), Optional.empty());
    }

    private static RetentionLimits age(Duration most) {
        return keep(Optional.empty(), Optional.of(most), Optional.empty());
    }

    private int remove(RetentionLimits keep, int most) {
        return archive().remove(BACKUP.name(), keep, NOON, most).join();
    }

    private long over() {
        return end(accept(BACKUP), RunState.SUCCEEDED).id();
    }

    /** Keeps a finished run that printed this many bytes, and returns its id. */
    private long printed(long bytes) {
        Run started = accept(BACKUP).started(NOON);
        var step = new StepResult(
                1,
                "true",
                StepState.SUCCEEDED,
                Optional.of(0),
                Optional.empty(),
                Optional.empty(),
                Optional.of(NOON),
                Optional.of(NOON),
                Usage.NONE,
                new OutputSize(bytes + 5, 5));
        var outcome = new Outcome(RunState.SUCCEEDED, Optional.empty(), Optional.of(0), List.of(step));
        store().end(started.ended(outcome, NOON), List.of(), NotifyRules.NOTHING)
                .join();
        return started.id();
    }

    private List<Long> ids() {
        return store().ids(RunFilter.newest(100));
    }

    @Test
    default void counts_what_has_started_and_is_over() {
        var body = new Body.Held(new byte[100]);
        end(accept(BACKUP, new Input(Map.of(), Optional.of(body))), RunState.FAILED);
        printed(1000);
        refuse(held("paused", NOON));
        accept(BACKUP);
        store().ledger().accounted(List.of(new RecipeName("tick")), TriggerKind.SCHEDULE, NOON);
        settle();
        reopen();
        assertThat(archive().kept())
                .containsExactly(
                        new Archive.KeptRuns(BACKUP.name(), 2, 1100),
                        new Archive.KeptRuns(new RecipeName("tick"), 0, 0));
    }

    @Test
    default void the_oldest_record_of_a_recipe_counts_whether_it_is_over_or_not() {
        assertThat(archive().oldest(BACKUP.name())).isEmpty();
        accept(BACKUP);
        Instant later = NOON.plusSeconds(60);
        Run other = accept(OTHER, order(OTHER, TriggerKind.CRON, Optional.of(later)), later, Input.NONE);
        assertThat(archive().oldest(BACKUP.name())).contains(NOON);
        end(other, RunState.SUCCEEDED);
        accept(OTHER);
        assertThat(archive().oldest(OTHER.name())).contains(later);
    }

    @Test
    default void too_many_runs_go_the_oldest_first_a_few_at_a_time() {
        for (int i = 0; i < 5; i++) {
            over();
        }
        long queued = accept(BACKUP).id();
        List<Long> before = ids();
        assertThat(remove(runs(2), 2)).isEqualTo(2);
        assertThat(ids()).isEqualTo(before.subList(0, 4));
        assertThat(remove(runs(2), 2)).isEqualTo(1);
        assertThat(remove(runs(2), 2)).isZero();
        assertThat(ids()).isEqualTo(before.subList(0, 3)).contains(queued);
        assertThat(archive().kept()).containsExactly(new Archive.KeptRuns(BACKUP.name(), 2, 0));
    }

    @Test
    default void what_rests_is_not_one_too_many() {
        over();
        over();
        var keep = new RetentionLimits(Optional.of(1), Optional.empty(), Optional.empty(), Duration.ofHours(1));
        assertThat(remove(keep, 10)).isZero();
        assertThat(archive()
                        .remove(BACKUP.name(), keep, NOON.plusSeconds(3600), 10)
                        .join())
                .isEqualTo(1);
    }

    @Test
    default void too_many_bytes_go_the_oldest_first() {
        printed(1000);
        long second = printed(100);
        long third = printed(10);
        assertThat(remove(keep(Optional.empty(), Optional.empty(), Optional.of(110L)), 10))
                .isEqualTo(1);
        assertThat(ids()).containsExactly(third, second);
        assertThat(archive().kept()).containsExactly(new Archive.KeptRuns(BACKUP.name(), 2, 110));
    }

    @Test
    default void what_is_too_old_goes_but_not_what_is_not_over_nor_the_newest_run() {
        over();
        refuse(held("paused", NOON));
        long newest = over();
        long queued = accept(BACKUP).id();
        Instant later = NOON.plusSeconds(3600);
        var hour = age(Duration.ofHours(1));
        assertThat(archive().remove(BACKUP.name(), hour, later, 10).join()).isZero();
        assertThat(archive()
                        .remove(BACKUP.name(), hour, later.plusNanos(1000), 10)
                        .join())
                .isEqualTo(2);
        assertThat(ids()).containsExactly(queued, newest);
    }

    @Test
    default void records_are_as_old_as_the_time_that_elapsed() {
        over();
        over();
        store().clock().add(ClockLog.ClockEvent.SET, NOON, Duration.ofHours(5)).join();
        var hour = age(Duration.ofHours(1));
        Instant now = NOON.plus(Duration.ofHours(5));
        assertThat(archive().remove(BACKUP.name(), hour, now, 10).join()).isZero();
        assertThat(archive()
                        .remove(BACKUP.name(), hour, now.plusSeconds(3601), 10)
                        .join())
                .isEqualTo(1);
    }

    @Test
    default void of_all_recipes_the_oldest_go_first() {
        long first = over();
        long other = end(accept(OTHER), RunState.SUCCEEDED).id();
        end(accept(OTHER), RunState.SUCCEEDED);
        over();
        assertThat(archive().removeOldest(runs(2), NOON, 10).join()).isEqualTo(2);
        assertThat(ids()).hasSize(2).doesNotContain(first, other);
    }

    @Test
    default void what_is_still_to_be_told_stays() {
        long told = over();
        over();
        store().outbox().begun(store().find(told).orElseThrow()).join();
        assertThat(remove(runs(1), 10)).isZero();
        long notice = store().outbox().unsent(NotifyRules.PING, 1).getFirst().id();
        store().outbox().givenUp(notice, "no such host").join();
        assertThat(remove(runs(1), 10)).as("what was given up holds no run").isEqualTo(1);
        assertThat(store().outbox().entries(10)).isEmpty();
    }

    @Test
    default void files_of_removed_runs_are_left_over_until_they_are_gone() {
        long first = over();
        long second = over();
        refuse(held("paused", NOON));
        over();
        remove(runs(1), 10);
        reopen();
        assertThat(archive().leftovers(10)).as("what never ran has none").containsExactly(first, second);
        assertThat(archive().leftovers(1)).containsExactly(first);
        archive().cleaned(List.of(first)).join();
        assertThat(archive().leftovers(10)).containsExactly(second);
    }

    @Test
    default void old_deliveries_are_forgotten_a_few_at_a_time() {
        var order = order(BACKUP, TriggerKind.HOOK, Optional.empty());
        for (int i = 0; i < 4; i++) {
            var input = new Input(Map.of(), Optional.empty(), List.of("number " + i));
            accept(BACKUP, order, NOON.plusSeconds(i), input);
        }
        Instant before = NOON.plusSeconds(3);
        assertThat(archive().removeDeliveries(before, 2).join()).isEqualTo(2);
        assertThat(store().delivered(BACKUP.name(), "number 1", NOON)).isEmpty();
        assertThat(store().delivered(BACKUP.name(), "number 2", NOON)).isPresent();
        assertThat(archive().removeDeliveries(before, 2).join()).isEqualTo(1);
        assertThat(store().delivered(BACKUP.name(), "number 3", NOON)).isPresent();
    }

    @Test
    default void large_bodies_are_known_by_the_names_of_their_files() {
        var body = new Body.Filed(Path.of("/var/lib/leprechaun/bodies/large"), 1 << 20, "0".repeat(64));
        end(accept(BACKUP, new Input(Map.of(), Optional.of(body))), RunState.SUCCEEDED);
        accept(BACKUP, new Input(Map.of(), Optional.of(new Body.Held(new byte[3]))));
        assertThat(archive().bodies()).containsExactly("large");
        over();
        remove(runs(1), 10);
        assertThat(archive().bodies()).isEmpty();
    }

    @Test
    default void room_is_given_back_until_there_is_no_more() {
        long before = archive().size().file();
        Archive.Shrunk shrunk;
        do {
            shrunk = archive().shrink().join();
        } while (shrunk == Archive.Shrunk.SOME);
        assertThat(shrunk).isEqualTo(Archive.Shrunk.ALL);
        assertThat(archive().size().file()).isPositive().isLessThanOrEqualTo(before);
    }
}
