package io.leprechaun.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The launchers of the built tree in a tree of their own, with a {@code java} that only reports its call. */
final class LauncherTree {
    static final Path BUILT = Path.of(System.getProperty("leprechaun.tree"));
    static final List<String> PROGRAMS = List.of("leprechaun", "leprechaund");

    private LauncherTree() {}

    /** The end of a launcher, with its output and that of {@code java}, on stdout or stderr. */
    record Called(long pid, int code, String text) {
        List<String> lines() {
            return text.lines().toList();
        }
    }

    /** Makes a tree with each folder that a launcher checks. */
    static void lay(Path tree) throws IOException, InterruptedException {
        Files.createDirectories(tree.resolve("bin"));
        for (String program : List.of("leprechaun", "leprechaund", "lepretools")) {
            Executable.write(
                    tree.resolve("bin").resolve(program),
                    Files.readString(BUILT.resolve("bin").resolve(program)));
        }
        for (String folder : List.of("native", "runtime/bin", "runtime/conf/security", "runtime/lib/server")) {
            Files.createDirectories(tree.resolve("lib").resolve(folder));
        }
        Files.createDirectories(jars(tree));
        Executable.write(jars(tree).resolve("some.jar"), "");
        Executable.write(tree.resolve("lib/runtime/lib/server/libjvm.so"), "");
        Executable.write(tree.resolve("lib/runtime/bin/java"), """
            #!/bin/sh
            echo "pid $$"
            echo "LC_ALL $LC_ALL"
            echo "dropped ${JAVA_TOOL_OPTIONS-}${JDK_JAVA_OPTIONS-}${_JAVA_OPTIONS-}"
            echo "core $(ulimit -c)"
            for word in "$@"; do echo "word $word"; done
            """);
    }

    /** Returns the folder of the jars, which has the same name as in the built tree. */
    static Path jars(Path tree) throws IOException {
        String launcher = Files.readString(BUILT.resolve("bin/leprechaun"));
        return tree.resolve("lib").resolve(launcher.replaceAll("(?s).*\\$home/lib/([0-9a-f]{16})\n.*", "$1"));
    }

    /** Runs a command to its end. */
    static Called call(Path folder, Map<String, String> environment, String... command)
            throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Called(process.pid(), process.waitFor(), output);
    }

    /** Returns the output lines of a command that must succeed. */
    static List<String> lines(Path folder, Map<String, String> environment, String... command)
            throws IOException, InterruptedException {
        Called called = call(folder, environment, command);
        assertThat(called.code()).as(called.text()).isZero();
        return called.lines();
    }
}
