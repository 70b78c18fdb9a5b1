package io.leprechaun.daemon.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.leprechaun.api.Form;
import io.leprechaun.api.Registrator;
import io.leprechaun.api.Verb;
import io.leprechaun.api.Verbs;
import io.leprechaun.daemon.desk.AgentServices;
import io.leprechaun.daemon.desk.RunningAgents;
import io.leprechaun.daemon.execution.TestExecutions;
import io.leprechaun.daemon.history.FakeStore;
import io.leprechaun.daemon.recipe.folder.RecipeBook;
import io.leprechaun.daemon.run.TestClock;
import io.leprechaun.daemon.settings.notify.NotifyRules;
import io.leprechaun.daemon.view.RunDocument;
import io.leprechaun.daemon.worker.Dispatcher;
import io.leprechaun.daemon.worker.Pauses;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The list of verbs and the classes of this package name the same. */
@Timeout(180)
class AnsweredVerbsTest {
    private static final RunDocument DOCUMENTS = new RunDocument(ZoneId.of("UTC"));

    @TempDir
    private Path folder;

    private List<Registrator> commands() {
        var clock = new TestClock("2026-11-26T18:00:00Z");
        try (var executions = new TestExecutions(folder)) {
            var store = new FakeStore();
            var made = executions.at(clock);
            var dispatcher =
                    new Dispatcher(store, made, Pauses.of(store, DOCUMENTS.zone()), recipe -> NotifyRules.NOTHING);
            return new TestCommands(store, dispatcher, made, DOCUMENTS)
                    .of(
                            () -> new RecipeBook(folder, List.of(), Optional.empty()),
                            new RunningAgents(List.of(), List.of()),
                            AgentServices.NONE);
        }
    }

    private static String route(Form form) {
        var route = form.route().orElseThrow();
        return route.registrator() + " " + route.command() + " " + route.access();
    }

    private static List<String> routes(Registrator registrator) {
        return registrator.handlers().stream()
                .map(handler -> registrator.name() + " " + handler.command() + " " + handler.access())
                .toList();
    }

    @Test
    void each_verb_that_the_daemon_answers_has_a_handler_and_no_other_has() {
        assertThat(commands().stream().flatMap(one -> routes(one).stream()))
                .containsExactlyInAnyOrderElementsOf(Verbs.routed().stream()
                        .flatMap(verb -> verb.forms().stream())
                        .filter(form -> form.route().isPresent())
                        .map(AnsweredVerbsTest::route)
                        .toList());
    }

    @Test
    void each_class_answers_a_verb_of_the_list() throws Exception {
        var names = Verbs.routed().stream()
                .flatMap(verb -> verb.forms().stream()
                        .filter(form -> form.route().isPresent())
                        .map(verb::nameOf))
                .map(name -> name.replace(" ", "").toLowerCase(Locale.ROOT))
                .toList();
        assertThat(classes()).containsExactlyInAnyOrderElementsOf(names);
    }

    private static List<String> classes() throws IOException, URISyntaxException {
        Path home = Path.of(Commands.class.getResource("Commands.class").toURI());
        try (var files = Files.walk(home.resolveSibling(""))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith("Command.class"))
                    .map(name -> name.replace("Command.class", "").toLowerCase(Locale.ROOT))
                    .toList();
        }
    }

    @Test
    void a_command_that_the_list_does_not_name_is_not_made() {
        var verb = new Verb(
                "nonsense",
                "",
                "",
                List.of(),
                List.of(),
                List.of(Verbs.ALL.getFirst().form()));
        assertThat(catchThrowable(() -> new Commands(List.of()).handler(verb, verb.form())))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no class for the command 'nonsense'");
    }

    @Test
    void owners_are_answered_for_their_recipes_and_runs_alone() {
        assertThat(Verbs.routed().stream()
                        .flatMap(verb -> verb.forms().stream())
                        .filter(Form::isForOwners)
                        .map(form -> form.route().orElseThrow().command()))
                .containsExactlyInAnyOrder(
                        "list", "show", "env", "run", "retry", "list", "logs", "next", "why", "kill", "pause", "resume",
                        "wait", "show");
        assertThat(Verbs.isForOwners("book", "locks")).isFalse();
    }
}
