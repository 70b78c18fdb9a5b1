package io.leprechaun.daemon.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.leprechaun.api.Access;
import io.leprechaun.api.Call;
import io.leprechaun.api.Caller;
import io.leprechaun.api.ExitCode;
import io.leprechaun.api.Handler;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.Registrator;
import io.leprechaun.api.Reply;
import io.leprechaun.api.text.Screen;
import io.leprechaun.daemon.agent.Agent;
import io.leprechaun.daemon.agent.NextTable;
import io.leprechaun.daemon.agent.Service;
import io.leprechaun.daemon.agent.Status;
import io.leprechaun.daemon.desk.AgentServices;
import io.leprechaun.daemon.desk.Agents;
import io.leprechaun.daemon.execution.TestExecutions;
import io.leprechaun.daemon.history.FakeStore;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.recipe.folder.RecipeBook;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.run.TestClock;
import io.leprechaun.daemon.run.TestRecipes;
import io.leprechaun.daemon.schedule.CronPattern;
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
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code pause} and {@code resume}, and the book's report of pauses, called as the API calls them. */
@Timeout(180)
class PausingTest {
    private static final ZoneId UTC = ZoneId.of("UTC");
    private static final RunDocument DOCUMENTS = new RunDocument(UTC);

    @TempDir
    private Path folder;

    private TestClock clock;
    private TestExecutions executions;
    private FakeStore store;
    private Dispatcher dispatcher;
    private Channel<Run> channel;
    private Channel<End> done;
    private List<Service> services;
    private List<Registrator> commands;
    private List<Recipe> recipes = List.of(
            TestRecipes.failing("backup"),
            TestRecipes.failing("other"),
            TestRecipes.failing("cron"),
            TestRecipes.failing("all"));

    @BeforeEach
    void make() {
        clock = new TestClock("2026-11-26T18:00:00Z");
        executions = new TestExecutions(folder);
        store = new FakeStore();
        dispatcher = new Dispatcher(
                store, executions.at(clock), Pauses.of(store, DOCUMENTS.zone()), recipe -> NotifyRules.NOTHING);
        channel = Channel.lossless("test-errors", run -> {});
        done = Channel.lossless("test-done", end -> {});
        services = Stream.of("scheduler", "cron").map(this::service).toList();
        commands = new TestCommands(store, dispatcher, executions.at(clock), DOCUMENTS)
                .of(this::recipeBook, new Idlers(), new AgentServices(services, true));
    }

    /** Every recipe is the scheduler's, and the backup is nightly. */
    private final class Idlers implements Agents {
        private final NextTable.Timed nightly = new NextTable.Timed("backup", CronPattern.parse("0 3 * * *", UTC));

        @Override
        public List<AgentName> names(Recipe recipe) {
            return List.of(AgentName.SCHEDULER);
        }

        @Override
        public AgentName workers(Recipe recipe) {
            return AgentName.SCHEDULER;
        }

        @Override
        public List<NextTable.Timed> timed() {
            return List.of(nightly);
        }

        @Override
        public Status status(AgentName agent) {
            return PausingTest.this.status(agent.value());
        }

        @Override
        public List<String> closed(Recipe recipe, Instant at) {
            return services.getFirst().closed(at).stream().toList();
        }
    }

    @AfterEach
    void end() throws InterruptedException {
        dispatcher.shutDown("the test is over", Duration.ofSeconds(20));
        done.close();
        channel.close();
        executions.close();
        assertThat(store.wrong()).isEmpty();
    }

    private Service service(String word) {
        var name = new AgentName(word);
        dispatcher.register(name, 2, 2, done, channel);
        var service = new Service(
                new Idle(name),
                dispatcher,
                List::of,
                () -> {},
                DOCUMENTS,
                new Service.ServiceContext(store, clock, executions.at(clock).alarms()));
        service.begin("x");
        return service;
    }

    private RecipeBook recipeBook() {
        return new RecipeBook(
                folder,
                recipes.stream()
                        .map(recipe -> new RecipeBook.BookEntry(
                                recipe.name().value(), recipe.origin().file(), Optional.of(recipe), List.of()))
                        .toList(),
                Optional.empty());
    }

    private Status status(String agent) {
        return services.stream()
                .filter(service -> service.name().equals(agent))
                .findFirst()
                .orElseThrow()
                .status();
    }

    /** An agent that makes nothing due. */
    private record Idle(AgentName name) implements Agent {
        @Override
        public boolean serves(Recipe recipe) {
            return false;
        }

        @Override
        public void start(List<Recipe> recipes, String why) {}

        @Override
        public void update(List<Recipe> recipes) {}

        @Override
        public void stop() {}

        @Override
        public List<Handler> handlers() {
            return List.of();
        }
    }

