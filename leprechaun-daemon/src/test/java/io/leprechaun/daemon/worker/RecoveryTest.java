package io.leprechaun.daemon.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.leprechaun.daemon.execution.Executions;
import io.leprechaun.daemon.execution.TestExecutions;
import io.leprechaun.daemon.history.FakeStore;
import io.leprechaun.daemon.history.RunStore;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.TriggerKind;
import io.leprechaun.daemon.recipe.reader.RecipeReader;
import io.leprechaun.daemon.run.Cause;
import io.leprechaun.daemon.run.Input;
import io.leprechaun.daemon.run.Outcome;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunSpec;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.run.TestClock;
import io.leprechaun.daemon.run.TestRecipes;
import io.leprechaun.daemon.settings.AgentName;
import io.leprechaun.daemon.settings.Settings;
import io.leprechaun.daemon.settings.notify.NotifyRules;
import io.leprechaun.daemon.yaml.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A daemon finds claimed runs of an earlier one: only a run that cannot have started waits again. */
class RecoveryTest {
    private static final Instant NOON = Instant.parse("2026-11-26T12:00:00Z");
    private static final ZoneId UTC = ZoneId.of("UTC");
    private static final Recipe RECIPE = TestRecipes.failing("quick", "overlap: parallel");

    @TempDir
    private Path folder;

    private TestExecutions executions;
    private Executions current;
    private FakeStore store;
    private Dispatcher dispatcher;
    private Channel<End> done;
    private Channel<Run> errors;

    @BeforeEach
    void open() {
        executions = new TestExecutions(folder);
        current = executions.at(new TestClock(NOON.toString()));
        store = new FakeStore();
        dispatcher = new Dispatcher(store, current, Pauses.of(store, UTC), recipe -> NotifyRules.NOTHING);
        done = Channel.lossless("test-done", end -> {});
        errors = Channel.bounded("test-errors", 100, run -> {});
        dispatcher.register(AgentName.CRON, 2, 10, done, errors);
    }

    @AfterEach
    void close() {
        done.close();
        errors.close();
        executions.close();
    }

    private Run queued() {
        var order = new RunSpec(
                RECIPE.name(),
                RECIPE.origin().hash(),
                AgentName.CRON,
                0,
                Cause.requested(TriggerKind.HOOK, "127.0.0.1"));
        Run run = Run.accepted(store.nextId(), order, NOON);
        store.accept(run, RECIPE, Input.NONE).join();
        return run;
    }

    /** Marks a run as started by an earlier daemon. */
    private void mark(Run run) throws IOException {
        executions.mark(run.id());
        current = executions.at(new TestClock(NOON.toString()));
    }

    private void recover(String boot, Run... claimed) {
        store.claim(new RunStore.Claims(
                        boot, Set.of(Arrays.stream(claimed).map(Run::id).toArray(Long[]::new))))
                .join();
        var reader = RecipeReader.of(Settings.defaults(Path.of("/etc/leprechaun"), UTC), new Problems());
        new Recovery(store, dispatcher, reader, current, recipe -> NotifyRules.NOTHING, Duration.ZERO)
                .run(store.unfinished());
    }

    private Run find(Run run) {
        return store.find(run.id()).orElseThrow();
    }

    @Test
    void in_the_same_boot_a_claimed_run_without_output_waits_again() {
        Run claimed = queued();
        Run other = queued();
        recover(current.boot(), claimed);
        assertThat(dispatcher.queued(AgentName.CRON)).containsExactly(claimed.id(), other.id());
        assertThat(store.claims().runs()).isEmpty();
    }

    @Test
    void in_the_same_boot_a_claimed_run_with_output_is_lost() throws IOException {
        Run claimed = queued();
        Run other = queued();
        Files.createDirectories(current.outputs().folder(claimed.id()));
        Files.createFile(current.outputs().file(claimed.id(), 1, 1));
        recover(current.boot(), claimed);
        assertThat(find(claimed).state()).isEqualTo(RunState.LOST);
        assertThat(find(claimed).reason()).contains("the daemon ended during the run");
        assertThat(dispatcher.queued(AgentName.CRON)).containsExactly(other.id());
    }

    @Test
    void in_the_same_boot_a_claimed_run_that_was_marked_is_lost() throws IOException {
        Run claimed = queued();
        Run other = queued();
        mark(claimed);
        recover(current.boot(), claimed);
        assertThat(find(claimed).state()).isEqualTo(RunState.LOST);
        assertThat(dispatcher.queued(AgentName.CRON)).containsExactly(other.id());
    }

    @Test
    void a_run_between_two_attempts_waits_on_though_it_was_claimed_before_the_first() throws IOException {
        Run claimed = queued();
        Run started = claimed.started(NOON);
        Run waiting = started.waiting(Outcome.of(RunState.FAILED, "it failed"), NOON.plusSeconds(600));
        store.start(List.of(started)).join();
        store.attempted(waiting, List.of()).join();
        mark(claimed);
        recover("another boot", claimed);
        assertThat(find(claimed)).isEqualTo(waiting);
        assertThat(dispatcher.find(claimed.id())).isPresent();
    }

    @Test
    void after_another_boot_a_claimed_run_is_lost() {
        Run claimed = queued();
        Run other = queued();
        recover("another boot", claimed);
        assertThat(find(claimed).state()).isEqualTo(RunState.LOST);
        assertThat(find(claimed).reason().orElseThrow()).contains("the machine restarted", "may have started");
        assertThat(dispatcher.queued(AgentName.CRON)).containsExactly(other.id());
    }
}
