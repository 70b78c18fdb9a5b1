package io.leprechaun.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The launchers of the built tree, with a {@code java} that only reports its call. */
@Timeout(180)
class LauncherIT {
    @TempDir
    private Path temp;

    private Path tree;

    @BeforeEach
    void a_tree_with_a_space_in_its_path() throws Exception {
        tree = temp.toRealPath().resolve("a tree");
        LauncherTree.lay(tree);
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
    @ValueSource(strings = {"leprechaun", "leprechaund", "lepretools"})
    void asks_no_program_that_somebody_put_on_the_path(String program) throws Exception {
        Path link = link(program);
        Path evil = Files.createDirectory(temp.resolve("evil"));
        for (String name : List.of("readlink", "env", "java", "dirname", "find", "id", "cat")) {
            Executable.write(
                    evil.resolve(name),
                    "#!/bin/sh\ntouch " + evil.resolve("ran") + "\nexec /usr/bin/" + name + " \"$@\"\n");
        }
        assertThat(called(
                        temp,
                        "/bin/sh",
                        "-c",
                        "PATH=\"$1:$PATH\"; \"$2\" recipe:validate x",
                        "sh",
                        evil.toString(),
                        link.toString()))
                .contains(home(tree));
        assertThat(evil.resolve("ran")).doesNotExist();
    }

    /**
     * A bash, which is /bin/sh in many places, would take functions, and commands to trace with, from the environment.
     */
    @ParameterizedTest
    @ValueSource(strings = {"leprechaun", "leprechaund"})
    void takes_no_code_from_the_environment(String program) throws Exception {
        Path ran = temp.resolve("ran");
        Path script = temp.resolve("script");
        Files.writeString(script, "touch '" + ran + "'\n");
        var hostile = new HashMap<>(Map.of(
                "ENV",
                script.toString(),
                "BASH_ENV",
                script.toString(),
                "SHELLOPTS",
                "xtrace",
                "PS4",
                "$(touch '" + ran + "')",
                "IFS",
                "/",
                "CDPATH",
                temp.toString()));
        for (String name : List.of("cd", "pwd", "[", "read", "printf", "command", "readlink", "find")) {
            hostile.put("BASH_FUNC_" + name + "%%", "() { touch '" + ran + "'; }");
        }
        Path launcher = tree.resolve("bin").resolve(program);
        assertThat(LauncherTree.lines(temp, hostile, launcher.toString())).contains(home(tree));
        if (Files.isExecutable(Path.of("/bin/bash"))) {
            Executable.write(launcher, Files.readString(launcher).replaceFirst("#!/bin/sh", "#!/bin/bash"));
            assertThat(LauncherTree.lines(temp, hostile, launcher.toString())).contains(home(tree));
        }
        assertThat(ran).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"leprechaun", "leprechaund"})
    void says_what_to_do_where_its_tree_cannot_be_found(String program) throws Exception {
        Files.delete(tree.resolve("lib/runtime/bin/java"));
        var called = LauncherTree.call(
                temp, Map.of(), tree.resolve("bin").resolve(program).toString());
        assertThat(called.code()).as(called.text()).isEqualTo(2);
        assertThat(called.text())
                .startsWith(program + ": incomplete tree " + tree + ", without lib/runtime/bin/java: start ");
    }

    /**
     * A core file of the client would hold the daemon's answers. The daemon's own limit is inherited by its steps, and
     * its memory is protected.
     */
    @Test
    void the_client_leaves_no_core_file() throws Exception {
        assertThat(called(temp, tree.resolve("bin/leprechaun").toString())).contains("core 0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"leprechaun", "leprechaund"})
    void runs_through_a_symlink_to_its_folder(String program) throws Exception {
        Path bin = Files.createSymbolicLink(temp.resolve("bin"), tree.resolve("bin"));
        String root = home(tree); // for an owner check of the tree along a path without links
        String others = home(bin.resolve(".."));
        assertThat(called(temp, bin.resolve(program).toString())).containsAnyOf(root, others);
    }

    @ParameterizedTest
    @ValueSource(strings = {"leprechaun", "leprechaund"})
    void becomes_the_program_and_hands_on_its_words(String program) throws Exception {
        var called = LauncherTree.call(
                temp, Map.of(), tree.resolve("bin").resolve(program).toString(), "--cmd=a  b", "", "*");
        List<String> lines = called.lines();
        assertThat(lines.getFirst()).isEqualTo("pid " + called.pid());
        assertThat(lines.subList(lines.size() - 3, lines.size())).containsExactly("word --cmd=a  b", "word ", "word *");
    }

    @ParameterizedTest
    @ValueSource(strings = {"leprechaun", "leprechaund"})
    void frees_the_jvm_from_its_surroundings(String program) throws Exception {
        Map<String, String> surroundings =
                Map.of("LC_ALL", "C", "JAVA_TOOL_OPTIONS", "-Dx", "JDK_JAVA_OPTIONS", "-Dx", "_JAVA_OPTIONS", "-Dx");
        String launcher = tree.resolve("bin").resolve(program).toString();
        assertThat(LauncherTree.lines(temp, surroundings, launcher)).contains("LC_ALL C.UTF-8", "dropped ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"leprechaun", "leprechaund"})
    void names_only_jars_that_are_there(String program) throws Exception {
        List<String> words = called(temp, tree.resolve("bin").resolve(program).toString());
        String classPath = words.get(words.indexOf("word -cp") + 1).substring("word ".length());
        assertThat(classPath.split(":", -1))
                .allSatisfy(jar -> assertThat(LauncherTree.BUILT.resolve(tree.relativize(Path.of(jar))))
                        .isRegularFile());
    }

    /** With AOTMode=on a JVM ends at once when it cannot use its cache. */
    @ParameterizedTest
    @CsvSource({"leprechaun, version", "leprechaund, --version"})
    void starts_from_its_cache(String program, String word) throws Exception {
        Map<String, String> strict = Map.of("LEPRECHAUN_JAVA_OPTS", "-XX:AOTMode=on");
        String launcher = LauncherTree.BUILT.resolve("bin").resolve(program).toString();
        assertThat(LauncherTree.lines(temp, strict, launcher, word)).isNotEmpty();
    }

    private static String home(Path expected) {
        return "word -Dleprechaun.home=" + expected;
    }

    private static List<String> called(Path folder, String... command) throws IOException, InterruptedException {
        return LauncherTree.lines(folder, Map.of(), command);
    }
}