    private Reply.Document ask(String command, String... arguments) {
        return (Reply.Document) commands.stream()
                .filter(registrator -> registrator.name().equals("book"))
                .flatMap(registrator -> registrator.handlers().stream())
                .filter(handler -> handler.command().equals(command))
                .findFirst()
                .orElseThrow()
                .answer()
                .apply(new Call(List.of(arguments), new Caller("zoe", Access.CHANGE)));
    }

    private String say(String command, String... arguments) {
        return ask(command, arguments).text().render(Screen.PLAIN);
    }

    private Problem problem(String command, String... arguments) {
        try {
            ask(command, arguments);
        } catch (ProblemException e) {
            return e.problem();
        }
        throw new AssertionError("no problem");
    }

    /** Returns the entry of a recipe in `ls`. */
    private Map<?, ?> listed(String recipe) {
        return ((List<?>) ask("list").data().get("recipes"))
                .stream()
                        .map(one -> (Map<?, ?>) one)
                        .filter(one -> recipe.equals(one.get("name")))
                        .findFirst()
                        .orElseThrow();
    }

    private List<?> notes() {
        return ((List<?>) ask("next", "-n", "2").data().get("next"))
                .stream().map(one -> ((Map<?, ?>) one).get("note")).toList();
    }

    @Test
    void pauses_and_resumes_a_recipe_and_says_what_will_become_of_it() {
        assertThat(say("pause", "backup"))
                .isEqualTo("backup paused: due runs are held until `leprechaun resume backup`\n");
        assertThat(dispatcher.pauses().find(new RecipeName("backup"), clock.instant()))
                .isPresent();
        assertThat(dispatcher.pauses().find(new RecipeName("other"), clock.instant()))
                .isEmpty();
        assertThat(say("resume", "backup")).isEqualTo("backup resumed\n");
        assertThat(dispatcher.pauses().find(new RecipeName("backup"), clock.instant()))
                .isEmpty();
        assertThat(store.pauses()).isEmpty();
        assertThat(say("resume", "backup")).isEqualTo("backup was not paused\n");
    }

    @Test
    void what_is_paused_is_told_with_since_until_by_whom_and_why() {
        assertThat(listed("backup").get("status")).isEqualTo("ok");
        assertThat(listed("backup").get("paused")).isNull();
        assertThat(say("pause", "backup", "--until", "09:00", "--reason", " upgrade "))
                .isEqualTo("backup paused: due runs are held until 2026-11-27 09:00:00\n");
        assertThat(listed("backup").get("status")).isEqualTo("paused");
        assertThat(listed("backup").get("paused"))
                .hasToString("{at=2026-11-26T18:00:00Z, until=2026-11-27T09:00:00Z, by=zoe, reason=upgrade}");
        assertThat(listed("other").get("status")).isEqualTo("ok");
        assertThat(say("show", "backup"))
                .contains("since 2026-11-26 18:00:00 until 2026-11-27 09:00:00 by zoe: upgrade");

        clock.set("2026-11-27T09:00:00Z");
        assertThat(listed("backup").get("status")).isEqualTo("ok");
        assertThat(listed("backup").get("paused")).isNull();
        assertThat(say("show", "backup")).doesNotContain("upgrade");
        assertThat(say("resume", "backup")).isEqualTo("backup was not paused\n");
    }

    @Test
    void paused_anew_it_is_so_for_another_time_and_reason_and_since_the_same_moment() {
        ask("pause", "backup", "--until", "2h", "--reason", "upgrade");
        clock.set("2026-11-26T19:00:00Z");
        assertThat(say("pause", "backup"))
                .isEqualTo("backup paused again: due runs are held until `leprechaun resume backup`\n");
        assertThat(listed("backup").get("paused"))
                .hasToString("{at=2026-11-26T18:00:00Z, until=null, by=zoe, reason=null}");
    }

    @Test
    void by_hand_it_is_refused_with_the_way_past_it() {
        ask("pause", "backup", "--reason", "upgrade");
        Problem held = problem("run", "backup");
        assertThat(held.code()).isEqualTo(ExitCode.REFUSED);
        assertThat(held.status()).isEqualTo(409);
        assertThat(held.detail())
                .isEqualTo("backup was held: paused by zoe: upgrade; use `leprechaun run backup --force` to run"
                        + " it anyway");
        assertThat(store.rows().getLast().state()).isEqualTo(RunState.HELD);
        assertThat(store.rows().getLast().reason()).contains("paused by zoe: upgrade");
        assertThat(ask("run", "backup", "--force", "--wait").code())
                .as("it ran, and fails always")
                .isEqualTo(ExitCode.FAILED);

        ask("pause", "scheduler");
        assertThat(problem("run", "backup", "--force").detail())
                .as("of an agent's pause there is no way past")
                .isEqualTo("backup was held: scheduler is paused by zoe");
    }

