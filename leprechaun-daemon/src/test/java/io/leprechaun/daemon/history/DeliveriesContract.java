package io.leprechaun.daemon.history;

import static io.leprechaun.daemon.history.StoreContract.order;
import static org.assertj.core.api.Assertions.assertThat;

import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.TriggerKind;
import io.leprechaun.daemon.run.Input;
import io.leprechaun.daemon.run.Run;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The contract of a {@link RunStore} for deliveries: they are recognised when they come again. */
public interface DeliveriesContract extends StoreContract {
    private Run deliver(Recipe recipe, Instant at, String... names) {
        var order = order(recipe, TriggerKind.HOOK, Optional.empty());
        return accept(recipe, order, at, new Input(Map.of(), Optional.empty(), List.of(names)));
    }

    @Test
    default void a_delivery_is_known_by_each_of_its_names() {
        Run run = deliver(BACKUP, NOON, "one", "body");
        Run other = deliver(BACKUP, NOON, "two");
        reopen();
        assertThat(store().delivered(BACKUP.name(), "one", NOON)).contains(run.id());
        assertThat(store().delivered(BACKUP.name(), "body", NOON)).contains(run.id());
        assertThat(store().delivered(BACKUP.name(), "two", NOON)).contains(other.id());
        assertThat(store().delivered(BACKUP.name(), "three", NOON)).isEmpty();
    }

    @Test
    default void each_recipe_has_its_own_deliveries() {
        Run run = deliver(BACKUP, NOON, "one");
        assertThat(store().delivered(OTHER.name(), "one", NOON)).isEmpty();
        Run other = deliver(OTHER, NOON, "one");
        assertThat(store().delivered(OTHER.name(), "one", NOON)).contains(other.id());
        assertThat(store().delivered(BACKUP.name(), "one", NOON)).contains(run.id());
    }

    @Test
    default void what_came_before_an_instant_is_not_known_any_more_and_may_lead_to_another_run() {
        deliver(BACKUP, NOON, "one");
        Instant later = NOON.plusSeconds(60);
        assertThat(store().delivered(BACKUP.name(), "one", later)).isEmpty();
        Run second = deliver(BACKUP, later, "one");
        assertThat(store().delivered(BACKUP.name(), "one", later)).contains(second.id());
        assertThat(store().delivered(BACKUP.name(), "one", NOON)).contains(second.id());
    }

    @Test
    default void when_a_delivery_came_goes_by_the_clock_as_it_is_now() {
        Run run = deliver(BACKUP, NOON, "one");
        store().clock().add(ClockLog.ClockEvent.SET, NOON, Duration.ofHours(1)).join();
        Instant now = NOON.plusSeconds(3600);
        assertThat(store().delivered(BACKUP.name(), "one", now)).contains(run.id());
        assertThat(store().delivered(BACKUP.name(), "one", now.plusNanos(1000))).isEmpty();
    }
}
