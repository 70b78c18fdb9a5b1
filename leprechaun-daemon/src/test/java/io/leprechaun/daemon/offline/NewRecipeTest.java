package io.leprechaun.daemon.offline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leprechaun.api.Arguments;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.Verbs;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.Trigger;
import io.leprechaun.daemon.recipe.folder.RecipeFolder;
import io.leprechaun.daemon.recipe.reader.RecipeReader;
import io.leprechaun.daemon.settings.Settings;
import io.leprechaun.daemon.trust.Trust;
import io.leprechaun.daemon.yaml.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NewRecipeTest {
    @TempDir
    private Path folder;

    private RecipeReader reader() {
        return RecipeReader.of(Settings.defaults(folder, ZoneOffset.UTC), new Problems());
    }

    private static Arguments arguments(String... words) {
        return Verbs.find("new").orElseThrow().form().parse(List.of(words));
    }

    /** Writes a recipe and reads it back as the daemon would. */
    private Recipe made(String... words) throws IOException {
        Path file = new NewRecipe(folder, reader()).write(arguments(words));
        var problems = new Problems();
        Recipe recipe = RecipeFolder.origin(file, Trust.lenient(), problems)
                .flatMap(origin -> reader().read(origin, problems))
                .orElseThrow();
        assertThat(problems.all()).isEmpty();
        return recipe;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pg_dump app",
                "echo \"Status: ok\" # not a comment",
                "it's 'quoted'",
                "* * *",
                "a: b",
                "true",
                "12:30",
                "- dash",
                "[ -e x ]",
                "{ echo; }",
                "Zoë"
            })
    void a_command_becomes_a_step_as_it_was_typed(String command) throws IOException {
        assertThat(made("one", "--", command).steps().getFirst().action().text())
                .isEqualTo(command);
    }

    @Test
    void markers_of_a_command_are_markers_of_the_step() throws IOException {
        var steps = made("marks", "--", "echo x }>", "cat", "-> sleep 1").steps();
        assertThat(steps.get(0).piped()).isTrue();
        assertThat(steps.get(2).detached()).isTrue();
    }

    /** To a shell a {@code !} turns the outcome round, and this was typed for a shell. */
    @Test
    void a_negated_command_stays_one() throws IOException {
        Path file = new NewRecipe(folder, reader()).write(arguments("not", "--", "! test -e /run/x"));
        assertThat(file).content().contains("  - run: '! test -e /run/x'\n");
        Recipe recipe = RecipeFolder.origin(file, Trust.lenient(), new Problems())
                .flatMap(origin -> reader().read(origin, new Problems()))
                .orElseThrow();
        assertThat(recipe.steps().getFirst().must()).isFalse();
        assertThat(recipe.steps().getFirst().action().text()).isEqualTo("! test -e /run/x");
    }

    @Test
    void a_command_of_several_lines_keeps_them() throws IOException {
        String command = "for i in 1 2; do\n    echo $i: x\ndone";
        assertThat(made("lines", "--", command)
                        .steps()
                        .getFirst()
                        .action()
                        .text()
                        .strip())
                .isEqualTo(command);
    }

    @Test
    void triggers_are_written_as_they_were_asked_for() throws IOException {
        assertThat(made("plain").triggers()).isEmpty();
        assertThat(made("cron", "--cron", "*/5 * * * *").trigger(Trigger.Cron.class))
                .hasValueSatisfying(cron -> assertThat(cron.text()).isEqualTo("*/5 * * * *"));
        assertThat(made("every", "--every", "1d2h3m4s").trigger(Trigger.Interval.class))
                .contains(new Trigger.Interval(
                        Duration.ofDays(1).plusHours(2).plusMinutes(3).plusSeconds(4)));
        var both = made("both", "--every", "90m", "--hook");
        assertThat(both.triggers()).hasSize(2);
        assertThat(both.trigger(Trigger.Hook.class).orElseThrow().id()).hasSize(24);
        assertThat(made("other", "--hook")
                        .trigger(Trigger.Hook.class)
                        .orElseThrow()
                        .id())
                .isNotEqualTo(both.trigger(Trigger.Hook.class).orElseThrow().id());
    }

    @Test
    void a_file_that_is_there_is_left_as_it_is() throws IOException {
        Path there = Files.writeString(folder.resolve("backup.yml"), "mine");
        assertThatThrownBy(() -> made("backup"))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("already exists");
        assertThat(there).hasContent("mine");
    }

    @ParameterizedTest
    @ValueSource(strings = {"42", "../x", "a/b", ".", "", "Zoë", "-x"})
    void a_name_that_is_none_is_refused_and_nothing_is_written(String name) throws IOException {
        assertThatThrownBy(() -> made("--", name)).isInstanceOf(ProblemException.class);
        try (var files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void a_pattern_or_a_span_that_is_none_is_refused_and_nothing_is_written() {
        assertThatThrownBy(() -> made("x", "--cron", "* * *")).hasMessageContaining("5 (minute hour");
        assertThatThrownBy(() -> made("x", "--every", "soon")).hasMessageContaining("soon");
        assertThatThrownBy(() -> made("x", "--every", "0s")).hasMessageContaining("one second");
        assertThat(folder.resolve("x.yml")).doesNotExist();
    }

    @Test
    void a_folder_that_is_not_there_is_told() {
        var nowhere = new NewRecipe(folder.resolve("none"), reader());
        assertThatThrownBy(() -> nowhere.write(arguments("x"))).isInstanceOf(NoSuchFileException.class);
    }
}
