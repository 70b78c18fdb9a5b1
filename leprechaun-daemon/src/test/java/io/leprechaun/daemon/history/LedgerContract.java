package io.leprechaun.daemon.history;

import static io.leprechaun.daemon.history.StoreContract.held;
import static io.leprechaun.daemon.history.StoreContract.order;
import static org.assertj.core.api.Assertions.assertThat;

import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.recipe.TriggerKind;
import io.leprechaun.daemon.run.Cause;
import io.leprechaun.daemon.run.Input;
import io.leprechaun.daemon.run.Outcome;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.settings.notify.NotifyRules;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The contract of a {@link Ledger}. */
public interface LedgerContract extends StoreContract {
    RecipeName TICK = new RecipeName("tick");

    private Ledger ledger() {
        return store().ledger();
    }

    private Map<RecipeName, Instant> lastDue(TriggerKind trigger) {
        settle();
        return ledger().lastDue(trigger);
    }

    @Test
    default void an_anchor_holds_for_its_length_of_interval_only() {
        var everyMinute = new Anchor(Duration.ofMinutes(1), NOON);
        ledger().anchor(TICK, new Anchor(Duration.ofMinutes(2), NOON.minusSeconds(1)));
        ledger().anchor(TICK, everyMinute);
        settle();
        reopen();

        assertThat(ledger().anchors()).containsExactly(Map.entry(TICK, everyMinute));
        assertThat(everyMinute.of(Duration.ofSeconds(60))).contains(NOON);
        assertThat(everyMinute.of(Duration.ofSeconds(61))).isEmpty();
        assertThat(ledger().lastDue(TriggerKind.SCHEDULE)).as("it is not due").isEmpty();
    }

    @Test
    default void intervals_are_shifted_with_the_clock_and_nothing_else_is() {
        ledger().anchor(TICK, new Anchor(Duration.ofMinutes(1), NOON));
        ledger().accounted(List.of(TICK), TriggerKind.SCHEDULE, NOON.plusSeconds(60));
        ledger().accounted(List.of(TICK), TriggerKind.CRON, NOON);
        ledger().follow(TICK, 7);
        ledger().shift(Duration.ofHours(2)).join();
        ledger().shift(Duration.ofHours(-1)).join();
        reopen();

        Duration hour = Duration.ofHours(1);
        assertThat(ledger().anchors()).isEqualTo(Map.of(TICK, new Anchor(Duration.ofMinutes(1), NOON.plus(hour))));
        assertThat(ledger().lastDue(TriggerKind.SCHEDULE)).isEqualTo(Map.of(TICK, NOON.plusSeconds(3660)));
        assertThat(ledger().lastDue(TriggerKind.CRON)).isEqualTo(Map.of(TICK, NOON));
        assertThat(ledger().followed(TICK)).hasValue(7);
    }

    @Test
    default void what_is_due_is_accounted_for_by_trigger() {
        ledger().accounted(List.of(TICK, BACKUP.name()), TriggerKind.SCHEDULE, NOON.plusSeconds(9));
        settle();
        reopen();

        assertThat(lastDue(TriggerKind.SCHEDULE))
                .isEqualTo(Map.of(TICK, NOON.plusSeconds(9), BACKUP.name(), NOON.plusSeconds(9)));
        assertThat(lastDue(TriggerKind.CRON)).isEmpty();
    }

    @Test
    default void a_record_accounts_for_what_was_due_until_its_last_instant() {
        accept(OTHER, TriggerKind.CRON);
        assertThat(lastDue(TriggerKind.CRON)).as("nothing was due").isEmpty();
        accept(BACKUP);
        reopen();
        assertThat(lastDue(TriggerKind.CRON)).isEqualTo(Map.of(BACKUP.name(), NOON));
        refuse(held("paused", NOON.plusSeconds(60)));
        assertThat(lastDue(TriggerKind.CRON)).isEqualTo(Map.of(BACKUP.name(), NOON.plusSeconds(60)));
        refuse(held("stopped", 3, NOON.plusSeconds(120), NOON.plusSeconds(240)));
        assertThat(lastDue(TriggerKind.CRON)).isEqualTo(Map.of(BACKUP.name(), NOON.plusSeconds(240)));
    }

    @Test
    default void what_is_made_up_for_is_accounted_for_where_it_was_due() {
        var order = order(BACKUP, TriggerKind.CATCH_UP, Optional.of(NOON)); // for cron
        accept(BACKUP, order, NOON, Input.NONE);
        assertThat(lastDue(TriggerKind.CRON)).isEqualTo(Map.of(BACKUP.name(), NOON));
        assertThat(lastDue(TriggerKind.CATCH_UP)).isEmpty();
    }

    @Test
    default void what_is_accounted_for_never_goes_back() {
        ledger().accounted(List.of(BACKUP.name()), TriggerKind.CRON, NOON.plusSeconds(3600));
        accept(BACKUP);
        refuse(held("paused", NOON));
        ledger().accounted(List.of(BACKUP.name()), TriggerKind.CRON, NOON);
        ledger().watched(BACKUP.name(), TriggerKind.CRON, NOON, Optional.empty());

        assertThat(lastDue(TriggerKind.CRON)).isEqualTo(Map.of(BACKUP.name(), NOON.plusSeconds(3600)));
    }

    @Test
    default void what_was_due_before_it_is_watched_is_accounted_for() {
        ledger().watched(TICK, TriggerKind.CRON, NOON, Optional.empty());
        assertThat(lastDue(TriggerKind.CRON)).isEqualTo(Map.of(TICK, NOON));
        assertThat(lastDue(TriggerKind.SCHEDULE)).isEmpty();
    }

