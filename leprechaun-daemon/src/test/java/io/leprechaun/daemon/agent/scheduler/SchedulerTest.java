package io.leprechaun.daemon.agent.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.leprechaun.daemon.agent.AgentContext;
import io.leprechaun.daemon.agent.ClockGuard;
import io.leprechaun.daemon.agent.NextTable;
import io.leprechaun.daemon.execution.TestExecutions;
import io.leprechaun.daemon.history.FakeStore;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.recipe.TriggerKind;
import io.leprechaun.daemon.recipe.folder.RecipeBook;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.run.TestClock;
import io.leprechaun.daemon.run.TestRecipes;
import io.leprechaun.daemon.settings.AgentName;
import io.leprechaun.daemon.settings.notify.NotifyRules;
import io.leprechaun.daemon.view.RunDocument;
import io.leprechaun.daemon.worker.Channel;
import io.leprechaun.daemon.worker.Dispatcher;
import io.leprechaun.daemon.worker.End;
import io.leprechaun.daemon.worker.Pauses;
import io.leprechaun.daemon.yaml.Problem;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SchedulerTest {
    private static final RecipeName TICK = new RecipeName("tick");
    private static final RunDocument DOCUMENTS = new RunDocument(ZoneId.of("UTC"));

    @TempDir
    private static Path folder;

    private TestExecutions executions;
    private TestClock clock;
    private FakeStore store;
    private Dispatcher dispatcher;
    private Channel<Run> channel;
    private Channel<End> done;
    private Scheduler scheduler;

    @BeforeAll
    void open() {
        executions = new TestExecutions(folder);
    }

    /** The reported content of the folder. */
    private RecipeBook book = book();

    private static RecipeBook book(RecipeBook.BookEntry... broken) {
        return new RecipeBook(Path.of("/recipes"), List.of(broken), Optional.empty());
    }

    @AfterAll
    void close() {
        executions.close();
    }

    @BeforeEach
    void make() {
        clock = new TestClock("2026-11-23T12:00:00.5Z");
        store = new FakeStore();
        channel = Channel.lossless("test-errors", run -> {});
        done = Channel.lossless("test-done", end -> {});
        restart();
    }

    /** Starts another daemon with the same store. */
    private void restart() {
        if (scheduler != null) {
            scheduler.stop();
        }
        dispatcher = new Dispatcher(
                store, executions.at(clock), Pauses.of(store, DOCUMENTS.zone()), recipe -> NotifyRules.NOTHING);
        dispatcher.register(AgentName.SCHEDULER, 5, 5, done, channel);
        dispatcher.open(AgentName.SCHEDULER);
        scheduler = new Scheduler(new AgentContext(
                dispatcher,
                store,
                clock,
                new ClockGuard(clock, "boot", Optional.empty(), () -> true),
                NextTable.ofRecipes(DOCUMENTS, (name, at) -> Optional.empty()),
                () -> book,
                "boot"));
    }

    @AfterEach
    void end() throws InterruptedException {
        scheduler.stop();
        dispatcher.shutDown("the test is over", Duration.ofSeconds(10));
        done.close();
        channel.close();
        assertThat(store.wrong()).isEmpty();
    }

    private static Recipe tick(String schedule, String... lines) {
        return TestRecipes.failing(
                "tick", "definition: schedule\nschedule: { " + schedule + " }\n" + String.join("\n", lines));
    }

    private List<String> next() {
        return NextTable.firings(scheduler.timed(), clock.instant(), 3).stream()
                .map(firing -> firing.at().toString().substring(11))
                .toList();
    }

    private List<String> rows() {
        return store.rows().stream()
                .map(run -> run.state().word() + " " + run.repeat().count() + " "
                        + run.order()
                                .cause()
                                .dueAt()
                                .map(Instant::toString)
                                .orElse("-")
                                .substring(11))
                .toList();
    }

    @Test
    void is_first_due_one_period_after_it_was_first_loaded() {
        scheduler.start(List.of(tick("min: 10")), "x");
        assertThat(next()).containsExactly("12:10:01Z", "12:20:01Z", "12:30:01Z");
    }

    @Test
    void stays_anchored_across_restarts_and_edits_of_something_else() {
        scheduler.start(List.of(tick("min: 10")), "x");
        clock.set("2026-11-23T12:03:33Z");
        scheduler.update(List.of(tick("min: 10", "description: edited")));
        assertThat(next()).first().isEqualTo("12:10:01Z");
        restart();
        clock.set("2026-11-23T12:04:44Z");
        scheduler.start(List.of(tick("min: 10")), "x");
        assertThat(next()).first().isEqualTo("12:10:01Z");
    }

    @Test
    void is_anchored_anew_when_its_schedule_is_edited() {
        scheduler.start(List.of(tick("min: 10")), "x");
        clock.set("2026-11-23T12:05:00Z");
        scheduler.update(List.of(tick("min: 20")));
        assertThat(next()).first().isEqualTo("12:25:00Z");
        clock.set("2026-11-23T12:06:00Z");
        scheduler.update(List.of(tick("min: 10")));
        assertThat(next()).first().isEqualTo("12:16:00Z");
    }

    @Test
    void an_anchor_that_a_wrong_clock_left_in_the_future_is_forgotten() {
        clock.set("2027-11-23T12:03:00Z");
        scheduler.start(List.of(tick("min: 10")), "x");
        clock.setWall("2026-11-23T12:00:00Z");
        restart();
        scheduler.start(List.of(tick("min: 10")), "x");
        assertThat(next()).first().isEqualTo("12:10:00Z");
    }

    @Test
    void counts_elapsed_time_when_the_clock_is_set_also_after_a_restart() {
        var recipes = List.of(tick("min: 10"));
        scheduler.start(recipes, "x");
        clock.move(Duration.ofMinutes(4));
        clock.setWall("2026-11-23T15:04:00Z");
        scheduler.update(recipes);
        assertThat(next()).first().isEqualTo("15:10:00.500Z");
        restart();
        scheduler.start(recipes, "x");
        assertThat(next()).first().isEqualTo("15:10:00.500Z");
        assertThat(rows()).isEmpty();
    }

    @Test
    void all_zeros_is_due_once_at_each_start_of_the_daemon() {
        var zero = List.of(tick("sec: 0"));
        scheduler.start(zero, "x");
        await().until(() -> rows().equals(List.of("failed 1 12:00:00.500Z")));
        scheduler.stop();
        scheduler.start(zero, "x");
        scheduler.update(zero);
        assertThat(rows()).hasSize(1);

        restart();
        scheduler.start(zero, "x");
        await().until(() -> rows().size() == 2);
        assertThat(store.rows().getLast().order().cause().trigger()).isEqualTo(TriggerKind.SCHEDULE);
    }

    @Test
    void a_disabled_recipe_is_not_due() {
        scheduler.start(List.of(tick("sec: 0", "enabled: false"), tick("min: 1", "enabled: false")), "x");
        assertThat(next()).isEmpty();
        assertThat(rows()).isEmpty();
    }

    @Test
    void what_was_due_while_nobody_was_there_is_missed_in_one_record() {
        scheduler.start(List.of(tick("min: 10")), "x");
        scheduler.stop();
        clock.set("2026-11-23T13:05:00Z");
        restart();
        scheduler.start(List.of(tick("min: 10")), "the daemon was not running");

        assertThat(rows()).containsExactly("missed 6 12:10:01Z");
        Run missed = store.rows().getFirst();
        assertThat(missed.reason()).contains("the daemon was not running");
        assertThat(missed.repeat().lastDue()).contains(Instant.parse("2026-11-23T13:00:01Z"));
        assertThat(store.ledger().lastDue(TriggerKind.SCHEDULE)).containsEntry(TICK, clock.instant());
        assertThat(next()).first().isEqualTo("13:10:01Z");

        restart();
        scheduler.start(List.of(tick("min: 10")), "the daemon was not running");
        assertThat(rows()).as("told once").hasSize(1);
    }

    @Test
    void what_was_due_while_its_file_could_not_be_read_is_missed_once_it_can() {
        scheduler.start(List.of(tick("min: 10")), "x");
        scheduler.stop();
        clock.set("2026-11-23T13:05:00Z");
        restart();
        Path file = Path.of("/recipes/tick.yml");
        book = book(new RecipeBook.BookEntry(
                "tick",
                file,
                Optional.empty(),
                List.of(new Problem(file, 1, 1, Problem.Severity.ERROR, "the file does not load"))));
        scheduler.start(List.of(), "the daemon was not running");
        clock.set("2026-11-23T13:25:00Z");
        book = book();
        scheduler.update(List.of(tick("min: 10")));
        assertThat(rows()).containsExactly("missed 8 12:10:01Z");
        assertThat(store.rows().getFirst().reason()).contains("the recipe did not load when the daemon started");

        scheduler.update(List.of());
        clock.set("2026-11-23T14:25:00Z");
        scheduler.update(List.of(tick("min: 10")));
        assertThat(rows()).as("it was removed, and came as a new one").hasSize(1);
    }

    @Test
    void an_instant_that_falls_on_the_very_start_is_neither_lost_nor_double() {
        scheduler.start(List.of(tick("min: 10")), "x");
        scheduler.stop();
        clock.set("2026-11-23T12:10:01Z");
        restart();
        scheduler.start(List.of(tick("min: 10")), "the daemon was not running");

        await().until(() ->
                rows().equals(List.of("failed 1 12:10:01Z")) || rows().equals(List.of("missed 1 12:10:01Z")));
        assertThat(next()).first().isEqualTo("12:20:01Z");
    }

    @Test
    void fires_and_accounts_for_it() {
        var recipes = List.of(tick("min: 10"));
        scheduler.start(recipes, "x");
        clock.set("2026-11-23T12:10:02Z");
        scheduler.update(recipes);
        await().until(() -> rows().equals(List.of("failed 1 12:10:01Z")));
        assertThat(store.rows().getFirst().state()).isEqualTo(RunState.FAILED);
    }
}
