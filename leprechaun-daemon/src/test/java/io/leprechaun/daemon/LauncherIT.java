package io.leprechaun.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The launchers of the built tree, before a {@code java} that only tells how it was called. */
@Timeout(60)
class LauncherIT {
    private static final Path BUILT = Path.of(System.getProperty("leprechaun.tree"));

    @TempDir
    private Path temp;

    private Path tree;

    @BeforeEach
    void a_tree_with_a_space_in_its_path() throws IOException {
        tree = temp.toRealPath().resolve("a tree");
        Files.createDirectories(tree.resolve("bin"));
        for (String program : List.of("leprechaun", "leprechaund")) {
            Files.copy(
                    BUILT.resolve("bin").resolve(program), tree.resolve("bin").resolve(program));
            assertThat(tree.resolve("bin").resolve(program).toFile().setExecutable(true))
                    .isTrue();
        }
        Path java = tree.resolve("lib/runtime/bin/java");
        Files.createDirectories(java.getParent());
        Files.writeString(java, """
            #!/bin/sh
            echo "pid $$"
            echo "LC_ALL $LC_ALL"
            echo "dropped ${JAVA_TOOL_OPTIONS-}${JDK_JAVA_OPTIONS-}"
            for word in "$@"; do echo "word $word"; done
            """);
        assertThat(java.toFile().setExecutable(true)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"leprechaun", "leprechaund"})
    void runs_by_its_full_path(String program) throws Exception {
        assertThat(called(temp, tree.resolve("bin").resolve(program).toString()))
                .contains(home(tree));
    }

    @ParameterizedTest
    @ValueSource(strings = {"leprechaun", "leprechaund"})
    void runs_from_its_own_folder(String program) throws Exception {
        assertThat(called(tree.resolve("bin"), "./" + program)).contains(home(tree));
        assertThat(called(tree, "bin/" + program)).contains(home(tree));
        assertThat(called(temp, "a tree/bin/" + program)).contains(home(tree));
    }

    @ParameterizedTest
    @ValueSource(strings = {"leprechaun", "leprechaund"})
    void runs_when_found_on_the_path(String program) throws Exception {
        assertThat(called(
                        temp,
                        "/bin/sh",
                        "-c",
                        "PATH=\"$1:$PATH\"; " + program,
                        "sh",
                        tree.resolve("bin").toString()))
                .contains(home(tree));
    }

    private Path link(String program) throws IOException {
        return Files.createSymbolicLink(
                temp.resolve("link"), tree.resolve("bin").resolve(program));
    }

    @ParameterizedTest
    @ValueSource(strings = {"leprechaun", "leprechaund"})
    void runs_through_symlinks(String program) throws Exception {
        Path absolute = link(program);
        Path folder = Files.createDirectory(temp.resolve("folder"));
        Path relative = Files.createSymbolicLink(folder.resolve("link"), Path.of("../link"));
        assertThat(called(folder, absolute.toString())).contains(home(tree));
        assertThat(called(temp, relative.toString())).contains(home(tree));
        assertThat(called(folder, "./link")).contains(home(tree));
    }

    @ParameterizedTest
    @ValueSource(strings = {"leprechaun", "leprechaund"})
    void asks_no_program_that_somebody_put_on_the_path(String program) throws Exception {
        Path link = link(program);
        Path evil = Files.createDirectory(temp.resolve("evil"));
        for (String name : List.of("readlink", "env", "java", "dirname")) {
            Path planted = Files.writeString(
                    evil.resolve(name),
                    "#!/bin/sh\ntouch " + evil.resolve("ran") + "\nexec /usr/bin/" + name + " \"$@\"\n");
            Files.setPosixFilePermissions(planted, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        assertThat(called(temp, "/bin/sh", "-c", "PATH=\"$1:$PATH\"; \"$2\"", "sh", evil.toString(), link.toString()))
                .contains(home(tree));
        assertThat(evil.resolve("ran")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"leprechaun", "leprechaund"})
    void runs_through_a_symlink_to_its_folder(String program) throws Exception {
        Path bin = Files.createSymbolicLink(temp.resolve("bin"), tree.resolve("bin"));
        assertThat(called(temp, bin.resolve(program).toString())).contains(home(bin.resolve("..")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"leprechaun", "leprechaund"})
    void becomes_the_program_and_hands_on_its_words(String program) throws Exception {
        Process process =
                start(temp, Map.of(), tree.resolve("bin").resolve(program).toString(), "--cmd=a  b", "", "*");
        List<String> lines = lines(process);
        assertThat(lines.getFirst()).isEqualTo("pid " + process.pid());
        assertThat(lines.subList(lines.size() - 3, lines.size())).containsExactly("word --cmd=a  b", "word ", "word *");
    }

    @ParameterizedTest
    @ValueSource(strings = {"leprechaun", "leprechaund"})
    void frees_the_jvm_from_its_surroundings(String program) throws Exception {
        Map<String, String> surroundings =
                Map.of("LC_ALL", "C", "JAVA_TOOL_OPTIONS", "-Dx=y", "JDK_JAVA_OPTIONS", "-Dx=y");
        assertThat(lines(start(
                        temp, surroundings, tree.resolve("bin").resolve(program).toString())))
                .contains("LC_ALL C.UTF-8", "dropped ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"leprechaun", "leprechaund"})
    void names_only_jars_that_are_there(String program) throws Exception {
        List<String> words = called(temp, tree.resolve("bin").resolve(program).toString());
        String classPath = words.get(words.indexOf("word -cp") + 1).substring("word ".length());
        assertThat(classPath.split(":", -1))
                .allSatisfy(jar ->
                        assertThat(BUILT.resolve(tree.relativize(Path.of(jar)))).isRegularFile());
    }

    /** With AOTMode=on a JVM ends at once when it cannot use its cache. */
    @ParameterizedTest
    @CsvSource({"leprechaun, version", "leprechaund, --version"})
    void starts_from_its_cache(String program, String word) throws Exception {
        Map<String, String> strict = Map.of("LEPRECHAUN_JAVA_OPTS", "-XX:AOTMode=on");
        assertThat(lines(start(
                        temp, strict, BUILT.resolve("bin").resolve(program).toString(), word)))
                .isNotEmpty();
    }

    private static String home(Path expected) {
        return "word -Dleprechaun.home=" + expected;
    }

    private static List<String> called(Path folder, String... command) throws IOException, InterruptedException {
        return lines(start(folder, Map.of(), command));
    }

    private static Process start(Path folder, Map<String, String> environment, String... command) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        return builder.start();
    }

    private static List<String> lines(Process process) throws IOException, InterruptedException {
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output.lines().toList();
    }
}
