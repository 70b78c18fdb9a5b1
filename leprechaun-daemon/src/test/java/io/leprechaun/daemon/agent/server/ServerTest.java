package io.leprechaun.daemon.agent.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.leprechaun.daemon.body.Body;
import io.leprechaun.daemon.execution.TestExecutions;
import io.leprechaun.daemon.history.FakeStore;
import io.leprechaun.daemon.hook.Gate;
import io.leprechaun.daemon.hook.Keyring;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.run.Pause;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.run.TestRecipes;
import io.leprechaun.daemon.settings.AgentName;
import io.leprechaun.daemon.settings.notify.NotifyRules;
import io.leprechaun.daemon.view.RunDocument;
import io.leprechaun.daemon.worker.Channel;
import io.leprechaun.daemon.worker.Dispatcher;
import io.leprechaun.daemon.worker.End;
import io.leprechaun.daemon.worker.Pauses;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class ServerTest {
    private static final String ID = "45DE2239F";
    private static final RunDocument DOCUMENTS = new RunDocument(ZoneId.of("UTC"));

    @TempDir
    private Path folder;

    private TestExecutions executions;
    private FakeStore store;
    private Dispatcher dispatcher;
    private Channel<Run> channel;
    private Channel<End> done;
    private Server server;
    private final AtomicReference<HookListener.HookDesk> hooks = new AtomicReference<>();
    private int listened;
    private final List<Runnable> later = new ArrayList<>();

    @BeforeEach
    void make() {
        executions = new TestExecutions(folder);
        store = new FakeStore();
        dispatcher = new Dispatcher(
                store,
                executions.at(InstantSource.system()),
                Pauses.of(store, DOCUMENTS.zone()),
                recipe -> NotifyRules.NOTHING);
        channel = Channel.lossless("test-errors", run -> {});
        done = Channel.lossless("test-done", end -> {});
        dispatcher.register(AgentName.SERVER, 1, 1, done, channel);
        dispatcher.open(AgentName.SERVER);
        var listener = new Ear();
        var gate = new Gate(new Keyring(Map.of("SECRET", "Jefe")));
        server = new Server(
                dispatcher,
                store,
                listener,
                DOCUMENTS,
                gate,
                InstantSource.system(),
                InstantSource.system(),
                1 << 30,
                later::add);
    }

    @AfterEach
    void end() throws InterruptedException {
        dispatcher.close(AgentName.SERVER, "the test is over");
        dispatcher.drain(AgentName.SERVER, true, "the test is over");
        dispatcher.shutDown("the test is over", Duration.ofSeconds(20));
        done.close();
        channel.close();
        executions.close();
        assertThat(store.wrong()).isEmpty();
    }

    private void start(String... lines) {
        server.start(List.of(hook("deploy", ID, lines)), "x");
    }

    private static Recipe hook(String name, String id, String... lines) {
        return TestRecipes.of(name, "definition: hook\nid: " + id + "\ngrace: 1s\n" + String.join("\n", lines) + "\n");
    }

    private HookAnswer ask(String id, String body, String wait) {
        return ask(id, body, wait, Map.of());
    }

    private HookAnswer ask(String id, String body, String wait, Map<String, String> headers) {
        var held = headers.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, header -> List.of(header.getValue())));
        HookAnswer accepted = hooks.get()
                .answer(new HookRequest(
                        Optional.ofNullable(id),
                        "POST",
                        held,
                        "",
                        body.isEmpty() ? Body.NONE : new Body.Held(body.getBytes(StandardCharsets.UTF_8)),
                        InetAddress.ofLiteral("192.0.2.7"),
                        Optional.ofNullable(wait).map(Duration::parse)));
        try {
            if (accepted.outcome().isEmpty()) {
                return accepted;
            }
            var outcome = accepted.outcome().get();
            return outcome.await(outcome.patience()).orElse(accepted);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private HookAnswer ask() {
        return ask(ID, "", null);
    }

    @Test
    void accepts_with_the_runs_number_once_it_is_on_disk() throws IOException {
        start("steps: [ 'true' ]");
        HookAnswer answer = ask(ID, "the body", null);

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.data().keySet().stream().map(String::valueOf)).containsExactly("run", "url");
        assertThat(answer.data().get("run")).isEqualTo(1L);
        assertThat(answer.data().get("url")).isNull();
        Run run = store.find(1).orElseThrow();
        assertThat(run.order().cause().requestedBy()).contains("192.0.2.7");
        assertThat(store.input(1).body().orElseThrow().bytes())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("the body");
    }

    @Test
    void an_unknown_or_missing_id_is_not_found_and_triggers_nothing() {
        start("steps: [ 'true' ]");
        for (String id : new String[] {null, "", "x", ID.toLowerCase(java.util.Locale.ROOT), ID + " "}) {
            HookAnswer answer = ask(id, "", null);
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.data()).isEqualTo(Map.of("error", "unknown hook, or access denied"));
        }
        assertThat(store.rows()).isEmpty();
    }

    @Test
    void a_full_queue_is_too_many_requests_and_leaves_a_record() {
        start("overlap: parallel", "steps: [ sleep 60 ]");
        assertThat(ask().status()).isEqualTo(202);
        assertThat(ask().status()).isEqualTo(202);
        HookAnswer full = ask();
        assertThat(full.status()).isEqualTo(429);
        assertThat(full.headers()).containsKey("Retry-After");
        assertThat(store.rows().getLast().state()).isEqualTo(RunState.REJECTED);
    }

    @Test
    void a_skipped_one_is_a_conflict_with_the_run_in_the_way() {
        start("overlap: skip", "steps: [ sleep 60 ]");
        ask();
        HookAnswer answer = ask();
        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.data().get("run")).isEqualTo(1L);
        assertThat(answer.data().get("error")).isEqualTo("run 1 has not ended (overlap: skip)");
    }

    @Test
    void paused_or_stopped_it_asks_to_try_again_and_keeps_its_port() {
        start("steps: [ 'true' ]");
        dispatcher.close(AgentName.SERVER, "server is paused by zoe");
        HookAnswer answer = ask();
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.headers()).containsKey("Retry-After");
        assertThat(store.rows().getLast().state()).isEqualTo(RunState.HELD);

        server.stop();
        assertThat(ask().status()).isEqualTo(503);
        dispatcher.open(AgentName.SERVER);
        start("steps: [ 'true' ]");
        assertThat(ask().status()).isEqualTo(202);
        assertThat(listened).isEqualTo(1);
    }

    @Test
    void a_hook_of_a_paused_recipe_is_asked_to_try_again_as_that_of_a_paused_server() {
        start("steps: [ 'true' ]");
        var deploy = new RecipeName("deploy");
        var pause = new Pause(Instant.EPOCH, Optional.empty(), "zoe", Optional.of("upgrade"));
        dispatcher.pauses().pause(deploy, pause).join();
        HookAnswer answer = ask();
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.headers()).containsKey("Retry-After");
        assertThat(answer.data().get("error")).isEqualTo("paused by zoe: upgrade");
        assertThat(store.rows().getLast().state()).isEqualTo(RunState.HELD);

        dispatcher.pauses().resume(deploy).join();
        assertThat(ask().status()).isEqualTo(202);
    }

    @Test
    void waits_for_the_outcome_as_long_as_is_said() {
        start("steps: [ 'true' ]");
        HookAnswer good = ask(ID, "", "PT20S");
        assertThat(good.status()).isEqualTo(200);
        assertThat(((Map<?, ?>) good.data().get("outcome")).get("state")).isEqualTo("succeeded");

        start("steps: [ exit 3 ]");
        HookAnswer bad = ask(ID, "", "PT20S");
        assertThat(bad.status()).isEqualTo(500);
        assertThat(((Map<?, ?>) bad.data().get("outcome")).keySet().stream().map(String::valueOf))
                .as("nothing of its commands and reasons")
                .containsExactly("state", "duration", "exit_code");
        assertThat(((Map<?, ?>) bad.data().get("outcome")).get("exit_code")).isEqualTo(3);

        start("steps: [ sleep 60 ]");
        HookAnswer late = ask(ID, "", "PT0.05S");
        assertThat(late.status()).isEqualTo(202);
        assertThat(late.data().get("run")).isEqualTo(3L);
    }

    @Test
    void what_the_store_cannot_keep_is_not_accepted() {
        start("steps: [ 'true' ]");
        store.failNext(1);
        HookAnswer answer = ask();
        assertThat(answer.status()).isEqualTo(507);
        assertThat(answer.headers()).containsKey("Retry-After");
        await().until(() -> dispatcher.stack(AgentName.SERVER).isEmpty());
        assertThat(store.rows()).isEmpty();
    }

    @Test
    void follows_the_recipes() {
        start("steps: [ 'true' ]");
        server.update(List.of(hook("other", "another-id", "steps: [ 'true' ]"), TestRecipes.steps("by-hand", "true")));
        assertThat(ask().status()).isEqualTo(404);
        assertThat(ask("another-id", "", null).status()).isEqualTo(202);
        assertThat(server.serves(hook("a", "some-hook", "steps: [ 'true' ]"))).isTrue();
        assertThat(server.serves(TestRecipes.steps("by-hand", "true"))).isFalse();
    }

    /** A listener that may refuse. */
    private final class Ear implements HookListener {
        private Optional<IOException> refusal = Optional.empty();
        private boolean open;

        @Override
        public void check() {
            // the settings are right
        }

        @Override
        public void listen(HookDesk desk) throws IOException {
            listened++;
            if (refusal.isPresent()) {
                throw refusal.get();
            }
            open = true;
            hooks.set(desk);
        }

        @Override
        public void close() {
            open = false;
        }
    }

    private Server on(Ear ear) {
        return new Server(
                dispatcher,
                store,
                ear,
                DOCUMENTS,
                new Gate(new Keyring(Map.of())),
                InstantSource.system(),
                InstantSource.system(),
                1 << 30,
                later::add);
    }

    @Test
    void a_port_that_cannot_be_had_breaks_the_agent_until_it_can() {
        var ear = new Ear();
        var broken = on(ear);
        ear.refusal = Optional.of(new HookListener.UnavailableException("cannot listen", new IOException("in use")));
        broken.start(List.of(hook("deploy", ID, "steps: [ 'true' ]")), "x");
        assertThat(broken.broken()).contains("cannot listen");
        later.removeFirst().run();
        assertThat(broken.broken()).contains("cannot listen");
        broken.update(List.of(hook("deploy", ID, "steps: [ 'true' ]")));
        assertThat(later)
                .as("one try at a time, however often the recipes change")
                .hasSize(1);
        ear.refusal = Optional.empty();
        later.removeFirst().run();
        assertThat(broken.broken()).isEmpty();
        assertThat(ear.open).isTrue();
        assertThat(later).isEmpty();
        assertThat(listened).isEqualTo(4);
    }

    @Test
    void a_port_that_cannot_be_as_the_settings_say_stops_the_start_and_can_be_tried_again() {
        var ear = new Ear();
        var refusing = on(ear);
        ear.refusal = Optional.of(new IOException("no such certificate"));
        assertThatThrownBy(() -> refusing.start(List.of(hook("deploy", ID, "steps: [ 'true' ]")), "x"))
                .isInstanceOf(UncheckedIOException.class)
                .hasRootCauseMessage("no such certificate");
        ear.refusal = Optional.empty();
        refusing.start(List.of(hook("deploy", ID, "steps: [ 'true' ]")), "x");
        assertThat(ear.open).isTrue();
    }

    @Test
    void the_port_is_open_while_a_recipe_takes_hooks() {
        var ear = new Ear();
        var agent = on(ear);
        agent.start(List.of(TestRecipes.steps("by-hand", "true")), "x");
        assertThat(ear.open).isFalse();
        agent.update(List.of(hook("deploy", ID, "steps: [ 'true' ]")));
        assertThat(ear.open).isTrue();
        agent.update(List.of());
        assertThat(ear.open).as("a file may be on its way").isTrue();
        agent.update(List.of(hook("deploy", ID, "steps: [ 'true' ]")));
        later.removeFirst().run();
        assertThat(ear.open).isTrue();
        agent.update(List.of());
        later.removeFirst().run();
        assertThat(ear.open).isFalse();
        agent.update(List.of(hook("deploy", ID, "steps: [ 'true' ]")));
        assertThat(ear.open).isTrue();
    }
}
