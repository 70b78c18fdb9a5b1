package io.leprechaun.daemon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The examples, each a folder with recipes and the transcript of a shell, {@code expected.txt}. One daemon has all
 * recipes. The commands of each transcript are run in a copy of its folder, and print the same again.
 */
@Timeout(180)
@Execution(ExecutionMode.SAME_THREAD)
class ExamplesIT {
    private static final String TRANSCRIPT = "expected.txt";
    private static final String PROMPT = "$ ";
    /** The mark in a transcript of any text within a line. */
    private static final String ANY = "…";

    @RegisterExtension
    private final Installation place = new Installation();

    private static Path examples() {
        Path here = Path.of("").toAbsolutePath();
        return Files.isDirectory(here.resolve("examples")) ? here.resolve("examples") : here.resolve("../examples");
    }

    @TestFactory
    Stream<DynamicTest> every_example_prints_its_transcript() throws Exception {
        Tools.require("the examples are not run", "curl", "git", "openssl", "sqlite3");
        RunningDaemon daemon = start();
        place.environment().put("HOOKS", "http://127.0.0.1:" + daemon.port());
        return Stream.concat(
                files("*/" + TRANSCRIPT)
                        .map(file -> Objects.requireNonNull(file.getParent()))
                        .map(folder -> DynamicTest.dynamicTest(
                                folder.getFileName().toString(), () -> assertPrintsItsTranscript(folder))),
                Stream.of(DynamicTest.dynamicTest("each recipe was run", this::assertEachRecipeWasRun)));
    }

    /** Starts a daemon whose user has the examples in the home folder, where the steps begin, and their recipes. */
    private RunningDaemon start() throws IOException {
        copy(examples(), place.work().resolve("examples"));
        Files.createSymbolicLink(place.work().resolve(".config"), place.folder().resolve("config"));
        place.environment().put("HOME", place.work().toString());
        place.environment().put("PATH", Installation.TREE.resolve("bin") + ":/usr/local/bin:/usr/bin:/bin");
        place.settings(Files.readString(examples().resolve("leprechaun.yml")));
        for (Path file : files("*/*.yml").toList()) {
            Files.copy(file, place.recipes().resolve(file.getFileName()));
        }
        return place.start();
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file)));
            }
        }
    }

    /** Returns the files of all examples that fit a pattern, which begins at their folder. */
    private static Stream<Path> files(String glob) throws IOException {
        Path root = examples();
        var matcher = root.getFileSystem().getPathMatcher("glob:" + glob);
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> matcher.matches(root.relativize(file))).sorted().toList().stream();
        }
    }

    private void assertPrintsItsTranscript(Path folder) throws Exception {
        List<String> expected = Files.readAllLines(folder.resolve(TRANSCRIPT));
        String printed = place.shell(script(folder.getFileName(), expected)).out();
        assertThat(printed.lines().toList())
                .as("%s", printed)
                .zipSatisfy(expected, (line, pattern) -> assertThat(line).matches(pattern(pattern)));
    }

    /** Returns a script that prints each command of a transcript, its output, and its exit code unless it is 0. */
    private String script(Path folder, List<String> transcript) {
        String commands = transcript.stream()
                .filter(line -> line.startsWith(PROMPT))
                .map(line -> "printf '%s\\n' '" + line.replace("'", "'\\''") + "'\n" + line.substring(PROMPT.length())
                        + "\ncode=$?; [ $code = 0 ] || echo \"= $code\"\n")
                .collect(Collectors.joining());
        return "exec 2>&1\ncd " + place.work().resolve("examples").resolve(folder) + "\n" + commands;
    }

    private static Pattern pattern(String line) {
        return Pattern.compile(
                Arrays.stream(line.split(ANY, -1)).map(Pattern::quote).collect(Collectors.joining(".*")));
    }

    private void assertEachRecipeWasRun() throws Exception {
        var recipes = RunningDaemon.list(place.json("ls").get("recipes"));
        assertThat(recipes).hasSize((int) files("*/*.yml").count()).allSatisfy(recipe -> {
            assertThat(recipe.get("status").asString()).isEqualTo("ok");
            assertThat(recipe.get("last").isNull()).isFalse();
        });
    }
}
