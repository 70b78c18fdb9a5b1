package io.leprechaun.daemon.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.leprechaun.daemon.execution.Account;
import io.leprechaun.daemon.execution.Accounts;
import io.leprechaun.daemon.execution.Executions;
import io.leprechaun.daemon.execution.StartMarks;
import io.leprechaun.daemon.lifecycle.Alarms;
import io.leprechaun.daemon.lifecycle.StateFiles;
import io.leprechaun.daemon.output.OutputFolder;
import io.leprechaun.daemon.output.OutputPump;
import io.leprechaun.daemon.process.Processes;
import io.leprechaun.daemon.recipe.Origin;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.TriggerKind;
import io.leprechaun.daemon.recipe.reader.RecipeReader;
import io.leprechaun.daemon.run.Cause;
import io.leprechaun.daemon.run.Input;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.run.TestClock;
import io.leprechaun.daemon.settings.AgentName;
import io.leprechaun.daemon.settings.Settings;
import io.leprechaun.daemon.settings.notify.NotifyRules;
import io.leprechaun.daemon.store.SqliteStore;
import io.leprechaun.daemon.yaml.Problems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The dispatcher with a slow store. */
@Timeout(180)
class DispatcherStoreTest {
    @TempDir
    private Path folder;

    @Test
    void who_waits_for_a_run_waits_until_its_end_is_on_disk() throws Exception {
        Path file = folder.resolve("leprechaun.db");
        try (var store = SqliteStore.open(file);
                var processes = Processes.open();
                var pump = OutputPump.open(processes, InstantSource.system());
                var alarms = Alarms.open();
                var starts = StartMarks.open(folder.resolve("started"));
                var done = Channel.<End>lossless("done", end -> {});
                var errors = Channel.<Run>lossless("errors", run -> {})) {
            var executions = new Executions(
                    processes,
                    new OutputFolder(Files.createDirectory(folder.resolve("output"))),
                    starts,
                    new StateFiles(),
                    pump,
                    new Accounts(new Account("root", folder, Optional.empty())),
                    store.identity(),
                    "this boot",
                    TestClock.of(InstantSource.system()),
                    alarms,
                    Map.of());
            var dispatcher = new Dispatcher(
                    store, executions, Pauses.of(store, ZoneId.of("UTC")), recipe -> NotifyRules.NOTHING);
            dispatcher.register(AgentName.SCHEDULER, 1, 1, done, errors);
            dispatcher.open(AgentName.SCHEDULER);
            var cause = Cause.requested(TriggerKind.MANUAL, "root");
            var request = new RunRequest(
                    recipe("until [ -e go ]; do sleep 0.02; done"), AgentName.SCHEDULER, cause, Input.NONE);
            var accepted = (AdmissionResult.Accepted) dispatcher.submit(request).get(60, TimeUnit.SECONDS);
            long id = accepted.run().id();

            try (var other = DriverManager.getConnection("jdbc:sqlite:" + file);
                    var statement = other.createStatement()) {
                statement.execute("begin immediate");
                Files.createFile(folder.resolve("go"));
                await().atMost(Duration.ofSeconds(9)) // less than the store waits for the other writer
                        .until(() -> dispatcher.stack(AgentName.SCHEDULER).isEmpty());
                var over = dispatcher.over(id);
                assertThat(over).isPresent();
                assertThat(over.get()).isNotDone();
                statement.execute("rollback");
                assertThat(over.get().get(60, TimeUnit.SECONDS).state()).isEqualTo(RunState.SUCCEEDED);
            }
            assertThat(dispatcher.over(id)).isEmpty();
            assertThat(store.find(id).map(Run::state)).contains(RunState.SUCCEEDED);
        }
    }

    private Recipe recipe(String step) {
        var origin = new Origin(folder.resolve("a.yml"), "steps: [ '" + step.replace("'", "''") + "' ]\n", "version");
        return RecipeReader.of(Settings.defaults(folder, ZoneId.of("UTC")), new Problems())
                .read(origin, new Problems())
                .orElseThrow();
    }
}
