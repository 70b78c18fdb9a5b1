package io.leprechaun.daemon.notify;

import static org.assertj.core.api.Assertions.assertThat;

import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.TriggerKind;
import io.leprechaun.daemon.run.Cause;
import io.leprechaun.daemon.run.Input;
import io.leprechaun.daemon.run.Outcome;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunSpec;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.run.StepState;
import io.leprechaun.daemon.run.TestRecipes;
import io.leprechaun.daemon.settings.AgentName;
import io.leprechaun.daemon.settings.notify.NotifyRules;
import io.leprechaun.daemon.store.SqliteStore;
import io.leprechaun.daemon.view.RunDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class RunContextFinderTest {
    private static final Recipe BACKUP = TestRecipes.steps("backup", "pg_dump app", "gzip app");

    @TempDir
    private Path folder;

    private SqliteStore store;

    @BeforeEach
    void open() throws Exception {
        store = SqliteStore.open(folder.resolve("store.db"));
    }

    @AfterEach
    void close() {
        store.close();
    }

    /** Returns a run that began an hour after the one before it, and took a minute. */
    private Run run(Recipe recipe, RunState state) {
        long id = store.nextId();
        Instant at = Samples.NOON.plusSeconds(3600 * id);
        var order = new RunSpec(
                recipe.name(),
                recipe.origin().hash(),
                AgentName.CRON,
                0,
                new Cause(TriggerKind.MANUAL, Optional.empty(), Optional.empty()));
        var accepted = Run.accepted(id, order, at);
        store.accept(accepted, recipe, Input.NONE).join();
        var started = accepted.started(at);
        store.start(List.of(started)).join();
        var step = Samples.step(1, "sh " + script(), StepState.FAILED, 2);
        var outcome = new Outcome(state, Optional.empty(), Optional.empty(), List.of(step));
        var ended = started.ended(outcome, at.plusSeconds(60));
        store.end(ended, List.of(), NotifyRules.NOTHING).join();
        return ended;
    }

    private Path script() {
        return folder.resolve("dump.sh");
    }

    private RunContext of(Run run) {
        return new RunContextFinder(
                        store, new RunDocument(ZoneOffset.UTC), Optional.of(folder.resolve("leprechaun.yml")))
                .apply(run);
    }

    @Test
    void the_first_run_has_no_past() {
        assertThat(of(run(BACKUP, RunState.FAILED)))
                .isEqualTo(new RunContext(List.of("No earlier run is known."), Optional.empty(), List.of()));
    }

    @Test
    void the_first_failure_is_told_from_the_third() {
        run(BACKUP, RunState.LOST);
        for (int i = 0; i < 3; i++) {
            run(BACKUP, RunState.SUCCEEDED);
        }
        run(BACKUP, RunState.KILLED); // which counts for nothing
        assertThat(of(run(BACKUP, RunState.FAILED)).standing())
                .containsExactly("First failure after 3 successes. The last success was run 4, 2026-11-23 16:01:00.");
        run(TestRecipes.steps("other", "true"), RunState.SUCCEEDED);
        run(BACKUP, RunState.TIMED_OUT);
        Run third = run(BACKUP, RunState.FAILED);
        run(BACKUP, RunState.SUCCEEDED); // after it, so that it is no part of its past
        assertThat(of(third).standing())
                .containsExactly("Failure 3 in a row. The last success was run 4, 2026-11-23 16:01:00.");
    }

    @Test
    void what_never_succeeded_is_said_to() {
        run(BACKUP, RunState.FAILED);
        assertThat(of(run(BACKUP, RunState.FAILED)).standing())
                .containsExactly("Failure 2 in a row. No earlier success is known.");
    }

    @Test
    void a_recovery_tells_how_long_it_took() {
        run(BACKUP, RunState.SUCCEEDED);
        run(BACKUP, RunState.FAILED);
        run(BACKUP, RunState.FAILED);
        assertThat(of(run(BACKUP, RunState.SUCCEEDED)))
                .isEqualTo(new RunContext(
                        List.of("Before it, 2 runs in a row failed, since run 2, 2026-11-23 14:01:00."),
                        Optional.of(Duration.ofMinutes(1)),
                        List.of()));
        assertThat(of(run(BACKUP, RunState.SUCCEEDED)).standing()).isEmpty();
        assertThat(of(run(BACKUP, RunState.KILLED))).isEqualTo(RunContext.NONE);
    }

    @Test
    void a_recipe_that_was_changed_is_shown_where_it_was() {
        run(BACKUP, RunState.SUCCEEDED);
        assertThat(of(run(BACKUP, RunState.FAILED)).changes()).isEmpty();
        var changed = TestRecipes.steps("backup", "pg_dump -v app", "true", "gzip app");
        assertThat(of(run(changed, RunState.FAILED)).changes())
                .containsExactly(new RunContext.Difference(
                        "The recipe has changed since then.",
                        List.of("- - pg_dump app", "+ - pg_dump -v app", "+ - true")));
    }

    @Test
    void a_line_that_may_hold_a_secret_is_not_shown() {
        assertThat(RunContextFinder.difference(
                        List.of("a", "env: { PASSWORD: x }", "c"), List.of("a", "url: https://u:p@host/", "c")))
                .containsExactly("- (not shown: it may contain a secret)", "+ (not shown: it may contain a secret)");
    }

    @Test
    void a_large_difference_is_cut() {
        assertThat(RunContextFinder.difference(
                        List.of(), "x\n".repeat(100).lines().toList()))
                .hasSize(21)
                .endsWith("+ x", "[...]");
    }

    @Test
    void lines_that_are_gone_or_doubled_are_found() {
        assertThat(RunContextFinder.difference(List.of("a", "b", "b"), List.of("a", "b")))
                .containsExactly("- b");
        assertThat(RunContextFinder.difference(List.of("a"), List.of("a", "a"))).containsExactly("+ a");
        assertThat(RunContextFinder.difference(List.of("a"), List.of("a"))).isEmpty();
        assertThat(RunContextFinder.difference(List.of(), List.of())).isEmpty();
    }

    @Test
    void a_script_and_settings_that_were_changed_are_named() throws IOException {
        Path settings = Files.createFile(folder.resolve("leprechaun.yml"));
        Files.createFile(script());
        run(BACKUP, RunState.SUCCEEDED);
        for (Path file : List.of(settings, script())) {
            Files.setLastModifiedTime(file, FileTime.from(Samples.NOON.plusSeconds(5400)));
        }
        Run failed = run(BACKUP, RunState.FAILED);
        assertThat(of(failed).changes())
                .containsExactly(
                        new RunContext.Difference(
                                script() + " has changed since then, 2026-11-23 13:30:00.", List.of()),
                        new RunContext.Difference(
                                settings + " has changed since then, 2026-11-23 13:30:00.", List.of()));
        Files.setLastModifiedTime(script(), FileTime.from(Samples.NOON)); // before the success
        Files.setLastModifiedTime(settings, FileTime.from(Samples.NOON.plusSeconds(100_000))); // after the failure
        assertThat(of(failed).changes()).isEmpty();
    }
}
