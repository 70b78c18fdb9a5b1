package io.leprechaun.daemon.desk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.leprechaun.api.Access;
import io.leprechaun.api.Call;
import io.leprechaun.api.Caller;
import io.leprechaun.api.ExitCode;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.Registrator;
import io.leprechaun.api.Reply;
import io.leprechaun.api.Screen;
import io.leprechaun.daemon.agent.Status;
import io.leprechaun.daemon.execution.TestExecutions;
import io.leprechaun.daemon.history.FakeStore;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.TriggerKind;
import io.leprechaun.daemon.recipe.folder.RecipeBook;
import io.leprechaun.daemon.run.Cause;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunSpec;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.run.TestRecipes;
import io.leprechaun.daemon.settings.AgentName;
import io.leprechaun.daemon.settings.NotifyRules;
import io.leprechaun.daemon.view.RunDocument;
import io.leprechaun.daemon.worker.Channel;
import io.leprechaun.daemon.worker.Dispatcher;
import io.leprechaun.daemon.worker.End;
import io.leprechaun.daemon.worker.Pauses;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The book and the history, asked as the API asks them. */
@Timeout(180)
class DeskTest {
    private static final AgentName SCHEDULER = new AgentName("scheduler");
    private static final RunDocument DOCUMENTS = new RunDocument(ZoneId.of("UTC"));

    @TempDir
    private Path folder;

