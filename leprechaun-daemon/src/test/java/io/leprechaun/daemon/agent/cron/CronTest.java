package io.leprechaun.daemon.agent.cron;

import static org.assertj.core.api.Assertions.assertThat;

import io.leprechaun.daemon.agent.AgentContext;
import io.leprechaun.daemon.agent.ClockGuard;
import io.leprechaun.daemon.agent.NextTable;
import io.leprechaun.daemon.execution.TestExecutions;
import io.leprechaun.daemon.history.FakeStore;
import io.leprechaun.daemon.history.RunFilter;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.folder.RecipeBook;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.TestClock;
import io.leprechaun.daemon.run.TestRecipes;
import io.leprechaun.daemon.settings.AgentName;
import io.leprechaun.daemon.settings.NotifyRules;
import io.leprechaun.daemon.view.RunDocument;
import io.leprechaun.daemon.worker.Channel;
import io.leprechaun.daemon.worker.Dispatcher;
import io.leprechaun.daemon.worker.End;
import io.leprechaun.daemon.worker.Pauses;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code @reboot} is due when the daemon starts for the first time after a boot, and at no other time. */
@Timeout(180)
class CronTest {
    private static final RunDocument DOCUMENTS = new RunDocument(ZoneId.of("UTC"));

    @TempDir
    private Path folder;

    private final TestClock clock = new TestClock("2026-11-23T12:00:00.5Z");
    private final FakeStore store = new FakeStore();
    private final Channel<Run> errors = Channel.lossless("test-errors", run -> {});
    private final Channel<End> done = Channel.lossless("test-done", end -> {});
    private TestExecutions executions;
    private Optional<Daemon> daemon = Optional.empty();
    private Optional<ClockGuard.ClockState> last = Optional.empty();

    private record Daemon(Dispatcher dispatcher, CronAgent cron) {}

    @BeforeEach
    void open() {
        executions = new TestExecutions(folder);
    }

    @AfterEach
    void close() throws InterruptedException {
        stop();
        done.close();
        errors.close();
        executions.close();
    }

    private static RecipeBook book(Optional<String> warning) {
        return new RecipeBook(Path.of("/recipes"), List.of(), warning);
    }

    /** Starts the agent of another daemon with the same store. */
    private CronAgent start(String boot, Recipe... recipes) throws InterruptedException {
        stop();
        var dispatcher = new Dispatcher(
                store, executions.at(clock), Pauses.of(store, DOCUMENTS.zone()), recipe -> NotifyRules.NOTHING);
        dispatcher.register(AgentName.CRON, 5, 5, done, errors);
        dispatcher.open(AgentName.CRON);
        var guard = new ClockGuard(clock, boot, last, () -> true);
        last = Optional.of(guard.known());
        var next = NextTable.ofRecipes(DOCUMENTS, (name, at) -> Optional.empty());
        var cron = new CronAgent(new AgentContext(dispatcher, store, clock, guard, next, () -> book, boot));
        daemon = Optional.of(new Daemon(dispatcher, cron));
        cron.start(List.of(recipes), "the test begins");
        return cron;
    }

    private void stop() throws InterruptedException {
        if (daemon.isPresent()) {
            daemon.get().cron().stop();
            daemon.get().dispatcher().shutDown("the test goes on", Duration.ofSeconds(10));
        }
    }

    /** The reported content of the folder. */
    private RecipeBook book = book(Optional.empty());

    private static Recipe atBoot(String name) {
        return TestRecipes.of(name, "definition: cron\npattern: '@reboot'\nsteps: [ 'true' ]\n");
    }

    private List<String> ran() {
        return store.list(RunFilter.newest(10)).stream()
                .map(run -> run.order().recipe().value())
                .sorted()
                .toList();
    }

    @Test
    void it_is_due_once_a_boot() throws InterruptedException {
        start("first", atBoot("a"));
        assertThat(ran()).containsExactly("a");
        start("first", atBoot("a"));
        assertThat(ran()).containsExactly("a");
        start("second", atBoot("a"));
        assertThat(ran()).containsExactly("a", "a");
    }

    @Test
    void what_comes_while_the_daemon_runs_waits_for_the_next_boot() throws InterruptedException {
        CronAgent cron = start("first");
        cron.update(List.of(atBoot("a")));
        start("first", atBoot("a"));
        assertThat(ran()).isEmpty();
        start("second", atBoot("a"));
        assertThat(ran()).containsExactly("a");
    }

    @Test
    void what_comes_back_while_the_daemon_runs_waits_for_the_next_boot() throws InterruptedException {
        start("first", atBoot("a"));
        CronAgent cron = start("second");
        cron.update(List.of(atBoot("a")));
        start("second", atBoot("a"));
        assertThat(ran()).containsExactly("a");
    }

    @Test
    void what_comes_while_the_daemon_is_down_or_its_agent_stopped_waits_for_the_next_boot()
            throws InterruptedException {
        CronAgent cron = start("first");
        cron.stop();
        cron.start(List.of(atBoot("a")), "the agent was stopped");
        start("first", atBoot("a"), atBoot("b"));
        assertThat(ran()).isEmpty();
        start("second", atBoot("a"), atBoot("b"));
        assertThat(ran()).containsExactly("a", "b");
    }

    @Test
    void what_the_folder_held_when_it_was_not_mounted_yet_is_due_by_the_boot_once_it_is() throws InterruptedException {
        start("first", atBoot("a"));
        book = book(Optional.of("the recipes folder /recipes does not exist"));
        CronAgent cron = start("second");
        cron.update(List.of(atBoot("a"), atBoot("new")));
        assertThat(ran()).containsExactly("a", "a", "new");
        cron.update(List.of());
        cron.update(List.of(atBoot("a"), atBoot("new")));
        assertThat(ran()).containsExactly("a", "a", "new");
    }

    @Test
    void a_daemon_that_ended_before_it_fired_leaves_that_to_the_next_one() throws InterruptedException {
        start("first", atBoot("a"));
        start("second"); // like a daemon that was killed before it handled the recipe
        start("second", atBoot("a"));
        assertThat(ran()).containsExactly("a", "a");
    }
}
