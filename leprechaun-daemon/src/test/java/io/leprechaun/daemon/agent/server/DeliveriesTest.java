package io.leprechaun.daemon.agent.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.run.FakeStore;
import io.leprechaun.daemon.worker.Admitted;
import java.time.Instant;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DeliveriesTest {
    private static final RecipeName RECIPE = new RecipeName("deploy");

    private final Deliveries deliveries = new Deliveries(new FakeStore());

    private Deliveries.Taken take(Supplier<Admitted> submit) {
        return deliveries.take(RECIPE, "one", Instant.EPOCH, submit);
    }

    /** There may be no memory for the first. */
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
        assertThatThrownBy(() -> first.get(30, TimeUnit.SECONDS)).hasRootCauseInstanceOf(OutOfMemoryError.class);
        assertThatThrownBy(() -> second.get(30, TimeUnit.SECONDS))
                .cause()
                .satisfiesAnyOf(
                        cause -> assertThat(cause).isInstanceOf(CompletionException.class),
                        cause -> assertThat(cause).isInstanceOf(IllegalStateException.class));
    }
}
