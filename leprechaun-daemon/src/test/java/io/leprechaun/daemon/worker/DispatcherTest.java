package io.leprechaun.daemon.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.leprechaun.daemon.execution.TestExecutions;
import io.leprechaun.daemon.history.FakeStore;
import io.leprechaun.daemon.history.StoreException;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.TriggerKind;
import io.leprechaun.daemon.recipe.folder.RecipeBook;
import io.leprechaun.daemon.run.Cause;
import io.leprechaun.daemon.run.Input;
import io.leprechaun.daemon.run.Pause;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunSpec;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.run.TestClock;
import io.leprechaun.daemon.run.TestRecipes;
import io.leprechaun.daemon.settings.AgentName;
import io.leprechaun.daemon.settings.notify.NotifyRules;
import io.leprechaun.daemon.view.RunDocument;
import io.leprechaun.daemon.yaml.Problem;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DispatcherTest {
    private static final AgentName CRON = new AgentName("cron");
    private static final AgentName SERVER = new AgentName("server");
    private static final RunDocument DOCUMENTS = new RunDocument(ZoneId.of("UTC"));
    private static final Path RECIPES = Path.of("/etc/leprechaun/recipes");
    private static final RecipeBook NO_FOLDER =
            new RecipeBook(RECIPES, List.of(), Optional.of("the recipes folder X is not there; mount it"));

    @TempDir
    private static Path folder;

    private TestExecutions executions;
    private FakeStore store;
    private Dispatcher dispatcher;
    private final List<Channel<?>> channels = new CopyOnWriteArrayList<>();
    private final List<Run> done = new CopyOnWriteArrayList<>();
    private final List<Run> errors = new CopyOnWriteArrayList<>();

    @BeforeAll
    void open() {
        executions = new TestExecutions(folder);
    }

    @AfterAll
    void close() {
        assertThat(executions.living()).as("processes left behind").isZero();
        executions.close();
    }

    @AfterEach
    void endAll() throws InterruptedException {
        store.hold(false);
        while (store.commit()) {}
        dispatcher.close(CRON, "the test is over");
        dispatcher.close(SERVER, "the test is over");
        dispatcher.drain(CRON, true, "the test is over");
        dispatcher.drain(SERVER, true, "the test is over");
        dispatcher.shutDown("the test is over", Duration.ofSeconds(20));
        channels.forEach(Channel::close);
        channels.clear();
        assertThat(store.wrong()).isEmpty();
        done.clear();
        errors.clear();
    }

    private void dispatcher(int max, int queue) {
        dispatcher(max, queue, InstantSource.system());
    }

    private void dispatcher(int max, int queue, InstantSource clock) {
        dispatcher(max, queue, clock, Absences.PATIENCE);
    }

    private void dispatcher(int max, int queue, InstantSource clock, Duration removal) {
        store = new FakeStore();
        dispatcher = new Dispatcher(
                store,
                executions.at(clock),
                Pauses.of(store, DOCUMENTS.zone()),
                recipe -> NotifyRules.NOTHING,
                Long.MAX_VALUE,
                removal);
        register(CRON, max, queue);
        register(SERVER, max, queue);
    }

    private void register(AgentName agent, int max, int queue) {
        Channel<End> doneChannel = Channel.lossless("test-done", end -> done.add(end.run()));
        Channel<Run> errorChannel = Channel.bounded("test-errors", 100_000, errors::add);
        channels.addAll(List.of(doneChannel, errorChannel));
        dispatcher.register(agent, max, queue, doneChannel, errorChannel);
        dispatcher.open(agent);
    }

    private CompletableFuture<AdmissionResult> submit(AgentName agent, Recipe recipe) {
        return dispatcher.submit(
                new RunRequest(recipe, agent, Cause.requested(TriggerKind.HOOK, "127.0.0.1"), Input.NONE));
    }

    private AdmissionResult.Accepted accepted(AgentName agent, Recipe recipe) throws Exception {
        return (AdmissionResult.Accepted) submit(agent, recipe).get(60, TimeUnit.SECONDS);
    }

    private AdmissionResult.NotStarted refused(AgentName agent, Recipe recipe) throws Exception {
        return (AdmissionResult.NotStarted) submit(agent, recipe).get(60, TimeUnit.SECONDS);
    }

    private static Run over(AdmissionResult.Accepted accepted) throws Exception {
        return accepted.over().get(60, TimeUnit.SECONDS);
    }

    private List<String> stack(AgentName agent) {
        return dispatcher.stack(agent).stream().map(Dispatcher.Worker::name).toList();
    }

    private List<String> queue(AgentName agent) {
        return dispatcher.queue(agent).stream().map(Dispatcher.Worker::name).toList();
    }

    private static Recipe sleeping(String name, String... lines) {
        return TestRecipes.of(name, "grace: 1s\nsteps: [ sleep 60 ]\n" + String.join("\n", lines) + "\n");
    }

    private static Recipe quick(String name, String... lines) {
        return TestRecipes.failing(name, lines);
    }

    @Test
    void runs_what_is_due_and_tells_both_channels_of_a_failure_once_it_is_on_disk() throws Exception {
        dispatcher(1, 1);
        Run run = over(accepted(CRON, quick("a")));

        assertThat(run.state()).isEqualTo(RunState.FAILED);
        assertThat(store.rows()).containsExactly(run);
        await().until(() -> done.equals(List.of(run)) && errors.equals(List.of(run)));
    }

    @Test
    void the_error_channel_hears_nothing_of_a_success() throws Exception {
        dispatcher(1, 1);
        Run run = over(accepted(CRON, TestRecipes.steps("a", "true")));

        assertThat(run.state()).isEqualTo(RunState.SUCCEEDED);
        await().until(() -> done.equals(List.of(run)));
        assertThat(errors).isEmpty();
    }

    @Test
    void accepts_nothing_before_it_is_on_disk_and_starts_nothing_either() throws Exception {
        dispatcher(1, 1);
        store.hold(true);
        var admitted = submit(CRON, quick("a"));

        assertThat(admitted).isNotDone();
        assertThat(stack(CRON)).containsExactly("a");
        assertThat(store.waiting()).isEqualTo(1);
        store.hold(false);
        store.commit();
        assertThat(over((AdmissionResult.Accepted) admitted.join()).state()).isEqualTo(RunState.FAILED);
    }

    @Test
    void a_full_queue_is_answered_at_once() throws Exception {
        dispatcher(1, 1);
        accepted(CRON, sleeping("a"));
        accepted(CRON, sleeping("b"));

        AdmissionResult.NotStarted refused = refused(CRON, sleeping("c"));

        assertThat(refused.state()).isEqualTo(RunState.REJECTED);
        assertThat(refused.reason()).isEqualTo("the queue is full");
        assertThat(store.find(refused.record()).orElseThrow().state()).isEqualTo(RunState.REJECTED);
    }

    @Test
    void who_waited_behind_one_that_is_killed_or_whose_agent_is_closed_starts_at_once() throws Exception {
        dispatcher(2, 10);
        accepted(SERVER, sleeping("reads", "overlap: parallel", "lock: { name: db, mode: shared }"));
        var writes = accepted(CRON, sleeping("writes", "lock: db"));
        accepted(SERVER, sleeping("reads", "overlap: parallel", "lock: { name: db, mode: shared }"));
        assertThat(stack(SERVER)).hasSize(1);

        dispatcher.kill(writes.run().id(), "zoe");
        assertThat(stack(SERVER)).hasSize(2);

        accepted(CRON, sleeping("writes", "lock: db"));
        var third = accepted(SERVER, sleeping("reads", "overlap: parallel", "lock: { name: db, mode: shared }"));
        dispatcher.kill(third.run().id() - 2, "zoe").orElseThrow().get(60, TimeUnit.SECONDS);
        assertThat(stack(SERVER)).hasSize(1);
        dispatcher.close(CRON, "cron is paused");
        assertThat(stack(SERVER)).hasSize(2);
    }

    @Test
    void no_more_are_taken_than_there_is_memory_for() throws Exception {
        dispatcher(1, 10);
        dispatcher = new Dispatcher(
                store,
                executions.at(InstantSource.system()),
                Pauses.of(store, DOCUMENTS.zone()),
                recipe -> NotifyRules.NOTHING,
                2,
                Absences.PATIENCE);
        register(CRON, 1, 10);
        register(SERVER, 1, 10);
        accepted(CRON, sleeping("a"));
        var second = accepted(SERVER, sleeping("b"));

        assertThat(refused(CRON, sleeping("c")).reason()).contains("too many unfinished runs");
        dispatcher.kill(second.run().id(), "zoe").orElseThrow().get(60, TimeUnit.SECONDS);
        accepted(CRON, sleeping("c"));
    }

    @Test
    void many_whose_deadline_comes_are_all_skipped_and_keep_nobody_waiting() throws Exception {
        var clock = new TestClock("2026-11-26T12:00:00Z");
        dispatcher(2, 1000, clock);
        accepted(CRON, sleeping("holder", "lock: db"));
        var late = new ArrayList<AdmissionResult.Accepted>();
        for (int i = 0; i < 250; i++) {
            late.add(accepted(CRON, quick("hasty", "overlap: parallel", "lock: db", "deadline: 1h")));
        }
        clock.move(Duration.ofHours(2));
        late.add(accepted(CRON, quick("hasty", "overlap: parallel", "lock: db", "deadline: 1s")));
        clock.move(Duration.ofHours(1));

        for (var accepted : late) {
            assertThat(over(accepted).state()).isEqualTo(RunState.SKIPPED);
        }
        assertThat(over(accepted(CRON, quick("other"))).state()).isEqualTo(RunState.FAILED);
    }

    @Test
    void starts_in_the_order_of_priority_then_of_arrival() throws Exception {
        dispatcher(1, 10);
        var first = accepted(CRON, sleeping("first"));
        var waiting = Stream.of(
                        quick("b", "priority: 0"),
                        quick("low", "priority: -5"),
                        quick("high", "priority: 5"),
                        quick("c", "priority: 0"),
                        quick("higher", "priority: 6"))
                .map(recipe -> {
                    try {
                        return accepted(CRON, recipe);
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                })
                .toList();
        assertThat(queue(CRON)).containsExactly("higher", "high", "b", "c", "low");

        dispatcher.kill(first.run().id(), "zoe");
        for (var accepted : waiting) {
            over(accepted);
        }
        await().untilAsserted(() -> assertThat(
                        done.stream().map(run -> run.order().recipe().value()))
                .containsExactly("first", "higher", "high", "b", "c", "low"));
    }

    @Test
    void the_next_to_start_is_the_first_that_may() throws Exception {
        dispatcher(2, 10);
        var a1 = accepted(CRON, sleeping("a", "overlap: queue"));
        var b1 = accepted(CRON, sleeping("b"));
        accepted(CRON, sleeping("a", "overlap: queue"));
        var c = accepted(CRON, sleeping("c"));

        dispatcher.kill(b1.run().id(), "zoe").orElseThrow().get(60, TimeUnit.SECONDS);

        assertThat(stack(CRON)).containsExactly("a", "c");
        assertThat(queue(CRON)).containsExactly("a");
        dispatcher.kill(a1.run().id(), "zoe").orElseThrow().get(60, TimeUnit.SECONDS);
        assertThat(stack(CRON)).containsExactly("c", "a");
        assertThat(c.over()).isNotDone();
    }

    @Test
    void parallel_workers_are_named_after_their_run() throws Exception {
        dispatcher(2, 10);
        long one = accepted(CRON, sleeping("p", "overlap: parallel")).run().id();
        long two = accepted(CRON, sleeping("p", "overlap: parallel")).run().id();

        assertThat(stack(CRON)).containsExactly("p#" + one, "p#" + two);
    }

    @Test
    void a_recipe_works_once_whatever_agent_asks() throws Exception {
        dispatcher(2, 10);
        var first = accepted(CRON, sleeping("a"));
        accepted(SERVER, sleeping("a"));
        assertThat(queue(SERVER)).containsExactly("a");

        dispatcher.kill(first.run().id(), "zoe").orElseThrow().get(60, TimeUnit.SECONDS);

        assertThat(stack(SERVER)).containsExactly("a");
    }

    @Test
    void a_run_beside_one_that_only_waits_elsewhere_starts_at_once() throws Exception {
        dispatcher(1, 10);
        accepted(CRON, sleeping("busy"));
        accepted(CRON, sleeping("a"));
        assertThat(queue(CRON)).containsExactly("a");

        accepted(SERVER, sleeping("a"));

        await().until(() -> stack(SERVER).equals(List.of("a")));
    }

    @Test
    void a_replacement_starts_when_those_it_replaces_have_ended() throws Exception {
        dispatcher(1, 1);
        var old = accepted(CRON, sleeping("a", "overlap: replace"));
        var young = accepted(CRON, sleeping("a", "overlap: replace"));

        Run replaced = over(old);
        assertThat(replaced.state()).isEqualTo(RunState.KILLED);
        assertThat(replaced.reason()).contains("replaced by run " + young.run().id());
        await().until(() -> stack(CRON).equals(List.of("a")));
        assertThat(dispatcher.find(young.run().id()).orElseThrow().state()).isEqualTo(RunState.RUNNING);
    }

    @Test
    void a_replacement_of_what_only_waits_elsewhere_starts_at_once() throws Exception {
        dispatcher(1, 10);
        accepted(CRON, sleeping("busy"));
        var old = accepted(CRON, sleeping("a", "overlap: replace"));

        accepted(SERVER, sleeping("a", "overlap: replace"));

        assertThat(over(old).state()).isEqualTo(RunState.KILLED);
        await().until(() -> stack(SERVER).equals(List.of("a")));
    }

    @Test
    void a_waiting_run_is_killed_without_having_begun() throws Exception {
        dispatcher(1, 2);
        accepted(CRON, sleeping("a"));
        var waiting = accepted(CRON, sleeping("b"));

        Run killed = dispatcher.kill(waiting.run().id(), "zoe").orElseThrow().get(60, TimeUnit.SECONDS);

        assertThat(killed.state()).isEqualTo(RunState.KILLED);
        assertThat(killed.reason()).contains("killed by zoe");
        assertThat(killed.times().startedAt()).isEmpty();
        assertThat(queue(CRON)).isEmpty();
    }

    @Test
    void drops_what_waits_and_nothing_else() throws Exception {
        dispatcher(1, 2);
        var working = accepted(CRON, sleeping("a"));
        var waiting = accepted(CRON, sleeping("b"));

        assertThat(dispatcher.drop(CRON, working.run().id(), "zoe")).isEmpty();
        assertThat(dispatcher.drop(SERVER, waiting.run().id(), "zoe")).isEmpty();
        assertThat(dispatcher.drop(CRON, 4711, "zoe")).isEmpty();
        Run dropped =
                dispatcher.drop(CRON, waiting.run().id(), "zoe").orElseThrow().get(60, TimeUnit.SECONDS);
        assertThat(dropped.reason()).contains("dropped from the queue by zoe");
    }

    @Test
    void killed_before_its_acceptance_is_on_disk_it_never_begins() throws Exception {
        dispatcher(1, 2);
        store.hold(true);
        var starting = submit(CRON, TestRecipes.steps("a", "touch never"));
        var queued = submit(CRON, TestRecipes.steps("b", "touch never"));
        for (var worker : Stream.concat(dispatcher.stack(CRON).stream(), dispatcher.queue(CRON).stream())
                .toList()) {
            assertThat(dispatcher.kill(worker.run().id(), "zoe")).isPresent();
        }
        store.hold(false);
        while (store.commit()) {}

        assertThat(over((AdmissionResult.Accepted) starting.get(60, TimeUnit.SECONDS))
                        .state())
                .isEqualTo(RunState.KILLED);
        assertThat(over((AdmissionResult.Accepted) queued.get(60, TimeUnit.SECONDS))
                        .state())
                .isEqualTo(RunState.KILLED);
        assertThat(folder.resolve("never")).doesNotExist();
    }

    @Test
    void what_cannot_be_kept_is_not_accepted_and_gives_its_slot_back() throws Exception {
        dispatcher(1, 2);
        store.failNext(1);
        var failed = submit(CRON, TestRecipes.steps("a", "touch never"));

        assertThat(failed).isCompletedExceptionally();
        assertThat(failed.handle((kept, failure) -> failure).join()).hasRootCauseInstanceOf(StoreException.class);
        assertThat(stack(CRON)).isEmpty();
        assertThat(over(accepted(CRON, quick("a"))).state()).isEqualTo(RunState.FAILED);
        assertThat(folder.resolve("never")).doesNotExist();
    }

    @Test
    void what_got_a_slot_before_its_acceptance_failed_never_begins() throws Exception {
        dispatcher(1, 2);
        var working = accepted(CRON, sleeping("a"));
        store.hold(true);
        var queued = submit(CRON, TestRecipes.steps("b", "touch never"));
        dispatcher.kill(working.run().id(), "zoe"); // stopping and end wait behind the acceptance
        await().until(() -> stack(CRON).equals(List.of("b")));
        await().until(() -> store.waiting() == 3);

        store.failAcceptance();
        store.hold(false);
        while (store.commit()) {}

        assertThat(queued).isCompletedExceptionally();
        over(working);
        assertThat(stack(CRON)).isEmpty();
        assertThat(over(accepted(CRON, quick("c"))).state()).isEqualTo(RunState.FAILED);
        assertThat(folder.resolve("never")).doesNotExist();
        assertThat(done.stream().map(run -> run.order().recipe().value())).doesNotContain("b");
    }

    @Test
    void an_end_that_cannot_be_kept_is_kept_later_and_told_once() throws Exception {
        dispatcher(1, 2);
        store.hold(true);
        var admitted = submit(CRON, quick("a"));
        store.hold(false);
        store.commit(); // launched
        store.failNext(1); // perhaps too late for this end: then the next change is the first to fail

        Run run = over((AdmissionResult.Accepted) admitted.get(60, TimeUnit.SECONDS));

        assertThat(run.state()).isEqualTo(RunState.FAILED);
        store.failNext(0);
        await().until(() -> done.size() == 1);
    }

    @Test
    void a_run_that_has_ended_is_known_until_its_end_is_on_disk() throws Exception {
        dispatcher(1, 2);
        var running = accepted(CRON, sleeping("a"));
        long id = running.run().id();
        store.hold(true);
        dispatcher.kill(id, "zoe");
        await().until(() -> store.waiting() == 2); // stopping, end

        assertThat(dispatcher.over(id)).isPresent();
        assertThat(dispatcher.over(id).get()).isNotDone();
        assertThat(dispatcher.find(id)).isPresent();
        assertThat(dispatcher.find(id).get().steps()).hasSize(1);
        assertThat(dispatcher.find(id).get().state().isFinal()).isFalse();
        assertThat(dispatcher.kill(id, "adam")).contains(running.over());
        assertThat(stack(CRON)).as("the slot is free").isEmpty();
        store.hold(false);
        while (store.commit()) {}
        assertThat(over(running).reason()).contains("killed by zoe");
        await().until(() -> dispatcher.find(id).isEmpty());
    }

    @Test
    void closed_it_holds_what_is_due_keeps_what_waits_and_lets_go_on_what_works() throws Exception {
        dispatcher(1, 2);
        var working = accepted(CRON, sleeping("a"));
        accepted(CRON, sleeping("b"));
        dispatcher.close(CRON, "cron is paused by zoe");

        AdmissionResult.NotStarted held = refused(CRON, quick("c"));
        assertThat(held.state()).isEqualTo(RunState.HELD);
        assertThat(held.reason()).isEqualTo("cron is paused by zoe");
        dispatcher.kill(working.run().id(), "zoe").orElseThrow().get(60, TimeUnit.SECONDS);
        assertThat(stack(CRON)).isEmpty();
        assertThat(queue(CRON)).containsExactly("b");

        dispatcher.open(CRON);
        await().until(() -> stack(CRON).equals(List.of("b")));
        assertThat(queue(CRON)).isEmpty();
    }

    @Test
    void a_paused_recipe_is_held_until_its_moment_has_come_unless_somebody_forces_it() throws Exception {
        var clock = new TestClock("2026-11-26T18:00:00Z");
        dispatcher(2, 2, clock);
        Instant until = Instant.parse("2026-11-27T09:00:00Z");
        var pause = new Pause(clock.instant(), Optional.of(until), "zoe", Optional.of("upgrade"));
        dispatcher.pauses().pause(quick("a").name(), pause).get(60, TimeUnit.SECONDS);

        AdmissionResult.NotStarted held = refused(CRON, quick("a"));
        assertThat(held.state()).isEqualTo(RunState.HELD);
        assertThat(held.reason()).isEqualTo("paused until 2026-11-27 09:00:00 by zoe: upgrade");
        assertThat(refused(SERVER, quick("a")).reason()).isEqualTo(held.reason());
        assertThat(over(accepted(CRON, quick("b"))).state())
                .as("another recipe")
                .isEqualTo(RunState.FAILED);
        var forced = dispatcher.submit(
                new RunRequest(quick("a"), CRON, Cause.requested(TriggerKind.MANUAL, "zoe"), Input.NONE, true));
        assertThat(over((AdmissionResult.Accepted) forced.get(60, TimeUnit.SECONDS))
                        .state())
                .isEqualTo(RunState.FAILED);

        clock.set("2026-11-27T08:59:59.999Z");
        assertThat(refused(CRON, quick("a")).state()).isEqualTo(RunState.HELD);
        clock.set("2026-11-27T09:00:00Z");
        var late = dispatcher.submit(
                new RunRequest(quick("a"), CRON, Cause.due(TriggerKind.CRON, until.minusSeconds(1)), Input.NONE));
        assertThat(late.get(60, TimeUnit.SECONDS))
                .as("it was due before")
                .isInstanceOfSatisfying(
                        AdmissionResult.NotStarted.class,
                        refused -> assertThat(refused.reason()).isEqualTo(held.reason()));
        assertThat(over(accepted(CRON, quick("a"))).state()).isEqualTo(RunState.FAILED);
    }

    @Test
    void what_waits_or_works_when_its_recipe_is_paused_goes_on() throws Exception {
        dispatcher(1, 1);
        var working = accepted(CRON, sleeping("a"));
        var waiting = accepted(CRON, sleeping("a"));
        var pause = new Pause(Instant.EPOCH, Optional.empty(), "zoe", Optional.empty());
        dispatcher.pauses().pause(sleeping("a").name(), pause).get(60, TimeUnit.SECONDS);

        assertThat(dispatcher.find(working.run().id()).orElseThrow().state()).isEqualTo(RunState.RUNNING);
        dispatcher.kill(working.run().id(), "zoe").orElseThrow().get(60, TimeUnit.SECONDS);
        await().until(() -> dispatcher
                .find(waiting.run().id())
                .filter(run -> run.state() == RunState.RUNNING)
                .isPresent());
    }

    @Test
    void force_goes_past_policies_and_not_past_the_agent_and_its_room() throws Exception {
        dispatcher(2, 0);
        accepted(CRON, sleeping("a", "lock: db"));
        var recipe = sleeping("a", "overlap: skip", "lock: db", "enabled: false", "not: 00:00-24:00");
        var by = Cause.requested(TriggerKind.MANUAL, "zoe");
        var beside = dispatcher.submit(new RunRequest(recipe, CRON, by, Input.NONE, true));
        assertThat(((AdmissionResult.Accepted) beside.join()).run().state()).isEqualTo(RunState.RUNNING);
        var full = dispatcher.submit(new RunRequest(sleeping("b"), CRON, by, Input.NONE, true));
        assertThat(((AdmissionResult.NotStarted) full.join()).state()).isEqualTo(RunState.REJECTED);
        dispatcher.close(CRON, "cron is paused by zoe");
        var closed = dispatcher.submit(new RunRequest(sleeping("b"), CRON, by, Input.NONE, true));
        assertThat(((AdmissionResult.NotStarted) closed.join()).reason()).isEqualTo("cron is paused by zoe");
    }

    @Test
    void what_was_restored_starts_in_its_order_once_the_agent_is_opened() throws Exception {
        dispatcher(1, 1);
        dispatcher.close(CRON, "cron is not started");
        var recipes = List.of(quick("a"), quick("b"), quick("c", "priority: 3"));
        for (Recipe recipe : recipes) {
            var order = new RunSpec(
                    recipe.name(), "v", CRON, recipe.policy().priority(), Cause.requested(TriggerKind.MANUAL, "zoe"));
            Run run = Run.accepted(store.nextId(), order, Instant.EPOCH);
            store.accept(run, recipe, Input.NONE).join();
            dispatcher.restore(run, recipe);
        }
        assertThat(queue(CRON)).containsExactly("c", "a", "b");

        dispatcher.open(CRON);

        await().until(() -> done.size() == 3);
        assertThat(done.stream().map(run -> run.order().recipe().value())).containsExactly("c", "a", "b");
    }

    @Test
    void shut_down_it_ends_those_who_say_so_and_waits_for_the_others() throws Exception {
        dispatcher(3, 2);
        var killed = accepted(CRON, sleeping("killed", "on_stop: kill"));
        var waiting = accepted(CRON, TestRecipes.of("waiting", "steps: [ sleep 0.3 ]\n"));
        accepted(CRON, sleeping("x", "on_stop: kill"));
        var queued = accepted(CRON, quick("queued"));

        dispatcher.shutDown("the daemon was stopped", Duration.ofSeconds(20));

        assertThat(killed.over().join().reason()).contains("the daemon was stopped");
        assertThat(waiting.over().join().state()).isEqualTo(RunState.SUCCEEDED);
        assertThat(queued.over()).isNotDone();
        assertThat(store.find(queued.run().id()).orElseThrow().state()).isEqualTo(RunState.QUEUED);
        assertThat(refused(CRON, quick("late")).state()).isEqualTo(RunState.HELD);
    }

    @Test
    void shut_down_it_kills_in_the_end_what_has_not_finished() throws Exception {
        dispatcher(1, 2);
        var slow = accepted(CRON, sleeping("slow"));

        dispatcher.shutDown("the daemon was stopped", Duration.ofMillis(10));

        assertThat(slow.over()).isDone();
        assertThat(slow.over().join().state()).isEqualTo(RunState.KILLED);
    }

    @Test
    void drained_it_waits_for_those_at_work() throws Exception {
        dispatcher(2, 2);
        var one = accepted(CRON, TestRecipes.of("one", "steps: [ sleep 0.2 ]\n"));
        dispatcher.drain(CRON, false, "stopped");
        assertThat(one.over().join().state()).isEqualTo(RunState.SUCCEEDED);

        var two = accepted(CRON, sleeping("two"));
        dispatcher.drain(CRON, true, "cron was stopped by zoe");
        assertThat(two.over().join().reason()).contains("cron was stopped by zoe");
    }

    /** Returns the book of a folder that holds these recipes. */
    private static RecipeBook book(Recipe... recipes) {
        return new RecipeBook(
                RECIPES,
                Stream.of(recipes)
                        .map(recipe -> new RecipeBook.BookEntry(
                                recipe.name().value(), recipe.origin().file(), Optional.of(recipe), List.of()))
                        .toList(),
                Optional.empty());
    }

    private static RecipeBook broken(String name) {
        Path file = RECIPES.resolve(name + ".yml");
        var problem = new Problem(file, 3, 1, Problem.Severity.ERROR, "wrong");
        return new RecipeBook(
                RECIPES,
                List.of(new RecipeBook.BookEntry(name, file, Optional.empty(), List.of(problem))),
                Optional.empty());
    }

    private Optional<String> reason(AdmissionResult.Accepted run) {
        return dispatcher.find(run.run().id()).orElseThrow().reason();
    }

    @Test
    void the_queued_runs_of_a_removed_recipe_are_rejected_after_a_while_and_the_others_stay() throws Exception {
        dispatcher(1, 5, InstantSource.system(), Duration.ofSeconds(2));
        var stay = sleeping("stays");
        var working = accepted(CRON, sleeping("gone"));
        var gone = accepted(CRON, sleeping("gone"));
        var stays = accepted(CRON, stay);

        dispatcher.update(book(stay));

        assertThat(reason(gone)).contains("its recipe file /etc/leprechaun/recipes/gone.yml does not exist");
        assertThat(over(gone).state()).isEqualTo(RunState.REJECTED);
        assertThat(over(gone).reason()).contains("recipe removed");
        assertThat(working.over()).isNotDone();
        assertThat(stays.over()).isNotDone();
    }

    @Test
    void a_removal_that_is_confirmed_is_final_at_once() throws Exception {
        dispatcher(1, 5);
        accepted(CRON, sleeping("works"));
        var gone = accepted(CRON, sleeping("gone"));
        dispatcher.update(NO_FOLDER);
        dispatcher.confirmRemoved();
        assertThat(gone.over()).as("nothing is known of the folder").isNotDone();
        dispatcher.update(book());
        dispatcher.confirmRemoved();
        assertThat(over(gone).reason()).contains("recipe removed");
    }

    @Test
    void a_run_waits_for_its_recipe_and_holds_nobody_up() throws Exception {
        dispatcher(1, 9);
        var waits = TestRecipes.of("waits", "lock: one\nsteps: [ 'true' ]\n");
        var other = TestRecipes.of("other", "lock: one\nsteps: [ 'true' ]\n");
        var gate = accepted(CRON, sleeping("gate"));
        var first = accepted(CRON, waits);
        for (RecipeBook without : List.of(book(other), broken("waits"), NO_FOLDER)) {
            dispatcher.update(without);
            dispatcher.kill(gate.run().id(), "zoe");
            over(gate);
            assertThat(over(accepted(CRON, other)).state()).isEqualTo(RunState.SUCCEEDED);
            assertThat(dispatcher.find(first.run().id()).orElseThrow().state()).isEqualTo(RunState.WAITING);
        }
        assertThat(reason(first)).contains("the recipes folder X is not there");
        dispatcher.update(broken("waits"));
        assertThat(reason(first)).contains("its recipe is broken: /etc/leprechaun/recipes/waits.yml:3:1");
        dispatcher.update(book(waits, other));
        assertThat(over(first).state()).isEqualTo(RunState.SUCCEEDED);
    }

    @Test
    void a_run_whose_recipe_was_removed_while_it_worked_makes_no_further_attempt() throws Exception {
        dispatcher(1, 5);
        var fails = TestRecipes.of("gone", "retry: { times: 3, delay: 1h }\nsteps: [ 'sleep 1; exit 3' ]\n");
        var run = accepted(CRON, fails);
        dispatcher.update(book());
        dispatcher.confirmRemoved();
        assertThat(over(run).state()).isEqualTo(RunState.FAILED);
        assertThat(over(run).reason().orElseThrow()).endsWith("; the recipe was removed");
        assertThat(over(run).exitCode()).contains(3);
    }

    /** In any order of events, bounds hold, and each accepted run ends exactly once. */
    @Test
    void ten_thousand_random_operations_leak_no_slot_and_lose_nothing() throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("DispatcherTest: -Dseed=" + seed);
        var random = new Random(seed);
        int max = 3;
        int room = 6;
        var ticks = new AtomicLong();
        dispatcher(max, room, () -> Instant.EPOCH.plusNanos(ticks.incrementAndGet()));
        store.hold(true);
        var recipes = List.of(
                quick("skip", "overlap: skip"),
                quick("queue", "overlap: queue"),
                quick("queue2", "overlap: queue", "priority: 1"),
                quick("replace", "overlap: replace"),
                quick("parallel", "overlap: parallel"),
                quick("parallel2", "overlap: parallel", "priority: -1"),
                quick("usual"));
        var admitted = new ArrayList<CompletableFuture<AdmissionResult>>();
        for (int i = 0; i < 10_000; i++) {
            AgentName agent = random.nextBoolean() ? CRON : SERVER;
            int what = random.nextInt(100);
            if (what < 45) {
                admitted.add(submit(agent, recipes.get(random.nextInt(recipes.size()))));
            } else if (what < 85) {
                store.commit();
            } else if (what < 88) {
                store.failAcceptance();
            } else if (what < 93) {
                some(random, dispatcher.stack(agent)).ifPresent(run -> dispatcher.kill(run, "zoe"));
            } else if (what < 96) {
                some(random, dispatcher.queue(agent)).ifPresent(run -> dispatcher.drop(agent, run, "zoe"));
            } else if (what < 98) {
                dispatcher.close(agent, "paused");
            } else {
                dispatcher.open(agent);
            }
            checkBounds(max, room);
        }
        dispatcher.open(CRON);
        dispatcher.open(SERVER);
        await().until(() -> {
            while (store.commit()) {
                checkBounds(max, room);
            }
            return allOver(admitted);
        });

        assertThat(stack(CRON)).isEmpty();
        assertThat(stack(SERVER)).isEmpty();
        assertThat(queue(CRON)).isEmpty();
        assertThat(queue(SERVER)).isEmpty();
        Map<Long, Integer> told = new HashMap<>();
        List<Long> accepted = ids(admitted);
        await().until(() -> done.size() >= accepted.size());
        done.forEach(run -> told.merge(run.id(), 1, Integer::sum));
        assertThat(accepted).doesNotHaveDuplicates().allSatisfy(id -> {
            assertThat(told).containsEntry(id, 1);
            assertThat(store.find(id).orElseThrow().state().isFinal()).isTrue();
        });
        checkSpans(store.rows(), max);
        for (int i = 0; i < max; i++) { // no slot has leaked
            var unused = submit(CRON, quick("fresh" + i));
        }
        assertThat(stack(CRON)).hasSize(max);
        store.hold(false);
        while (store.commit()) {}
        await().until(() -> stack(CRON).isEmpty());
    }

    private static Optional<Long> some(Random random, List<Dispatcher.Worker> workers) {
        return workers.isEmpty()
                ? Optional.empty()
                : Optional.of(workers.get(random.nextInt(workers.size())).run().id());
    }

    private void checkBounds(int max, int room) {
        for (AgentName agent : List.of(CRON, SERVER)) {
            assertThat(dispatcher.stack(agent)).hasSizeLessThanOrEqualTo(max);
            assertThat(dispatcher.queue(agent)).hasSizeLessThanOrEqualTo(room);
        }
    }

    /**
     * Checks the bound by the instants at which runs began and ended, which the dispatcher's lock puts in one order.
     */
    private static void checkSpans(List<Run> runs, int max) {
        record Edge(Instant at, Run run, int change) {}
        var edges = new ArrayList<Edge>();
        runs.stream().filter(run -> run.times().startedAt().isPresent()).forEach(run -> {
            edges.add(new Edge(run.times().startedAt().get(), run, 1));
            edges.add(new Edge(run.times().endedAt().orElseThrow(), run, -1));
        });
        edges.sort(Comparator.comparing(Edge::at).thenComparing(Edge::change)); // an end makes room at its instant
        var atWork = new HashMap<String, Integer>();
        for (Edge edge : edges) {
            AgentName agent = edge.run().order().agent();
            assertThat(atWork.merge(agent.value(), edge.change(), Integer::sum)).isBetween(0, max);
            String name = edge.run().order().recipe().value();
            int limit = name.startsWith("parallel") ? Integer.MAX_VALUE : 1;
            assertThat(atWork.merge(name, edge.change(), Integer::sum)).as(name).isBetween(0, limit);
        }
    }

    private static boolean allOver(List<CompletableFuture<AdmissionResult>> admitted) {
        return admitted.stream()
                .allMatch(one -> one.isDone()
                        && (one.isCompletedExceptionally()
                                || !(one.join() instanceof AdmissionResult.Accepted accepted)
                                || accepted.over().isDone()));
    }

    private static List<Long> ids(List<CompletableFuture<AdmissionResult>> admitted) {
        return admitted.stream()
                .filter(one -> !one.isCompletedExceptionally())
                .map(CompletableFuture::join)
                .filter(AdmissionResult.Accepted.class::isInstance)
                .map(one -> ((AdmissionResult.Accepted) one).run().id())
                .toList();
    }
}