    @Test
    void what_is_due_while_it_is_paused_is_listed_with_a_note() {
        ask("pause", "backup", "--until", "2026-11-28 00:00");
        String note = "will be held: paused until 2026-11-28 00:00:00 by zoe";
        assertThat(notes().getFirst()).isEqualTo(note);
        assertThat(notes().getLast()).isNull();
        assertThat(say("next", "-n", "1", "--from", "2026-11-20"))
                .as("it was not yet")
                .doesNotContain("paused");
        ask("resume", "backup");
        assertThat(notes().getFirst()).isNull();
    }

    @Test
    void an_agents_name_means_the_agent_although_a_recipe_has_it() {
        assertThat(say("pause", "cron")).isEqualTo("cron paused: due runs are held until `leprechaun cron start`\n");
        assertThat(status("cron")).isEqualTo(Status.PAUSED);
        assertThat(status("scheduler")).isEqualTo(Status.STARTED);
        assertThat(store.pauses()).isEmpty();
        assertThat(say("resume", "cron")).isEqualTo("cron started\n");
        assertThat(say("resume", "cron")).isEqualTo("cron is already started\n");
        assertThat(status("cron")).isEqualTo(Status.STARTED);
    }

    @Test
    void all_are_the_agents_but_for_those_that_are_stopped() {
        assertThat(say("pause", "all")).startsWith("scheduler paused: ").contains("\ncron paused: ");
        assertThat(ask("resume", "all").data())
                .isEqualTo(Map.of(
                        "agents",
                        List.of(
                                Map.of("agent", "scheduler", "status", "started"),
                                Map.of("agent", "cron", "status", "started"))));
        services.getLast().end();
        assertThat(say("pause", "all")).startsWith("scheduler paused: ").endsWith("\ncron is stopped\n");
        assertThat(say("resume", "all")).isEqualTo("scheduler started\ncron is stopped\n");
        assertThat(status("cron")).isEqualTo(Status.STOPPED);
        assertThat(problem("resume", "cron").code()).isEqualTo(ExitCode.REFUSED);
        assertThat(problem("pause", "cron").code()).isEqualTo(ExitCode.REFUSED);
        assertThat(store.pauses()).as("no recipe is called so").isEmpty();
    }

    @Test
    void a_recipe_that_is_not_there_is_unknown_and_the_nearest_one_is_named() {
        for (String command : List.of("pause", "resume")) {
            Problem unknown = problem(command, "bakup");
            assertThat(unknown.code()).isEqualTo(ExitCode.NOT_FOUND);
            assertThat(unknown.detail()).isEqualTo("there is no recipe 'bakup'; did you mean 'backup'?");
            assertThat(problem(command, "scheduelr").detail())
                    .as("an agent may be meant")
                    .isEqualTo("there is no recipe 'scheduelr'; did you mean 'scheduler'?");
            assertThat(problem(command, "back").code()).as("the whole name").isEqualTo(ExitCode.NOT_FOUND);
            assertThat(problem(command, "no name at all").detail())
                    .isEqualTo("there is no recipe 'no name at all': see `leprechaun ls`");
        }
        assertThat(store.pauses()).isEmpty();
    }

    @Test
    void a_recipe_whose_file_is_gone_can_be_resumed() {
        ask("pause", "backup");
        recipes = List.of();
        assertThat(say("resume", "backup")).isEqualTo("backup resumed\n");
        assertThat(store.pauses()).isEmpty();
        assertThat(problem("resume", "backup").code()).isEqualTo(ExitCode.NOT_FOUND);
    }

    @Test
    void wrong_usage_is_said_and_changes_nothing() {
        assertThat(problem("pause").code()).isEqualTo(ExitCode.USAGE);
        assertThat(problem("pause", "backup", "--until", "2020-01-01").detail())
                .isEqualTo("invalid time '2020-01-01': use a time in the future");
        assertThat(problem("pause", "backup", "--reason", " ").code()).isEqualTo(ExitCode.USAGE);
        assertThat(problem("pause", "backup", "--reason", "x".repeat(201)).code())
                .isEqualTo(ExitCode.USAGE);
        for (String several : List.of("cron", "all")) {
            assertThat(problem("pause", several, "--until", "2020-01-01").code())
                    .isEqualTo(ExitCode.USAGE);
            assertThat(problem("pause", several, "--reason", " ").code()).isEqualTo(ExitCode.USAGE);
        }
        assertThat(problem("resume", "backup", "--until", "2h").code()).isEqualTo(ExitCode.USAGE);
        assertThat(store.pauses()).isEmpty();
        assertThat(services).extracting(Service::status).containsOnly(Status.STARTED);
    }
}