    @Test
    default void after_a_clock_was_set_back_the_same_instants_are_due_once_more() {
        ledger().accounted(List.of(TICK), TriggerKind.CRON, NOON);
        ledger().watched(TICK, TriggerKind.CRON, NOON.minusSeconds(3600), Optional.of(NOON));
        assertThat(lastDue(TriggerKind.CRON)).isEqualTo(Map.of(TICK, NOON.minusSeconds(3600)));
    }

    @Test
    default void what_the_clock_had_shown_is_known_unless_it_was_set_back_by_too_much() {
        Duration most = Duration.ofHours(3);
        assertThat(ledger().shown(TriggerKind.CRON, most, NOON.plus(most))).isEmpty();
        ledger().watched(new RecipeName("a"), TriggerKind.CRON, NOON, Optional.of(NOON.plusSeconds(60)));
        ledger().watched(new RecipeName("a"), TriggerKind.CRON, NOON.plusSeconds(5), Optional.empty());
        ledger().watched(
                        new RecipeName("b"),
                        TriggerKind.CRON,
                        NOON.minusSeconds(9000),
                        Optional.of(NOON.plusSeconds(9000)));
        ledger().watched(new RecipeName("c"), TriggerKind.SCHEDULE, NOON, Optional.of(NOON.plusSeconds(90)));
        settle();
        reopen();

        assertThat(ledger().shown(TriggerKind.CRON, most, NOON.plus(most))).contains(NOON.plusSeconds(60));
        assertThat(ledger().shown(TriggerKind.CRON, most, NOON.plusSeconds(60))).isEmpty();
    }

    @Test
    default void ends_are_counted_from_one_in_the_order_in_which_they_are_kept() {
        assertThat(ledger().lastEnd()).isZero();
        Run first = accept(BACKUP).started(NOON);
        Run second = accept(BACKUP).started(NOON);
        Run third = accept(OTHER).started(NOON);
        store().start(List.of(first, second, third)).join();
        assertThat(endNumber(third, RunState.SUCCEEDED)).isEqualTo(1);
        assertThat(endNumber(second, RunState.SUCCEEDED)).isEqualTo(2);
        assertThat(endNumber(first, RunState.KILLED)).isEqualTo(3);

        reopen();

        assertThat(ledger().lastEnd()).isEqualTo(3);
        assertThat(ledger().ends(BACKUP.name())).isEqualTo(new Ledger.Ends(2, 3));
        assertThat(ledger().ends(OTHER.name())).isEqualTo(new Ledger.Ends(1, 0));
        assertThat(ledger().ends(TICK)).isEqualTo(new Ledger.Ends(0, 0));
        Run fourth = accept(BACKUP).started(NOON);
        assertThat(endNumber(fourth, RunState.SUCCEEDED)).isEqualTo(4);
        assertThat(ledger().ends(BACKUP.name())).isEqualTo(new Ledger.Ends(4, 3));
    }

    private long endNumber(Run run, RunState state) {
        return store().end(run.ended(Outcome.of(state, "because"), NOON), List.of(), NotifyRules.NOTHING)
                .join();
    }

    @Test
    default void what_never_ran_ends_neither_well_nor_badly() {
        assertThat(endNumber(accept(BACKUP), RunState.REJECTED)).isEqualTo(1);
        assertThat(ledger().ends(BACKUP.name())).isEqualTo(new Ledger.Ends(0, 0));
    }

    @Test
    default void what_a_recipe_follows_is_accounted_for_up_to_an_end_and_never_goes_back() {
        assertThat(ledger().followed(BACKUP.name())).isEmpty();
        ledger().follow(BACKUP.name(), 0);
        ledger().follow(TICK, 5);
        ledger().follow(TICK, 4);
        settle();
        reopen();
        assertThat(ledger().followed(BACKUP.name())).hasValue(0);
        assertThat(ledger().followed(TICK)).hasValue(5);
    }

    @Test
    default void a_record_accounts_for_the_end_that_it_is_due_after() {
        accept(BACKUP, order(BACKUP, Cause.after(NOON, 3)), NOON, Input.NONE);
        assertThat(ledger().followed(BACKUP.name())).hasValue(3);
        skipped(4);
        assertThat(ledger().followed(BACKUP.name())).hasValue(4);
    }

    @Test
    default void a_refusal_that_is_counted_with_others_accounts_for_its_end_too() {
        assertThat(List.of(skipped(4), skipped(5))).containsOnly(1L);
        assertThat(ledger().followed(BACKUP.name())).hasValue(5);
    }

    @Test
    default void what_follows_others_is_due_at_no_instant() {
        ledger().follow(BACKUP.name(), 4);
        assertThat(lastDue(TriggerKind.AFTER)).isEmpty();
    }

    private long skipped(long end) {
        var order = order(BACKUP, Cause.after(NOON, end));
        return refuse(Run.refused(order, RunState.SKIPPED, "not now", Run.Repeat.ONCE, NOON));
    }

    @Test
    default void by_which_boot_a_recipe_was_due_last_is_known() {
        assertThat(ledger().lastBoot(TICK)).isEmpty();
        ledger().booted(TICK, "one");
        ledger().booted(TICK, "two");
        ledger().booted(BACKUP.name(), "one");
        settle();
        reopen();
        assertThat(ledger().lastBoot(TICK)).contains("two");
        assertThat(ledger().lastBoot(BACKUP.name())).contains("one");
        assertThat(ledger().lastDue(TriggerKind.CRON)).as("at no instant").isEmpty();
    }
}
