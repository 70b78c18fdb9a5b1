package io.leprechaun.daemon.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.leprechaun.api.Access;
import io.leprechaun.api.Call;
import io.leprechaun.api.Caller;
import io.leprechaun.api.Reply;
import io.leprechaun.api.Verbs;
import io.leprechaun.daemon.desk.LiveRuns;
import io.leprechaun.daemon.desk.RecipeLookup;
import io.leprechaun.daemon.desk.RunLookup;
import io.leprechaun.daemon.desk.Scope;
import io.leprechaun.daemon.desk.output.RunOutput;
import io.leprechaun.daemon.output.Followers;
import io.leprechaun.daemon.output.Mask;
import io.leprechaun.daemon.output.OutputFolder;
import io.leprechaun.daemon.recipe.Origin;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.TriggerKind;
import io.leprechaun.daemon.recipe.folder.RecipeBook;
import io.leprechaun.daemon.recipe.reader.RecipeReader;
import io.leprechaun.daemon.run.Cause;
import io.leprechaun.daemon.run.Input;
import io.leprechaun.daemon.run.Outcome;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunSpec;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.run.StepResult;
import io.leprechaun.daemon.settings.AgentName;
import io.leprechaun.daemon.settings.Settings;
import io.leprechaun.daemon.settings.notify.NotifyRules;
import io.leprechaun.daemon.store.SqliteStore;
import io.leprechaun.daemon.yaml.Problems;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class LogsCommandTest {
    private static final ZoneId UTC = ZoneId.of("UTC");
    private static final Instant NOW = Instant.parse("2026-11-23T06:00:00Z");

    @Test
    void logs_of_a_recipe_are_those_of_the_newest_run_that_was_one(@TempDir Path folder) throws IOException {
        Recipe recipe = recipe(folder);
        var outputs = new OutputFolder(Files.createDirectory(folder.resolve("output")));
        try (var store = SqliteStore.open(folder.resolve("leprechaun.db"))) {
            var order = new RunSpec(
                    recipe.name(),
                    recipe.origin().hash(),
                    AgentName.SCHEDULER,
                    0,
                    Cause.due(TriggerKind.SCHEDULE, NOW));
            Run run = Run.accepted(store.nextId(), order, NOW).started(NOW);
            store.accept(run, recipe, Input.NONE).join();
            var steps = List.of(StepResult.pending(1, "echo hi"));
            var ended = run.ended(new Outcome(RunState.SUCCEEDED, Optional.empty(), Optional.of(0), steps), NOW);
            store.end(ended, List.of(), NotifyRules.NOTHING).join();
            Files.createDirectories(outputs.folder(run.id()));
            Files.writeString(outputs.file(run.id(), 1, 1), "hi\n");
            store.refuse(
                            Run.refused(order, RunState.HELD, "scheduler is paused by root", Run.Repeat.ONCE, NOW),
                            NotifyRules.NOTHING)
                    .join();

            var book = new RecipeBook(
                    folder,
                    List.of(new RecipeBook.BookEntry("a", recipe.origin().file(), Optional.of(recipe), List.of())),
                    Optional.empty());
            var recipes = new RecipeLookup(() -> book, store, Scope.ALL);
            var runs = new RunLookup(store, LiveRuns.NONE, recipes, Scope.ALL);
            var sources = new RunOutput.Sources(outputs, new Followers(), known -> Mask.NONE, () -> NOW, UTC);

            assertThat(logs(new LogsCommand(runs, sources), "a")).isEqualTo("hi\n");
        }
    }

    private static Recipe recipe(Path folder) {
        var origin = new Origin(folder.resolve("a.yml"), "steps: [ echo hi ]\n", "version");
        return RecipeReader.of(Settings.defaults(folder, UTC), new Problems())
                .read(origin, new Problems())
                .orElseThrow();
    }

    private static String logs(LogsCommand command, String recipe) throws IOException {
        var form = Verbs.find("logs").orElseThrow().form();
        var call = new Call(List.of(recipe), new Caller("root", Access.ADMINISTER));
        var out = new ByteArrayOutputStream();
        ((Reply.Stream) command.to(form.parse(call.arguments()), call)).body().writeTo(out);
        return out.toString(StandardCharsets.UTF_8);
    }
}
