package io.leprechaun.daemon.command;

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
import io.leprechaun.api.text.Screen;
import io.leprechaun.daemon.agent.NextTable;
import io.leprechaun.daemon.agent.Status;
import io.leprechaun.daemon.desk.AgentServices;
import io.leprechaun.daemon.desk.Agents;
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
import io.leprechaun.daemon.settings.notify.NotifyRules;
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

/** The commands about recipes and runs, called as the API calls them. */
@Timeout(180)
class RecipeAndRunCommandsTest {
    private static final AgentName SCHEDULER = new AgentName("scheduler");
    private static final String BOOK = "book";
    private static final String HISTORY = "history";
    private static final RunDocument DOCUMENTS = new RunDocument(ZoneId.of("UTC"));

    @TempDir
    private Path folder;

    private TestExecutions executions;
    private FakeStore store;
    private Dispatcher dispatcher;
    private Channel<Run> channel;
    private Channel<End> done;
    private Status status = Status.STARTED;
    private List<Registrator> commands;

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
        dispatcher.register(SCHEDULER, 2, 1, done, channel);
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
                .map(recipe -> new RecipeBook.BookEntry(
                        recipe.name().value(), recipe.origin().file(), Optional.of(recipe), List.of()))
                .toList();
        var recipeBook = new RecipeBook(folder, entries, Optional.empty());
        commands = new TestCommands(store, dispatcher, executions.at(InstantSource.system()), DOCUMENTS)
                .of(() -> recipeBook, new SchedulerAlone(), AgentServices.NONE);
    }

    /** Every recipe is the scheduler's. */
    private final class SchedulerAlone implements Agents {
        @Override
        public List<AgentName> names(Recipe recipe) {
            return List.of(SCHEDULER);
        }

        @Override
        public AgentName workers(Recipe recipe) {
            return SCHEDULER;
        }

        @Override
        public List<NextTable.Timed> timed() {
            return List.of();
        }

        @Override
        public Status status(AgentName agent) {
            return status;
        }

        @Override
        public List<String> closed(Recipe recipe, Instant at) {
            return List.of();
        }
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

    private Reply ask(String who, String command, String... arguments) {
        return commands.stream()
                .filter(registrator -> registrator.name().equals(who))
                .flatMap(registrator -> registrator.handlers().stream())
                .filter(handler -> handler.command().equals(command))
                .findFirst()
                .orElseThrow()
                .answer()
                .apply(new Call(List.of(arguments), new Caller("zoe", Access.CHANGE)));
    }

    private static String say(Reply reply) {
        return ((Reply.Document) reply).text().render(Screen.PLAIN);
    }

    private Problem problem(String who, String command, String... arguments) {
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
            ((Reply.Stream) ask(HISTORY, "logs", arguments)).body().writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void runs_a_recipe_and_tells_its_number() {
        Reply reply = ask(BOOK, "run", "backup");
        assertThat(reply.code()).isEqualTo(ExitCode.OK);
        assertThat(say(ask(HISTORY, "wait", id(reply)))).startsWith("run " + id(reply) + " of backup succeeded");
    }

    @Test
    void waits_for_the_end_and_answers_with_its_code() {
        Reply reply = ask(BOOK, "run", "--wait", "failing");
        assertThat(reply.code()).isEqualTo(ExitCode.FAILED);
        assertThat(say(reply)).contains("failed").contains("step 1: exit 3");
    }

    @Test
    void waits_as_long_as_is_said_and_the_run_goes_on() {
        String id = id(ask(BOOK, "run", "sleeping"));
        awaitPrinted(id);
        assertThat(problem(HISTORY, "wait", "--timeout", "10ms", id).code()).isEqualTo(ExitCode.TIMED_OUT);
        assertThat(problem(HISTORY, "wait", "--timeout", "P999999999D", id + "0")
                        .code())
                .isEqualTo(ExitCode.NOT_FOUND);
        assertThat(problem(BOOK, "run", "sleeping").code()).isEqualTo(ExitCode.REFUSED);
        assertThat(dispatcher.stack(SCHEDULER)).hasSize(1);
    }

    private void awaitPrinted(String id) {
        await().until(() ->
                Files.exists(executions.outputs().file(Long.parseLong(id), 1, 1)) && logs(id).contains("begun"));
    }

    @Test
    void to_wait_for_what_has_just_ended_is_to_wait_until_that_is_on_disk() throws Exception {
        String id = id(ask(BOOK, "run", "sleeping"));
        awaitPrinted(id);
        store.hold(true);
        dispatcher.kill(Long.parseLong(id), "zoe");
        await().until(() -> store.waiting() == 2);
        var waited = new CompletableFuture<Reply>();
        Thread.ofVirtual().start(() -> waited.complete(ask(HISTORY, "wait", id)));
        store.hold(false);
        while (store.commit()) {}
        assertThat(say(waited.get(60, TimeUnit.SECONDS))).contains("was killed");
        assertThat(waited.get().code()).isEqualTo(ExitCode.FAILED);
    }

    @Test
    void what_changes_takes_whole_names_and_what_reads_takes_their_unique_beginning() {
        assertThat(problem(BOOK, "run", "fail").code()).isEqualTo(ExitCode.NOT_FOUND);
        assertThat(say(ask(BOOK, "show", "fail"))).contains("failing");
        assertThat(say(ask(BOOK, "show", "backup")))
                .as("whole, though also a beginning")
                .contains("backup");
        Problem ambiguous = problem(BOOK, "show", "back");
        assertThat(ambiguous.code()).isEqualTo(ExitCode.USAGE);
        assertThat(ambiguous.detail()).isEqualTo("ambiguous name 'back': use backup or backup-db");
        assertThat(problem(BOOK, "show", "").code()).isEqualTo(ExitCode.NOT_FOUND);
        assertThat(problem(BOOK, "show", "nobody").code()).isEqualTo(ExitCode.NOT_FOUND);
        assertThat(problem(HISTORY, "kill", "sleep").code()).isEqualTo(ExitCode.NOT_FOUND);
    }

    @Test
    void digits_are_a_run_and_nothing_else() {
        String id = id(ask(BOOK, "run", "--wait", "backup"));
        assertThat(((Reply.Document) ask(HISTORY, "show", id)).ids()).containsExactly(id);
        assertThat(problem(HISTORY, "show", "4711").detail()).isEqualTo("there is no run 4711: see `leprechaun runs`");
        assertThat(problem(HISTORY, "show", "99999999999999999999").code()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void the_runs_of_a_recipe_that_is_gone_can_still_be_read() {
        String id = id(ask(BOOK, "run", "--wait", "three"));
        desk(TestRecipes.steps("other", "true"));
        assertThat(((Reply.Document) ask(HISTORY, "list", "three")).ids()).containsExactly(id);
        assertThat(logs("three")).isEqualTo("1\n2\n3\n");
        assertThat(problem(BOOK, "run", "three").code()).isEqualTo(ExitCode.NOT_FOUND);
    }

    @Test
    void the_log_of_a_recipe_is_that_of_its_newest_run_that_was_one() {
        ask(BOOK, "run", "--wait", "three");
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
        String id = id(ask(BOOK, "run", "slow"));
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
            Thread.ofVirtual().start(() -> run.complete(ask(BOOK, "run", "three")));
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
        ask(BOOK, "run", "sleeping");
        desk(
                TestRecipes.of("quick", "steps: [ 'echo mine' ]\noverlap: queue\n"),
                TestRecipes.steps("busy", "sleep 60"));
        ask(BOOK, "run", "busy");
        String id = id(ask(BOOK, "run", "quick"));
        var followed = new CompletableFuture<String>();
        Thread.ofVirtual().start(() -> followed.complete(logs("-f", id)));
        ask(HISTORY, "kill", "busy");
        assertThat(followed.get(60, TimeUnit.SECONDS)).isEqualTo("mine\n");
    }

    @Test
    void a_reader_who_has_gone_ends_the_following() {
        String id = id(ask(BOOK, "run", "three"));
        var gone = new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> write(gone, "-f", id))
                .isInstanceOf(UncheckedIOException.class);
        ask(HISTORY, "wait", id);
    }

    @Test
    void an_offset_that_is_none_is_wrong_usage() {
        ask(BOOK, "run", "--wait", "three");
        assertThat(problem(HISTORY, "logs", "three", "--from", "18446744073709551615")
                        .code())
                .isEqualTo(ExitCode.USAGE);
        assertThat(problem(HISTORY, "logs", "three", "--step", "0").code()).isEqualTo(ExitCode.USAGE);
        assertThat(logs("three", "--step", "9")).isEmpty();
        assertThat(logs("three", "--from", "1000", "--step", "1")).isEmpty();
    }

    @Test
    void kills_by_number_and_by_name_and_says_when_there_is_nothing_to_kill() {
        String id = id(ask(BOOK, "run", "sleeping"));
        assertThat(say(ask(HISTORY, "kill", id))).contains("killed by zoe");
        assertThat(problem(HISTORY, "kill", id).code()).isEqualTo(ExitCode.REFUSED);
        ask(BOOK, "run", "sleeping");
        assertThat(say(ask(HISTORY, "kill", "sleeping"))).contains("killed by zoe");
        assertThat(problem(HISTORY, "kill", "sleeping").detail()).isEqualTo("sleeping has no unfinished run");
    }

    @Test
    void lists_runs_with_the_newest_last_and_failures_alone() {
        ask(BOOK, "run", "--wait", "backup");
        ask(BOOK, "run", "--wait", "failing");
        assertThat(((Reply.Document) ask(HISTORY, "list")).ids()).containsExactly("2", "1");
        assertThat(say(ask(HISTORY, "list")).lines().map(line -> line.strip().substring(0, 1)))
                .containsExactly("R", "1", "2");
        assertThat(((Reply.Document) ask(HISTORY, "list", "--failed")).ids()).containsExactly("2");
        assertThat(((Reply.Document) ask(HISTORY, "list", "-n", "1")).ids()).containsExactly("2");
        assertThat(((Reply.Document) ask(HISTORY, "list", "--since", "1h", "backup")).ids())
                .containsExactly("1");
        assertThat(problem(HISTORY, "list", "--since", "soon").code()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void a_limited_list_of_runs_says_what_it_leaves_out() {
        for (int i = 0; i < 3; i++) {
            ask(BOOK, "run", "--wait", "backup");
        }
        ask(BOOK, "run", "--wait", "failing");
        assertThat(note("-n", "2")).contains("2 of 4 runs; all: leprechaun runs -n 4");
        assertThat(note("backup", "-n", "2", "-l")).contains("2 of 3 runs; all: leprechaun runs backup -l -n 3");
        assertThat(note("--since", "1970-01-02 09:00", "-n", "1"))
                .as("a value is quoted for a shell")
                .contains("1 of 4 runs; all: leprechaun runs --since '1970-01-02 09:00' -n 4");
        assertThat(note("-n", "1", "--", "backup")).contains("1 of 3 runs; all: leprechaun runs -n 3 -- backup");
        assertThat(note("-n", "4")).as("nothing").isEmpty();
        assertThat(note("-n", "1", "failing")).as("nothing").isEmpty();
        assertThat(note()).isEmpty();
    }

    private Optional<String> note(String... arguments) {
        return ((Reply.Document) ask(HISTORY, "list", arguments)).note().get();
    }

    @Test
    void a_list_of_recipes_shows_all_agents_and_states_in_a_narrow_terminal() {
        String name = "n".repeat(63);
        desk(
                TestRecipes.of(name + "1", "description: " + "says what it does ".repeat(9) + "\nsteps: [ 'true' ]\n"),
                TestRecipes.steps("brief", "exit 3"));
        for (int i = 0; i < 10; i++) {
            ask(BOOK, "run", "--wait", "brief");
        }
        for (int columns : List.of(60, 80, 120)) {
            var list = ((Reply.Document) ask(BOOK, "list")).text().render(new Screen(columns, false));
            assertThat(list.lines()).allMatch(line -> line.length() <= columns);
            assertThat(list).contains("RECIPE", "STATUS", "NEXT", "LAST", "AGENTS");
            assertThat(list).containsPattern("brief +ok +- +failed (now|[0-9]+ s ago) .*scheduler");
            assertThat(list).containsPattern("n{7,}… +ok +- +- .*scheduler");
        }
    }

    @Test
    void a_list_of_runs_keeps_states_and_reasons_in_a_narrow_terminal() {
        String name = "n".repeat(64);
        desk(TestRecipes.steps(name, "exit 3"), TestRecipes.steps("brief", "exit 3"));
        ask(BOOK, "run", "--wait", name);
        ask(BOOK, "run", "--wait", "brief");
        for (int columns : List.of(60, 80, 120)) {
            var list = ((Reply.Document) ask(HISTORY, "list")).text().render(new Screen(columns, false));
            assertThat(list.lines()).allMatch(line -> line.length() <= columns);
            assertThat(list)
                    .containsPattern("n{7,}… .*failed  +[0-9-]{10} [0-9:]{8} .*step 1: exit 3\n")
                    .contains("brief");
        }
    }

    @Test
    void refused_by_policy_it_says_which() {
        ask(BOOK, "run", "sleeping");
        Problem skipped = problem(BOOK, "run", "sleeping");
        assertThat(skipped.status()).isEqualTo(409);
        assertThat(skipped.detail())
                .isEqualTo("sleeping was skipped: run 1 has not ended (overlap: skip); use"
                        + " `leprechaun run sleeping --force` to run it anyway");
        dispatcher.close(SCHEDULER, "scheduler is paused by adam");
        status = Status.PAUSED;
        assertThat(problem(BOOK, "run", "backup").detail()).isEqualTo("backup was held: scheduler is paused by adam");
    }

    @Test
    void lists_recipes_in_the_shape_that_is_promised() {
        ask(BOOK, "run", "--wait", "failing");
        var recipes = (List<?>) ((Reply.Document) ask(BOOK, "list")).data().get("recipes");
        var failing = (Map<?, ?>) recipes.get(2);
        assertThat(failing.keySet().stream().map(String::valueOf))
                .containsExactly("name", "agents", "status", "paused", "next", "last", "recent", "file", "problem");
        assertThat(failing.get("status")).isEqualTo("ok");
        assertThat(((Map<?, ?>) failing.get("last")).get("state")).isEqualTo("failed");
    }
}
