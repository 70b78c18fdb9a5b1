package io.leprechaun.daemon.offline;

import static org.assertj.core.api.Assertions.assertThat;

import io.leprechaun.daemon.recipe.Origin;
import io.leprechaun.daemon.recipe.reader.RecipeReader;
import io.leprechaun.daemon.settings.Settings;
import io.leprechaun.daemon.settings.SettingsReader;
import io.leprechaun.daemon.trust.Trust;
import io.leprechaun.daemon.yaml.Problem;
import io.leprechaun.daemon.yaml.Problems;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Reads every sample of YAML in the documentation, and every file of the examples, as a user would who copies it. One
 * with steps is a recipe, every other one is settings.
 */
class DocumentedRecipesTest {
    private static final ZoneId UTC = ZoneId.of("UTC");
    private static final Pattern SAMPLE = Pattern.compile("(?ms)^ *```yaml\\n(.*?)^ *```$");
    private static final Pattern STEPS = Pattern.compile("(?m)^ *steps:");

    @TempDir
    private Path folder;

    /** A sample and the page it stands on. */
    private record Sample(String page, String text) {
        boolean isRecipe() {
            return STEPS.matcher(text).find();
        }
    }

    private static Path root() {
        Path here = Path.of("").toAbsolutePath();
        return Files.isDirectory(here.resolve("docs")) ? here : Objects.requireNonNull(here.getParent());
    }

    private static List<Sample> samples() throws IOException {
        var samples = new ArrayList<Sample>();
        try (Stream<Path> files = Files.walk(root().resolve("docs"))) {
            Stream<Path> pages =
                    files.filter(file -> file.toString().endsWith(".md")).sorted();
            for (Path page :
                    Stream.concat(Stream.of(root().resolve("README.md")), pages).toList()) {
                SAMPLE.matcher(Files.readString(page))
                        .results()
                        .forEach(found -> samples.add(new Sample(String.valueOf(page.getFileName()), found.group(1))));
            }
        }
        return samples;
    }

    @Test
    void the_pages_show_recipes_and_settings() throws IOException {
        assertThat(samples())
                .filteredOn(Sample::isRecipe)
                .extracting(Sample::page)
                .contains("README.md", "recipes.md");
        assertThat(samples())
                .filteredOn(sample -> !sample.isRecipe())
                .extracting(Sample::page)
                .contains("README.md", "settings.md");
    }

    @TestFactory
    Stream<DynamicTest> every_sample_loads_without_a_warning() throws IOException {
        return samples().stream()
                .map(sample -> DynamicTest.dynamicTest(
                        sample.page() + ": " + sample.text().lines().findFirst().orElse(""),
                        () -> assertThat(problems(sample))
                                .extracting(Problem::toString)
                                .isEmpty()));
    }

    @TestFactory
    Stream<DynamicTest> every_file_of_the_examples_loads_without_a_warning() throws IOException {
        return examples("*.yml").stream()
                .map(file -> DynamicTest.dynamicTest(
                        root().relativize(file).toString(),
                        () -> assertThat(problems(new Sample("", Files.readString(file))))
                                .extracting(Problem::toString)
                                .isEmpty()));
    }

    @Test
    void every_example_has_a_page_a_recipe_and_a_transcript_and_is_in_the_index() throws IOException {
        String index = Files.readString(root().resolve("examples/README.md"));
        Set<Path> folders = examples("*").stream()
                .map(file -> Objects.requireNonNull(file.getParent()))
                .filter(folder -> !folder.endsWith("examples"))
                .collect(Collectors.toSet());
        assertThat(folders).isNotEmpty().allSatisfy(folder -> {
            assertThat(index).contains("(" + folder.getFileName() + "/README.md)");
            assertThat(folder.resolve("README.md")).exists();
            assertThat(folder.resolve("expected.txt")).exists();
            assertThat(folder).isDirectoryContaining("glob:**.yml");
        });
    }

    private static List<Path> examples(String glob) throws IOException {
        var matcher = FileSystems.getDefault().getPathMatcher("glob:" + glob);
        try (Stream<Path> files = Files.walk(root().resolve("examples"))) {
            return files.filter(file -> Files.isRegularFile(file) && matcher.matches(file.getFileName()))
                    .sorted()
                    .toList();
        }
    }

    private List<Problem> problems(Sample sample) throws IOException {
        var problems = new Problems();
        Path file = folder.resolve(sample.isRecipe() ? "sample.yml" : "leprechaun.yml");
        if (sample.isRecipe()) {
            RecipeReader.of(Settings.defaults(folder, UTC), problems)
                    .read(new Origin(file, sample.text(), ""), problems);
        } else {
            Files.writeString(file, sample.text());
            var environment = Map.of(
                    "SMTP_PASSWORD", "secret", "PAGER_TOKEN", "secret", "SLACK_URL", "https://hooks.example.org/T0/B0");
            RecipeReader.of(new SettingsReader(UTC, environment).read(file, Trust.lenient(), problems), problems);
        }
        return problems.all();
    }
}
