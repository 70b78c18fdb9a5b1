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
import io.leprechaun.daemon.settings.notify.NotifyRules;
import io.leprechaun.daemon.view.RunDocument;
import io.leprechaun.daemon.worker.Channel;
import io.leprechaun.daemon.worker.Dispatcher;
import io.leprechaun.daemon.worker.End;
import io.leprechaun.daemon.worker.Pauses;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code @reboot} is due when the daemon starts for the first time after a boot, and at no other time. */
@Timeout(180)
class CronTest {
    private static final RunDocument DOCUMENTS = new RunDocument(ZoneId.of("UTC"));

    /** An error of the clock that puts it in doubt. */
    private static final Duration WRONG = Duration.ofDays(107);

    @TempDir
    private Path folder;

    private final TestClock clock = new TestClock("2026-11-23T12:00:00.5Z");
    private final FakeStore store = new FakeStore();
    private final Channel<Run> errors = Channel.lossless("test-errors", run -> {});
    private final Channel<End> done = Channel.lossless("test-done", end -> {});
    private TestExecutions executions;
    private Optional<Daemon> daemon = Optional.empty();
    private Optional<ClockGuard.ClockState> last = Optional.empty();

    private boolean synchronised = true;

    private record Daemon(Dispatcher dispatcher, CronAgent cron, ClockGuard guard) {}

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
        var guard = new ClockGuard(clock, boot, last, () -> synchronised);
        last = Optional.of(guard.known());
        var next = NextTable.ofRecipes(DOCUMENTS, (name, at) -> Optional.empty());
        var cron = new CronAgent(new AgentContext(dispatcher, store, clock, guard, next, () -> book, boot));
        daemon = Optional.of(new Daemon(dispatcher, cron, guard));
        cron.start(List.of(recipes), "the test begins");
        guard.first().cleared().ifPresent(cron::cleared);
        return cron;
    }

    private void stop() throws InterruptedException {
        if (daemon.isPresent()) {
            daemon.get().cron().stop();
            daemon.get().dispatcher().shutDown("the test goes on", Duration.ofSeconds(10));
            daemon = Optional.empty();
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

    /** Lets time pass and makes due what is due then. */
    private void pass(CronAgent cron, Duration time) {
        clock.move(time);
        cron.look();
    }

    /** Stops the agent, lets time pass, and looks at the clock once more, as a daemon that waits for its runs does. */
    private void stopLate(Duration time) {
        daemon.orElseThrow().cron().stop();
        clock.move(time);
        daemon.orElseThrow().guard().look();
        last = Optional.of(daemon.orElseThrow().guard().known());
    }

    /** Lets a daemon serve {@link #second} until 12:00:01 and live on until 12:00:09, and puts the clock in doubt. */
    private void stopLateAndDoubt() throws InterruptedException {
        pass(start("boot", second()), Duration.ofMillis(700));
        stopLate(Duration.ofSeconds(8));
        setWall(WRONG);
        synchronised = false;
    }

    private void setWall(Duration by) {
        clock.setWall(clock.instant().plus(by).toString());
    }

    private static Recipe second() {
        return TestRecipes.of(
                "second", "definition: cron\npattern: '* * * * * *'\noverlap: parallel\nsteps: [ 'true' ]\n");
    }

    /** Returns the due instants that have a record, each as often as it has one, but for those of a wrong clock. */
    private List<Instant> recorded() {
        return store.list(RunFilter.newest(100)).stream()
                .flatMap(run -> Stream.iterate(run.order().cause().dueAt().orElseThrow(), at -> at.plusSeconds(1))
                        .limit(run.repeat().count()))
                .filter(clock.instant()::isAfter)
                .sorted()
                .toList();
    }

    /** Returns each second from an instant until now. */
    private List<Instant> since(String first) {
        return Stream.iterate(Instant.parse(first), at -> at.plusSeconds(1))
                .takeWhile(clock.instant()::isAfter)
                .toList();
    }

    @Test
    void an_instant_at_the_border_of_a_doubted_time_has_a_record() throws InterruptedException {
        pass(start("boot", second()), Duration.ofMillis(700));
        stopLate(Duration.ZERO);
        setWall(WRONG);
        synchronised = false;
        pass(start("boot", second()), Duration.ofMillis(1000));
        stop();
        setWall(WRONG.negated());
        clock.move(Duration.ofMillis(2500));
        start("boot", second());
        assertThat(recorded()).isEqualTo(since("2026-11-23T12:00:01Z"));
    }

    @Test
    void what_was_due_between_a_stop_and_a_later_look_has_a_record_when_the_clock_was_set_back_then()
            throws InterruptedException {
        pass(start("boot", second()), Duration.ofMillis(700));
        stopLate(Duration.ofSeconds(8));
        setWall(Duration.ofSeconds(-2));
        pass(start("boot", second()), Duration.ofSeconds(4));
        assertThat(recorded())
                .as("the second of 12:00:02 was that of 12:00:00 once more")
                .contains(Instant.parse("2026-11-23T12:00:00Z"))
                .containsAll(since("2026-11-23T12:00:01Z"));
    }

    @Test
    void what_was_due_between_a_stop_and_a_later_look_has_a_record_when_the_clock_is_in_doubt_then()
            throws InterruptedException {
        stopLateAndDoubt();
        start("boot", second());
        assertThat(recorded()).as("at once").hasSize(9).endsWith(Instant.parse("2026-11-23T12:00:09Z"));
        stop();
        clock.move(Duration.ofSeconds(2));
        setWall(WRONG.negated());
        pass(start("boot", second()), Duration.ofSeconds(4));
        assertThat(recorded()).isEqualTo(since("2026-11-23T12:00:01Z"));
    }

    @Test
    void a_daemon_that_did_not_serve_a_recipe_leaves_no_instants_to_a_start_with_the_clock_set_back()
            throws InterruptedException {
        Recipe hourly = TestRecipes.of("hourly", "definition: cron\npattern: '0 * * * *'\nsteps: [ 'true' ]\n");
        for (boolean doubt : List.of(false, true)) {
            synchronised = !doubt;
            start("boot", hourly);
            stopLate(Duration.ZERO);
            Duration wrong = doubt ? WRONG : Duration.ofHours(2);
            setWall(wrong);
            start("boot");
            stopLate(Duration.ofSeconds(10));
            setWall(wrong.negated());
            start("boot", hourly);
            assertThat(store.rows()).as("in doubt: %s", doubt).isEmpty();
            stopLate(Duration.ZERO);
        }
    }

    @Test
    void a_recipe_that_comes_late_while_the_clock_is_in_doubt_has_a_record_of_what_it_missed()
            throws InterruptedException {
        stopLateAndDoubt();
        book = book(Optional.of("the recipes folder /recipes does not exist"));
        CronAgent cron = start("boot");
        book = book(Optional.empty());
        cron.update(List.of(second()));
        assertThat(recorded()).hasSize(9).endsWith(Instant.parse("2026-11-23T12:00:09Z"));
    }
}
