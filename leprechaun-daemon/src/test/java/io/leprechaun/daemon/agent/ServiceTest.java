package io.leprechaun.daemon.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.leprechaun.api.Access;
import io.leprechaun.api.Call;
import io.leprechaun.api.Caller;
import io.leprechaun.api.ExitCode;
import io.leprechaun.api.Handler;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.Reply;
import io.leprechaun.api.text.Screen;
import io.leprechaun.daemon.execution.TestExecutions;
import io.leprechaun.daemon.history.FakeStore;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.TriggerKind;
import io.leprechaun.daemon.run.Cause;
import io.leprechaun.daemon.run.Input;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.run.TestRecipes;
import io.leprechaun.daemon.settings.AgentName;
import io.leprechaun.daemon.settings.notify.NotifyRules;
import io.leprechaun.daemon.view.RunDocument;
import io.leprechaun.daemon.worker.AdmissionResult;
import io.leprechaun.daemon.worker.Channel;
import io.leprechaun.daemon.worker.Dispatcher;
import io.leprechaun.daemon.worker.End;
import io.leprechaun.daemon.worker.Pauses;
import io.leprechaun.daemon.worker.RunRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
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
class ServiceTest {
    private static final AgentName NAME = new AgentName("scheduler");
    private static final RunDocument DOCUMENTS = new RunDocument(ZoneId.of("UTC"));
    private static final Recipe RECIPE = TestRecipes.of("nightly", "grace: 1s\nsteps: [ sleep 60 ]\n");

    @TempDir
    private static Path folder;

    private TestExecutions executions;
    private FakeStore store;
    private Dispatcher dispatcher;
    private Channel<Run> channel;
    private Channel<End> done;
    private Service service;
    private final List<String> events = new CopyOnWriteArrayList<>();
    private final AtomicInteger reread = new AtomicInteger();

    @BeforeAll
    void open() {
        executions = new TestExecutions(folder);
    }

    @AfterAll
    void close() {
        executions.close();
    }

    @BeforeEach
    void make() {
        store = new FakeStore();
        dispatcher = new Dispatcher(
                store,
                executions.at(InstantSource.system()),
                Pauses.of(store, DOCUMENTS.zone()),
                recipe -> NotifyRules.NOTHING);
        channel = Channel.lossless("test-errors", run -> {});
        done = Channel.lossless("test-done", end -> {});
        dispatcher.register(NAME, 1, 2, done, channel);
        service = new Service(
                new FakeAgent(),
                dispatcher,
                () -> List.of(RECIPE),
                reread::incrementAndGet,
                DOCUMENTS,
                new Service.ServiceContext(
                        store,
                        InstantSource.system(),
                        executions.at(InstantSource.system()).alarms()));
        events.clear();
        reread.set(0);
    }

    @AfterEach
    void end() throws InterruptedException {
        dispatcher.close(NAME, "the test is over");
        dispatcher.drain(NAME, true, "the test is over");
        dispatcher.shutDown("the test is over", Duration.ofSeconds(20));
        done.close();
        channel.close();
        assertThat(store.wrong()).isEmpty();
    }

    /** An agent that fires once as soon as it is started, as a schedule of zeros does. */
    private final class FakeAgent implements Agent {
        @Override
        public AgentName name() {
            return NAME;
        }

        @Override
        public boolean serves(Recipe recipe) {
            return true;
        }

        @Override
        public void start(List<Recipe> recipes, String why) {
            events.add("start: " + why);
            events.add(submit().getClass().getSimpleName());
        }

        @Override
        public void update(List<Recipe> recipes) {
            events.add("update");
        }

        @Override
        public void stop() {
            events.add("stop");
        }

        @Override
        public List<Handler> handlers() {
            return List.of(new Handler("next", Access.READ, call -> {
                throw new UnsupportedOperationException();
            }));
        }
    }

    private AdmissionResult submit() {
        return dispatcher
                .submit(new RunRequest(RECIPE, NAME, Cause.requested(TriggerKind.MANUAL, "zoe"), Input.NONE))
                .orTimeout(60, TimeUnit.SECONDS)
                .join();
    }

    private Reply.Document call(String command, String... arguments) {
        return (Reply.Document) service.handlers().stream()
                .filter(handler -> handler.command().equals(command))
                .findFirst()
                .orElseThrow()
                .answer()
                .apply(new Call(List.of(arguments), new Caller("zoe", Access.CHANGE)));
    }

    private String say(String command, String... arguments) {
        return call(command, arguments).text().render(Screen.PLAIN);
    }

    private static ProblemException problem(Runnable call) {
        try {
            call.run();
        } catch (ProblemException e) {
            return e;
        }
        throw new AssertionError("no problem");
    }

    @Test
    void what_an_agent_makes_due_at_its_very_start_is_taken() {
        service.begin("the daemon was not running");

        assertThat(events).containsExactly("start: the daemon was not running", "Accepted");
        assertThat(dispatcher.stack(NAME)).hasSize(1);
    }

    @Test
    void offers_what_every_agent_does_and_what_its_own_does() {
        assertThat(service.handlers())
                .extracting(Handler::command)
                .containsExactly(
                        "info",
                        "start",
                        "stop",
                        "pause",
                        "recipes",
                        "workers:list",
                        "workers:kill",
                        "queue:list",
                        "queue:drop",
                        "next");
    }

    @Test
    void tells_of_itself() {
        service.begin("x");
        submit();
        var info = new HashMap<String, @Nullable Object>(
                Map.of("agent", NAME.value(), "status", "started", "running", 1, "queued", 1, "recipes", 1, "max", 1));
        info.put("queue", 2);
        info.put("paused", null);
        assertThat(call("info").data()).isEqualTo(info);
        assertThat(call("recipes").data()).isEqualTo(Map.of("recipes", List.of("nightly")));
        assertThat(call("recipes").ids()).containsExactly("nightly");
    }

