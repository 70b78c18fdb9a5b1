package io.leprechaun.daemon.desk;

import static org.assertj.core.api.Assertions.assertThat;

import io.leprechaun.api.Access;
import io.leprechaun.api.Call;
import io.leprechaun.api.Caller;
import io.leprechaun.api.Reply;
import io.leprechaun.daemon.execution.Accounts;
import io.leprechaun.daemon.execution.Executions;
import io.leprechaun.daemon.lifecycle.Alarms;
import io.leprechaun.daemon.lifecycle.StateFiles;
import io.leprechaun.daemon.output.LeftMasks;
import io.leprechaun.daemon.output.OutputFolder;
import io.leprechaun.daemon.output.OutputWatch;
import io.leprechaun.daemon.process.Processes;
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
import io.leprechaun.daemon.run.TestClock;
import io.leprechaun.daemon.settings.AgentName;
import io.leprechaun.daemon.settings.NotifyRules;
import io.leprechaun.daemon.settings.Settings;
import io.leprechaun.daemon.store.SqliteStore;
import io.leprechaun.daemon.view.RunDocument;
import io.leprechaun.daemon.worker.Dispatcher;
import io.leprechaun.daemon.worker.Pauses;
import io.leprechaun.daemon.yaml.Problems;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class HistoryTest {
    private static final ZoneId UTC = ZoneId.of("UTC");
    private static final Instant NOW = Instant.parse("2026-11-23T06:00:00Z");

    @Test
    void logs_of_a_recipe_are_those_of_the_newest_run_that_was_one(@TempDir Path folder) throws IOException {
        Recipe recipe = recipe(folder);
        var outputs = new OutputFolder(Files.createDirectory(folder.resolve("output")));
        try (var store = SqliteStore.open(folder.resolve("leprechaun.db"));
                var processes = Processes.open();
                var watch = OutputWatch.open(processes);
                var alarms = Alarms.open()) {
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
            outputs.make(run.id());
            Files.writeString(outputs.file(run.id(), 1, 1), "hi\n");
            store.refuse(
                            Run.refused(order, RunState.HELD, "scheduler is paused by root", Run.Repeat.ONCE, NOW),
                            NotifyRules.NOTHING)
                    .join();

            InstantSource clock = () -> NOW;
            var executions = new Executions(
                    processes,
                    outputs,
                    new StateFiles(),
                    watch,
                    LeftMasks.open(processes, alarms),
                    Accounts.ofHost(),
                    store.identity(),
                    TestClock.of(clock),
                    alarms,
                    Map.of());
            var book = new RecipeBook(
                    folder,
                    List.of(new RecipeBook.Entry("a", recipe.origin().file(), Optional.of(recipe), List.of())),
                    Optional.empty());
            var documents = new RunDocument(UTC);
            var dispatcher =
                    new Dispatcher(store, executions, Pauses.of(store, documents.zone()), name -> NotifyRules.NOTHING);
            var desk = new Desk(() -> book, store, dispatcher, documents, executions);

            assertThat(logs(new History(desk, new UsageTable(desk, store.archive())::answer), "a"))
                    .isEqualTo("hi\n");
        }
    }

    private static Recipe recipe(Path folder) {
        var origin = new Origin(folder.resolve("a.yml"), "steps: [ echo hi ]\n", "version");
        return RecipeReader.of(Settings.defaults(folder, UTC), new Problems())
                .read(origin, new Problems())
                .orElseThrow();
    }

    private static String logs(History history, String recipe) throws IOException {
        var handler = history.handlers().stream()
                .filter(known -> known.command().equals("logs"))
                .findFirst()
                .orElseThrow();
        var out = new ByteArrayOutputStream();
        ((Reply.Stream) handler.answer().apply(new Call(List.of(recipe), new Caller("root", Access.ADMINISTER))))
                .body()
                .writeTo(out);
        return out.toString(StandardCharsets.UTF_8);
    }
}
