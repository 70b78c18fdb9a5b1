package io.leprechaun.daemon.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import io.leprechaun.daemon.SmallStack;
import io.leprechaun.daemon.recipe.reader.RecipeReader;
import io.leprechaun.daemon.recipe.reader.StepReader;
import io.leprechaun.daemon.secret.Secret;
import io.leprechaun.daemon.settings.Settings;
import io.leprechaun.daemon.yaml.Problem;
import io.leprechaun.daemon.yaml.Problems;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A text of any length is read in little stack, and in time in proportion to it. */
@Timeout(180)
class LongTextsTest {
    private static final int LITTLE = 192 * 1024;
    private static final Path FILE = Path.of("long.yml");
    private static final Pattern WORDS =
            Pattern.compile(" *[A-Za-z0-9_./][A-Za-z0-9_./:@%+,-]*( +[A-Za-z0-9_./:@%+,-][A-Za-z0-9_./:@%+,=-]*)* *");

    private static RecipeReader reader() {
        return RecipeReader.of(Settings.defaults(Path.of("/"), ZoneOffset.UTC), new Problems());
    }

    @Test
    void plain_words() throws Exception {
        SmallStack.run(LITTLE, () -> {
            assertThat(PlainCommand.of("tar" + " word".repeat(50_000)).orElseThrow())
                    .hasSize(50_001);
            assertThat(PlainCommand.of("tar" + " word".repeat(50_000) + " '")).isEmpty();
            assertThat(PlainCommand.of("tar" + " ".repeat(200_000))).contains(List.of("tar"));
            assertThat(PlainCommand.of(" ".repeat(200_000))).isEmpty();
        });
    }

    @Test
    void plain_words_are_those_that_a_pattern_would_find() {
        var random = new Random(3);
        String signs = "ab1_./:@%+,-= =\n\t'~";
        for (int i = 0; i < 50_000; i++) {
            var text = new StringBuilder();
            int length = random.nextInt(9);
            for (int c = 0; c < length; c++) {
                text.append(signs.charAt(random.nextInt(signs.length())));
            }
            assertThat(PlainCommand.of("x" + text).isPresent()
                            || PlainCommand.of(text + "x").isPresent())
                    .as("'%s'", text)
                    .isEqualTo(WORDS.matcher("x" + text).matches()
                            || WORDS.matcher(text + "x").matches());
        }
    }

    @Test
    void options_of_a_program_that_reads_its_input() throws Exception {
        SmallStack.run(LITTLE, () -> {
            assertThat(StepReader.readsInput("cat" + " -u".repeat(80_000))).isTrue();
            assertThat(StepReader.readsInput("cat" + " -u".repeat(80_000) + " file"))
                    .isFalse();
        });
        assertThat(List.of("cat", "cat -n", "cat -n>file", "cat -n2>file more", "sort -u > file", "read", "read x"))
                .allMatch(StepReader::readsInput);
        assertThat(List.of("cat file", "cat -n file", "cat < file", "catalog", "cat -n; true"))
                .noneMatch(StepReader::readsInput);
    }

    @Test
    void a_line_of_dashes_that_is_no_yaml() throws Exception {
        SmallStack.run(LITTLE, () -> {
            var problems = new Problems();
            var origin = new Origin(FILE, "steps: \"a\n" + "- ".repeat(120_000) + "a\n", "");
            assertThat(reader().read(origin, problems)).isEmpty();
            assertThat(problems.all())
                    .singleElement()
                    .extracting(Problem::message)
                    .asString()
                    .contains("invalid YAML");
        });
    }

    @Test
    void a_line_that_looks_like_a_secret() {
        assertThat(Secret.mayStandIn("key".repeat(85_000))).isFalse();
        assertThat(Secret.mayStandIn("://a:".repeat(50_000))).isFalse();
        assertThat(Secret.mayStandIn("api_key_of_somebody: x")).isTrue();
    }

    /** Any failure while a file is read becomes a problem of that file. */
    @Test
    void a_failure_of_the_reader_is_a_problem_of_the_file() {
        var origin = new Origin(FILE, "steps: [ 'true' ]\n".repeat(1000), "");
        for (Error thrown : List.of(new StackOverflowError(), new OutOfMemoryError(), new AssertionError("x"))) {
            var problems = new Problems();
            assertThat(RecipeReader.guarded(origin, problems, () -> {
                        throw thrown;
                    }))
                    .isEmpty();
            assertThat(problems.errors())
                    .singleElement()
                    .extracting(Problem::message)
                    .asString()
                    .contains(
                            thrown instanceof AssertionError
                                    ? "an internal error of Leprechaun"
                                    : "not enough memory to read the file (17.6 KiB)");
        }
    }

    @Test
    void steps_and_patterns_are_bounded() {
        var problems = new Problems();
        var origin = new Origin(
                FILE,
                "definition: cron\npattern: [" + "'@daily',".repeat(101) + "]\nsteps: [" + "a,".repeat(100_000) + "]\n",
                "");
        assertThat(reader().read(origin, problems)).isEmpty();
        assertThat(problems.all())
                .extracting(Problem::message)
                .containsExactly(
                        "pattern: more than 100 patterns; use fewer, with lists and steps",
                        "steps[1001]: more than 1000 steps; move some of them to a script");
    }

    @Test
    void an_error_of_the_yaml_keeps_a_recipe_from_loading_too() {
        for (String text : List.of("steps: [a]\ndescription: x\ndescription: y\n", "steps: &x [a]\n")) {
            var problems = new Problems();
            assertThat(reader().read(new Origin(FILE, text, ""), problems))
                    .as(text)
                    .isEmpty();
            assertThat(problems.errors()).hasSize(1);
        }
    }
}