    @Test
    void pauses_and_goes_on() {
        service.begin("x");
        assertThat(say("pause")).isEqualTo("scheduler paused: due runs are held until `leprechaun scheduler start`\n");
        assertThat(service.status()).isEqualTo(Status.PAUSED);
        AdmissionResult.NotStarted held = (AdmissionResult.NotStarted) submit();
        assertThat(held.state()).isEqualTo(RunState.HELD);
        assertThat(held.reason()).isEqualTo("scheduler is paused by zoe");
        assertThat(dispatcher.stack(NAME)).as("what works goes on").hasSize(1);
        assertThat(say("pause"))
                .isEqualTo("scheduler paused again: due runs are held until `leprechaun scheduler start`\n");

        service.update();
        assertThat(say("start")).isEqualTo("scheduler started\n");
        assertThat(reread).hasValue(0);
        assertThat(events).as("it was never stopped").containsExactly("start: x", "Accepted", "update");
        assertThat(say("start")).isEqualTo("scheduler is already started\n");
    }

    @Test
    void stops_at_once_on_request_and_starts_again_with_the_recipes_read_anew() {
        service.begin("x");
        long queued = ((AdmissionResult.Accepted) submit()).run().id();
        assertThat(say("stop", "--now")).isEqualTo("scheduler stopped\n");
        assertThat(service.status()).isEqualTo(Status.STOPPED);
        assertThat(dispatcher.stack(NAME)).isEmpty();
        assertThat(dispatcher.queue(NAME))
                .extracting(worker -> worker.run().id())
                .containsExactly(queued);
        assertThat(store.rows().getFirst().reason()).contains("scheduler was stopped by zoe");
        assertThat(((AdmissionResult.NotStarted) submit()).reason()).isEqualTo("scheduler is stopped by zoe");
        service.update();
        assertThat(problem(() -> say("pause")).problem().code()).isEqualTo(ExitCode.REFUSED);

        assertThat(say("start")).isEqualTo("scheduler started\n");
        assertThat(reread).hasValue(1);
        assertThat(events).containsExactly("start: x", "Accepted", "stop", "start: scheduler was stopped", "Accepted");
        await().until(() -> dispatcher.stack(NAME).stream()
                .map(worker -> worker.run().id())
                .toList()
                .equals(List.of(queued)));
    }

    @Test
    void stop_waits_for_those_at_work() throws Exception {
        service.begin("x");
        long working = dispatcher.stack(NAME).getFirst().run().id();
        var stopped = new java.util.concurrent.CompletableFuture<String>();
        Thread.ofVirtual().start(() -> stopped.complete(say("stop")));
        await().until(() -> service.status() == Status.STOPPED);
        assertThat(stopped).isNotDone();
        dispatcher.kill(working, "adam");
        assertThat(stopped.get(60, TimeUnit.SECONDS)).isEqualTo("scheduler stopped\n");
    }

    @Test
    void lists_and_kills_workers_by_name_and_by_number() {
        service.begin("x");
        long queued = ((AdmissionResult.Accepted) submit()).run().id();
        var item = ((Iterable<?>) call("workers:list").data().get("workers"))
                .iterator()
                .next();
        assertThat(((Map<?, ?>) item).keySet().stream().map(String::valueOf))
                .containsExactly("name", "run", "recipe", "step", "started_at");
        var waiting = ((Iterable<?>) call("queue:list").data().get("queue"))
                .iterator()
                .next();
        assertThat(((Map<?, ?>) waiting).keySet().stream().map(String::valueOf))
                .containsExactly("name", "run", "recipe", "step", "queued_at");

        assertThat(say("workers:kill", "nightly")).contains("was killed").contains("killed by zoe");
        assertThat(say("workers:kill", Long.toString(queued))).contains("run " + queued);
        assertThat(problem(() -> say("workers:kill", "nightly")).problem().code())
                .isEqualTo(ExitCode.NOT_FOUND);
        assertThat(problem(() -> say("workers:kill")).problem().code()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void drops_what_waits() {
        service.begin("x");
        long queued = ((AdmissionResult.Accepted) submit()).run().id();
        assertThat(say("queue:drop", Long.toString(queued))).contains("dropped from the queue by zoe");
        assertThat(problem(() -> say("queue:drop", Long.toString(queued)))
                        .problem()
                        .code())
                .isEqualTo(ExitCode.NOT_FOUND);
        assertThat(problem(() -> say("queue:drop", "nightly")).problem().code()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void every_command_refuses_a_word_too_many() {
        for (Handler handler : service.handlers()) {
            if (!handler.command().equals("next")) {
                assertThatThrownBy(() -> call(handler.command(), "one", "two")).isInstanceOf(ProblemException.class);
                assertThatThrownBy(() -> call(handler.command(), "--nonsense")).isInstanceOf(ProblemException.class);
            }
        }
    }

    @Test
    void stopped_and_started_by_many_at_once_it_ends_up_in_one_state() {
        service.begin("x");
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < 20; i++) {
            String command = i % 2 == 0 ? "start" : "stop";
            threads.add(Thread.ofVirtual().start(() -> say(command, i(command))));
        }
        await().until(() -> threads.stream().noneMatch(Thread::isAlive));
        say("start");
        long starts = events.stream().filter(event -> event.startsWith("start")).count();
        long stops = events.stream().filter(event -> event.equals("stop")).count();
        assertThat(starts - stops).as("started once more than stopped").isEqualTo(1);
    }

    private static String[] i(String command) {
        return command.equals("stop") ? new String[] {"--now"} : new String[0];
    }
}
