package io.leprechaun.daemon.agent.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leprechaun.daemon.history.FakeStore;
import io.leprechaun.daemon.hook.DeliveryKeys;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.recipe.TriggerKind;
import io.leprechaun.daemon.run.Cause;
import io.leprechaun.daemon.run.Input;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunSpec;
import io.leprechaun.daemon.run.TestRecipes;
import io.leprechaun.daemon.settings.AgentName;
import io.leprechaun.daemon.worker.AdmissionResult;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class DeliveriesTest {
    private static final RecipeName RECIPE = new RecipeName("deploy");

    private final FakeStore store = new FakeStore();
    private final Deliveries deliveries = new Deliveries(store);

    private Deliveries.Taken take(Supplier<AdmissionResult> submit) {
        return deliveries.take(RECIPE, new DeliveryKeys(Optional.of("one"), Optional.empty()), Instant.EPOCH, submit);
    }

    private static DeliveryKeys keys(String id, String body) {
        return new DeliveryKeys(Optional.of(id).filter(text -> !text.isEmpty()), Optional.of(body));
    }

    private Deliveries.Taken take(DeliveryKeys keys) {
        return deliveries.take(RECIPE, keys, Instant.EPOCH, () -> {
            Recipe recipe = TestRecipes.of("deploy", "steps: [ 'true' ]\n");
            var order = new RunSpec(
                    RECIPE,
                    recipe.origin().hash(),
                    AgentName.SERVER,
                    0,
                    Cause.requested(TriggerKind.HOOK, "192.0.2.7"));
            Run run = Run.accepted(store.nextId(), order, Instant.now());
            store.accept(run, recipe, new Input(Map.of(), Optional.empty(), keys.kept()))
                    .join();
            return new AdmissionResult.Accepted(run, new CompletableFuture<>());
        });
    }

    private long accepted(DeliveryKeys keys) {
        var taken = take(keys);
        assertThat(taken).isInstanceOf(Deliveries.Taken.New.class);
        return ((AdmissionResult.Accepted) ((Deliveries.Taken.New) taken).admitted())
                .run()
                .id();
    }

    @Test
    void a_signed_body_that_came_with_an_id_is_known_under_every_id_and_under_none() {
        long run = accepted(keys("one", "body"));
        assertThat(take(keys("one", "body"))).isEqualTo(new Deliveries.Taken.Duplicate(run, false));
        assertThat(take(keys("one", "changed"))).isEqualTo(new Deliveries.Taken.Duplicate(run, false));
        assertThat(take(keys("two", "body"))).isEqualTo(new Deliveries.Taken.Duplicate(run, true));
        assertThat(take(keys("", "body"))).isEqualTo(new Deliveries.Taken.Duplicate(run, true));
        assertThat(accepted(keys("three", "other"))).isGreaterThan(run);
        assertThat(take(keys("two", "other")))
                .as("what was taken for a replay has left no id")
                .isInstanceOf(Deliveries.Taken.Duplicate.class);
    }

    /** For a sender without ids that always sends the same body. */
    @Test
    void bodies_that_come_without_an_id_are_each_meant() {
        long run = accepted(keys("", "body"));
        assertThat(accepted(keys("", "body"))).isGreaterThan(run);
        assertThat(accepted(keys("one", "body"))).isGreaterThan(run + 1);
        assertThat(take(keys("", "body"))).isEqualTo(new Deliveries.Taken.Duplicate(run + 2, true));
    }

    /** The memory may not suffice for the first delivery. */
    @Test
    void an_error_over_the_first_of_two_leaves_the_second_waiting_for_nothing() throws Exception {
        var takes = new CountDownLatch(1);
        var waits = new CountDownLatch(1);
        var first = new FutureTask<>(() -> take(() -> {
            takes.countDown();
            try {
                waits.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            throw new OutOfMemoryError("as planned");
        }));
        Thread.ofPlatform().start(first);
        takes.await(); // it is the first
        var second = new FutureTask<>(() -> take(() -> {
            throw new IllegalStateException("it was not joined to the first");
        }));
        var thread = Thread.ofPlatform().unstarted(second);
        while (first.state() == FutureTask.State.RUNNING && thread.getState() != Thread.State.WAITING) {
            if (thread.getState() == Thread.State.NEW) {
                thread.start();
            }
            Thread.onSpinWait();
        }
        waits.countDown();
        assertThatThrownBy(() -> first.get(60, TimeUnit.SECONDS)).hasRootCauseInstanceOf(OutOfMemoryError.class);
        assertThatThrownBy(() -> second.get(60, TimeUnit.SECONDS))
                .cause()
                .satisfiesAnyOf(
                        cause -> assertThat(cause).isInstanceOf(CompletionException.class),
                        cause -> assertThat(cause).isInstanceOf(IllegalStateException.class));
    }
}
