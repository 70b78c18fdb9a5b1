package io.leprechaun.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * The folder of all measurements, and the processes that were started there. Closing it ends all of them,
 * the newest first, and removes the folder.
 */
final class Lab implements AutoCloseable {
    private static final int GRACE_SECONDS = 20;
    private static final int REMOVALS = 50;

    private final Path tree;
    private final Path sources;
    private final boolean quick;
    private final Path folder;
    private final Deque<Process> started = new ArrayDeque<>();
    private final Map<List<String>, ProcessBuilder> enders = new HashMap<>();
    private final ReentrantLock closing = new ReentrantLock();
    private boolean closed;

    private Lab(Path tree, Path sources, boolean quick, Path folder) {
        this.tree = tree;
        this.sources = sources;
        this.quick = quick;
        this.folder = folder;
    }

    /** Creates a folder in the system's temporary one. It is removed when the JVM ends, except by SIGKILL. */
    static Lab open(Path tree, Path sources, boolean quick) throws IOException {
        var lab = new Lab(tree, sources, quick, Files.createTempDirectory("leprechaun-bench"));
        Runtime.getRuntime().addShutdownHook(new Thread(lab::close));
        return lab;
    }

    static void say(String text) {
        System.err.println("bench: " + text);
    }

    Path tree() {
        return tree;
    }

    /** Returns the size for this benchmark, whole or quick. */
    int size(int whole, int small) {
        return quick ? small : whole;
    }

    Path folder(String name) throws IOException {
        return Files.createDirectories(folder.resolve(name));
    }

    Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    /** Compiles {@code NAME.c} of the sources; empty where there is no compiler. */
    Optional<Path> compiled(String name) throws IOException {
        Path program = folder.resolve(name);
        if (!Files.exists(program)) {
            if (!installed("cc")) {
                return Optional.empty();
            }
            run(
                    "cc",
                    "-O2",
                    "-pthread",
                    "-o",
                    program.toString(),
                    sources.resolve(name + ".c").toString());
        }
        return Optional.of(program);
    }

    static boolean installed(String command) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .anyMatch(bin -> Files.isExecutable(Path.of(bin, command)));
    }

    static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Starts a program whose output goes to a log file. */
    synchronized Process start(Map<String, String> environment, Path log, List<String> command) throws IOException {
        if (closed) {
            throw new IOException("the benchmark is being ended");
        }
        var builder = new ProcessBuilder(command)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("LEPRECHAUN_") || name.startsWith("TS_"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        started.push(process);
        return process;
    }

    /** Runs a program, which must succeed, and returns its output. */
    String run(Map<String, String> environment, List<String> command) throws IOException, InterruptedException {
        Path log = Files.createTempFile(folder, "run", ".log");
        Process process = start(environment, log, command);
        int code = process.waitFor();
        forget(process);
        String output = Files.readString(log);
        Files.delete(log);
        if (code != 0) {
            throw new LostException(command.getFirst() + " ended with " + code + ": " + output.strip());
        }
        return output;
    }

    String run(String... command) throws IOException {
        try {
            return run(Map.of(), List.of(command));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** Registers the command that ends a server left behind by one of the programs. It runs when the lab closes, and its exit code is ignored. */
    synchronized void ender(Map<String, String> environment, List<String> ender) {
        var builder =
                new ProcessBuilder(ender).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putAll(environment);
        enders.put(ender, builder);
    }

    /** Ends a process with SIGTERM, then SIGKILL after a grace period, and returns the exit code. */
    int end(Process process) {
        process.destroy();
        try {
            if (!process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
                say("process " + process.pid() + " had to be killed");
                process.destroyForcibly();
            }
            int code = process.waitFor();
            forget(process);
            return code;
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            return -1;
        }
    }

    private synchronized void forget(Process process) {
        started.remove(process);
    }

    void remove(Path path) throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        try (Stream<Path> all = Files.walk(path)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        }
    }

    /** Returns the number of regular files below a folder. */
    static long files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).count();
        }
    }

    /** Closes the lab. A second caller waits for the first: the JVM must not end before all is done. */
    @Override
    public void close() {
        closing.lock();
        try {
            if (!closed) {
                endAll();
                removeAll();
            }
        } finally {
            closing.unlock();
        }
    }

    private void endAll() {
        List<Process> running;
        synchronized (this) {
            closed = true;
            running = List.copyOf(started);
        }
        running.forEach(process -> process.descendants().forEach(ProcessHandle::destroy));
        running.forEach(this::end);
        for (ProcessBuilder ender : enders.values()) {
            try {
                ender.start().waitFor();
            } catch (IOException e) {
                say("cannot run " + ender.command() + ": " + e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Removes the folder, with retries while an ending process still writes to it. */
    private void removeAll() {
        for (int tries = 1; Files.exists(folder); tries++) {
            try {
                remove(folder);
            } catch (IOException | UncheckedIOException e) {
                if (tries == REMOVALS) {
                    say("cannot remove " + folder + ": " + e);
                    return;
                }
                Leprechaun.pause(100);
            }
        }
    }
}
