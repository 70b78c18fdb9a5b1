package io.leprechaun.daemon.process;

import io.leprechaun.daemon.posix.FileOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** A sandbox that starts real processes in a folder of their own, and leaves none behind. */
final class Sandbox implements AutoCloseable {
    static final String PATH = "/usr/local/bin:/usr/bin:/bin";

    final Mark mark = new Mark("test-" + UUID.randomUUID(), 7, 1, 1);
    final MarkFilter scope = MarkFilter.run(mark);
    final Map<String, String> environment = Map.of("PATH", PATH);
    /** The pids that the daemon may not signal, as if they were root's and it were not. */
    final Set<Integer> barred = ConcurrentHashMap.newKeySet();

    final Processes processes = Processes.open(barred::contains);
    private final Path folder;
    private final List<Child> started = new ArrayList<>();

    Sandbox(Path folder) {
        this.folder = folder;
    }

    ProcessSpec spec(String... argv) {
        return spec(environment, argv);
    }

    ProcessSpec spec(Map<String, String> variables, String... argv) {
        return spec(context(variables), mark, argv);
    }

    ProcessSpec spec(ProcessContext context, Mark mark, String... argv) {
        return new ProcessSpec(List.of(argv), context, mark, new FileOutput(output()));
    }

    /** Returns a spec whose output is dropped. */
    ProcessSpec silent(String... argv) {
        return new ProcessSpec(List.of(argv), context(environment), mark, ProcessSpec.SILENT);
    }

    ProcessContext context(Map<String, String> variables) {
        return context(variables, folder, 022);
    }

    static ProcessContext context(Map<String, String> variables, Path directory, int umask) {
        return new ProcessContext(variables, directory, umask, OptionalInt.empty(), Optional.empty());
    }

    ProcessSpec shell(String text) {
        return spec("/bin/sh", "-c", text);
    }

    Path output() {
        return folder.resolve("output.log");
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    Child start(ProcessSpec spec) throws SpawnException {
        return start(List.of(spec)).getFirst();
    }

    List<Child> start(List<ProcessSpec> parts) throws SpawnException {
        List<Child> children = processes.start(parts);
        started.addAll(children);
        return children;
    }

    Exit run(ProcessSpec spec) throws Exception {
        return exit(start(spec));
    }

    static Exit exit(Child child) throws Exception {
        return child.exit().get(60, TimeUnit.SECONDS);
    }

    /** Returns the output of a step. */
    String printed(ProcessSpec spec) throws Exception {
        run(spec);
        return read(output());
    }

    static String read(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file, StandardCharsets.UTF_8) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path script(String name, String text) throws IOException {
        Path script = Files.writeString(file(name), text);
        if (!script.toFile().setExecutable(true)) {
            throw new IOException("cannot make executable: " + script);
        }
        return script;
    }

    @Override
    public void close() {
        barred.clear();
        processes.end(started, scope, Duration.ZERO);
        processes.close();
    }
}