    private TestExecutions executions;
    private FakeStore store;
    private Dispatcher dispatcher;
    private Channel<Run> channel;
    private Channel<End> done;
    private Status status = Status.STARTED;
    private Registrator book;
    private Registrator history;

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
        dispatcher.employ(SCHEDULER, 2, 1, done, channel);
        dispatcher.open(SCHEDULER);
        desk(
                TestRecipes.steps("backup", "true"),
                TestRecipes.steps("backup-db", "true"),
                TestRecipes.steps("failing", "exit 3"),
                TestRecipes.of("sleeping", "overlap: skip\ngrace: 1s\nsteps: [ echo begun; sleep 60 ]\n"),
                TestRecipes.steps("three", "echo 1", "echo 2", "echo 3"));
    }

    private void desk(Recipe... recipes) {
        var entries = Stream.of(recipes)
                .map(recipe -> new RecipeBook.Entry(
                        recipe.name().value(), recipe.origin().file(), Optional.of(recipe), List.of()))
                .toList();
        var recipeBook = new RecipeBook(folder, entries, Optional.empty());
        var desk = new Desk(() -> recipeBook, store, dispatcher, DOCUMENTS, executions.at(InstantSource.system()));
        var ownHistory = new History(desk, call -> {
            throw new AssertionError("a store in memory occupies nothing");
        });
        history = ownHistory;
        book = new Book(
                desk,
                new Book.Agents(
                        recipe -> List.of(SCHEDULER),
                        recipe -> SCHEDULER,
                        List::of,
                        agent -> status,
                        (recipe, at) -> List.of()),
                ownHistory,
                new Pausing(desk, List.of()),
                recipe -> List.of());
    }

    @AfterEach
    void end() throws InterruptedException {
        store.hold(false);
        while (store.commit()) {}
        dispatcher.close(SCHEDULER, "the test is over");
        dispatcher.drain(SCHEDULER, true, "the test is over");
        dispatcher.shutDown("the test is over", Duration.ofSeconds(20));
        done.close();
        channel.close();
        executions.close();
        assertThat(store.wrong()).isEmpty();
    }

    private static Reply ask(Registrator who, String command, String... arguments) {
        return who.handlers().stream()
                .filter(handler -> handler.command().equals(command))
                .findFirst()
                .orElseThrow()
                .answer()
                .apply(new Call(List.of(arguments), new Caller("zoe", Access.CHANGE)));
    }

    private static String say(Reply reply) {
        return ((Reply.Document) reply).text().render(Screen.PLAIN);
    }

    private static Problem problem(Registrator who, String command, String... arguments) {
        try {
            ask(who, command, arguments);
        } catch (ProblemException e) {
            return e.problem();
        }
        throw new AssertionError("no problem");
    }

    private static String id(Reply reply) {
        return ((Reply.Document) reply).ids().getFirst();
    }

    private String logs(String... arguments) {
        var out = new ByteArrayOutputStream();
        write(out, arguments);
        return out.toString(StandardCharsets.UTF_8);
    }

    private void write(OutputStream out, String... arguments) {
        try {
            ((Reply.Stream) ask(history, "logs", arguments)).body().writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void runs_a_recipe_and_tells_its_number() {
        Reply reply = ask(book, "run", "backup");
        assertThat(reply.code()).isEqualTo(ExitCode.OK);
        assertThat(say(ask(history, "wait", id(reply)))).startsWith("run " + id(reply) + " of backup succeeded");
    }

    @Test
    void waits_for_the_end_and_answers_with_its_code() {
        Reply reply = ask(book, "run", "--wait", "failing");
        assertThat(reply.code()).isEqualTo(ExitCode.FAILED);
        assertThat(say(reply)).contains("failed").contains("step 1: exit 3");
    }

    @Test
    void waits_as_long_as_is_said_and_the_run_goes_on() {
        String id = id(ask(book, "run", "sleeping"));
        awaitPrinted(id);
        assertThat(problem(history, "wait", "--timeout", "10ms", id).code()).isEqualTo(ExitCode.TIMED_OUT);
        assertThat(problem(history, "wait", "--timeout", "P999999999D", id + "0")
                        .code())
                .isEqualTo(ExitCode.NOT_FOUND);
        assertThat(problem(book, "run", "sleeping").code()).isEqualTo(ExitCode.REFUSED);
        assertThat(dispatcher.stack(SCHEDULER)).hasSize(1);
    }

    private void awaitPrinted(String id) {
        await().until(() ->
                Files.exists(executions.outputs().file(Long.parseLong(id), 1, 1)) && logs(id).contains("begun"));
    }

    @Test
    void to_wait_for_what_has_just_ended_is_to_wait_until_that_is_on_disk() throws Exception {
        String id = id(ask(book, "run", "sleeping"));
        awaitPrinted(id);
        store.hold(true);
        dispatcher.kill(Long.parseLong(id), "zoe");
        await().until(() -> store.waiting() == 2);
        var waited = new CompletableFuture<Reply>();
        Thread.ofVirtual().start(() -> waited.complete(ask(history, "wait", id)));
        store.hold(false);
        while (store.commit()) {}
        assertThat(say(waited.get(60, TimeUnit.SECONDS))).contains("was killed");
        assertThat(waited.get().code()).isEqualTo(ExitCode.FAILED);
    }

    @Test
    void what_changes_takes_whole_names_and_what_reads_takes_their_unique_beginning() {
        assertThat(problem(book, "run", "fail").code()).isEqualTo(ExitCode.NOT_FOUND);
        assertThat(say(ask(book, "show", "fail"))).contains("failing");
        assertThat(say(ask(book, "show", "backup")))
                .as("whole, though also a beginning")
                .contains("backup");
        Problem ambiguous = problem(book, "show", "back");
        assertThat(ambiguous.code()).isEqualTo(ExitCode.USAGE);
        assertThat(ambiguous.detail()).isEqualTo("'back' may be backup or backup-db: write more of it");
        assertThat(problem(book, "show", "").code()).isEqualTo(ExitCode.NOT_FOUND);
        assertThat(problem(book, "show", "nobody").code()).isEqualTo(ExitCode.NOT_FOUND);
        assertThat(problem(history, "kill", "sleep").code()).isEqualTo(ExitCode.NOT_FOUND);
    }

    @Test
    void digits_are_a_run_and_nothing_else() {
        String id = id(ask(book, "run", "--wait", "backup"));
        assertThat(((Reply.Document) ask(history, "show", id)).ids()).containsExactly(id);
        assertThat(problem(history, "show", "4711").detail()).isEqualTo("there is no run 4711: see `leprechaun runs`");
        assertThat(problem(history, "show", "99999999999999999999").code()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void the_runs_of_a_recipe_that_is_gone_can_still_be_read() {
        String id = id(ask(book, "run", "--wait", "three"));
        desk(TestRecipes.steps("other", "true"));
        assertThat(((Reply.Document) ask(history, "list", "three")).ids()).containsExactly(id);
        assertThat(logs("three")).isEqualTo("1\n2\n3\n");
        assertThat(problem(book, "run", "three").code()).isEqualTo(ExitCode.NOT_FOUND);
    }

    @Test
    void the_log_of_a_recipe_is_that_of_its_newest_run_that_was_one() {
        ask(book, "run", "--wait", "three");
        Recipe three = TestRecipes.steps("three", "echo 1");
        var order = new RunSpec(
                three.name(), "v", SCHEDULER, 0, Cause.due(TriggerKind.CRON, Instant.parse("2026-11-23T12:00:00Z")));
        store.refuse(Run.refused(order, RunState.HELD, "paused", Run.Repeat.ONCE, Instant.EPOCH), NotifyRules.NOTHING)
                .join();

        assertThat(logs("three")).isEqualTo("1\n2\n3\n");
        assertThat(logs("three", "--step", "2")).isEqualTo("2\n");
        assertThat(logs("three", "--from", "1")).isEqualTo("\n2\n3\n");
        assertThat(logs("three", "--step", "3", "--from", "1")).isEqualTo("\n");
    }

    @Test
    void follows_step_after_step_to_the_end() throws Exception {
        desk(TestRecipes.of(
                "slow",
                "steps:\n- echo 1; while ! test -e go1; do sleep 0.01; done; echo 1\n- echo 2; while ! test -e go2; do"
                        + " sleep 0.01; done; echo 2\n- -> echo 3\n- echo 4\n"));
        String id = id(ask(book, "run", "slow"));
        var out = new ByteArrayOutputStream();
        var followed = new CompletableFuture<Void>();
        Thread.ofVirtual().start(() -> {
            write(out, "-f", id);
            followed.complete(null);
        });
        await().until(() -> out.toString(StandardCharsets.UTF_8).equals("1\n"));
        Files.createFile(folder.resolve("go1"));
        await().until(() -> out.toString(StandardCharsets.UTF_8).equals("1\n1\n2\n"));
        assertThat(followed).isNotDone();
        Files.createFile(folder.resolve("go2"));
        followed.get(60, TimeUnit.SECONDS);
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("1\n1\n2\n2\n3\n4\n");
    }

    @Test
    void following_leaves_out_nothing_while_the_end_is_not_on_disk() throws Exception {
        for (int round = 0; round < 5; round++) {
            store.hold(true);
            var run = new CompletableFuture<Reply>();
            Thread.ofVirtual().start(() -> run.complete(ask(book, "run", "three")));
            await().pollInterval(Duration.ofMillis(1)).until(() -> store.waiting() == 1);
            store.commit();
            String id = id(run.get(60, TimeUnit.SECONDS));
            await().pollInterval(Duration.ofMillis(1)).until(() -> store.waiting() == 1); // the end, not on disk
            var followed = new CompletableFuture<String>();
            Thread.ofVirtual().start(() -> followed.complete(logs("-f", id)));
            assertThat(logs(id)).isEqualTo("1\n2\n3\n");
            store.hold(false);
            store.commit();
            assertThat(followed.get(60, TimeUnit.SECONDS)).isEqualTo("1\n2\n3\n");
        }
    }

    @Test
    void following_what_waits_waits_until_it_is_over() throws Exception {
        ask(book, "run", "sleeping");
        desk(
                TestRecipes.of("quick", "steps: [ 'echo mine' ]\noverlap: queue\n"),
                TestRecipes.steps("busy", "sleep 60"));
        ask(book, "run", "busy");
        String id = id(ask(book, "run", "quick"));
        var followed = new CompletableFuture<String>();
        Thread.ofVirtual().start(() -> followed.complete(logs("-f", id)));
        ask(history, "kill", "busy");
        assertThat(followed.get(60, TimeUnit.SECONDS)).isEqualTo("mine\n");
    }

    @Test
    void a_reader_who_has_gone_ends_the_following() {
        String id = id(ask(book, "run", "three"));
        var gone = new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> write(gone, "-f", id))
                .isInstanceOf(UncheckedIOException.class);
        ask(history, "wait", id);
    }

    @Test
    void an_offset_that_is_none_is_wrong_usage() {
        ask(book, "run", "--wait", "three");
        assertThat(problem(history, "logs", "three", "--from", "18446744073709551615")
                        .code())
                .isEqualTo(ExitCode.USAGE);
        assertThat(problem(history, "logs", "three", "--step", "0").code()).isEqualTo(ExitCode.USAGE);
        assertThat(logs("three", "--step", "9")).isEmpty();
        assertThat(logs("three", "--from", "1000", "--step", "1")).isEmpty();
    }

    @Test
    void kills_by_number_and_by_name_and_says_when_there_is_nothing_to_kill() {
        String id = id(ask(book, "run", "sleeping"));
        assertThat(say(ask(history, "kill", id))).contains("killed by zoe");
        assertThat(problem(history, "kill", id).code()).isEqualTo(ExitCode.REFUSED);
        ask(book, "run", "sleeping");
        assertThat(say(ask(history, "kill", "sleeping"))).contains("killed by zoe");
        assertThat(problem(history, "kill", "sleeping").detail()).isEqualTo("no run of sleeping is under way");
    }

    @Test
    void lists_runs_with_the_newest_last_and_failures_alone() {
        ask(book, "run", "--wait", "backup");
        ask(book, "run", "--wait", "failing");
        assertThat(((Reply.Document) ask(history, "list")).ids()).containsExactly("2", "1");
        assertThat(say(ask(history, "list")).lines().map(line -> line.strip().substring(0, 1)))
                .containsExactly("R", "1", "2");
        assertThat(((Reply.Document) ask(history, "list", "--failed")).ids()).containsExactly("2");
        assertThat(((Reply.Document) ask(history, "list", "-n", "1")).ids()).containsExactly("2");
        assertThat(((Reply.Document) ask(history, "list", "--since", "1h", "backup")).ids())
                .containsExactly("1");
        assertThat(problem(history, "list", "--since", "soon").code()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void refused_by_policy_it_says_which() {
        ask(book, "run", "sleeping");
        Problem skipped = problem(book, "run", "sleeping");
        assertThat(skipped.status()).isEqualTo(409);
        assertThat(skipped.detail())
                .isEqualTo("sleeping was skipped: run 1 is not over (overlap: skip); `leprechaun run sleeping --force`"
                        + " runs it all the same");
        dispatcher.close(SCHEDULER, "scheduler is paused by adam");
        status = Status.PAUSED;
        assertThat(problem(book, "run", "backup").detail()).isEqualTo("backup was held: scheduler is paused by adam");
    }

    @Test
    void lists_recipes_in_the_shape_that_is_promised() {
        ask(book, "run", "--wait", "failing");
        var recipes = (List<?>) ((Reply.Document) ask(book, "list")).data().get("recipes");
        var failing = (Map<?, ?>) recipes.get(2);
        assertThat(failing.keySet().stream().map(String::valueOf))
                .containsExactly("name", "agents", "status", "paused", "next", "last", "recent", "file", "problem");
        assertThat(failing.get("status")).isEqualTo("ok");
        assertThat(((Map<?, ?>) failing.get("last")).get("state")).isEqualTo("failed");
    }
}
