package io.leprechaun.bench;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A daemon of the built tree, started by its launcher on a folder of its own. */
final class Leprechaun implements AutoCloseable {
    private static final Pattern PORT = Pattern.compile("listening for hooks on \\S*:(\\d+)");
    private static final long READY_SECONDS = 30;

    private final Lab lab;
    private final Path folder;
    private final Process process;
    private final int port;

    private Leprechaun(Lab lab, Path folder, Process process) throws IOException {
        this.lab = lab;
        this.folder = folder;
        this.process = process;
        this.port = ready();
    }

    /** @param recipes the recipes' texts by the names of their files */
    static Leprechaun start(Lab lab, String name, int workers, Map<String, String> recipes) throws IOException {
        return start(lab, name, workers, 1_000_000, recipes);
    }

    /** Starts a daemon with a given number of places in each queue. */
    static Leprechaun start(Lab lab, String name, int workers, int queue, Map<String, String> recipes)
            throws IOException {
        return launch(lab, prepare(lab, name, workers, queue, recipes));
    }

    /** Writes settings and recipes to a new folder. */
    static Path prepare(Lab lab, String name, int workers, int queue, Map<String, String> recipes) throws IOException {
        Path folder = lab.folder(name);
        Files.createDirectories(folder.resolve("recipes"));
        Files.writeString(folder.resolve("leprechaun.yml"), """
            workers: { max: %d, queue: %d }
            defaults: { on_stop: kill }
            agents: { server: { listen: "127.0.0.1:0" } }
            history: { keep: { runs: none } }
            """.formatted(workers, queue));
        for (var recipe : recipes.entrySet()) {
            Files.writeString(folder.resolve("recipes").resolve(recipe.getKey() + ".yml"), recipe.getValue());
        }
        return folder;
    }

    /** Starts a daemon on a prepared folder, and waits until it is ready. */
    static Leprechaun launch(Lab lab, Path folder) throws IOException {
        var command = List.of(
                lab.tree().resolve("bin/leprechaund").toString(),
                "--config=" + folder.resolve("leprechaun.yml"),
                "--state=" + folder.resolve("state"),
                "--socket=" + folder.resolve("socket"));
        return new Leprechaun(lab, folder, lab.start(Map.of(), folder.resolve("log"), command));
    }

    /** Returns a recipe with a hook whose id is its name, and whose runs may overlap. */
    static String hook(String name, String step) {
        return """
            name: %s
            definition: hook
            id: %s
            overlap: parallel
            steps:
              - %s
            """.formatted(name, name, step);
    }

    private int ready() throws IOException {
        Path log = folder.resolve("log");
        long end = System.nanoTime() + READY_SECONDS * 1_000_000_000L;
        while (process.isAlive() && System.nanoTime() < end) {
            String text = Files.readString(log);
            if (text.contains(" is ready: ")) {
                Matcher port = PORT.matcher(text);
                return port.find() ? Integer.parseInt(port.group(1)) : 0; // it listens only if a recipe has a hook
            }
            pause(5);
        }
        throw new IOException("the daemon does not become ready: " + Files.readString(log));
    }

    long pid() {
        return process.pid();
    }

    int port() {
        return port;
    }

    String socket() {
        return folder.resolve("socket").toString();
    }

    Path output() {
        return folder.resolve("state/output");
    }

    /** Starts runs by hooks over 64 connections, and waits until all have ended. */
    void run(String recipe, int count) throws IOException {
        byte[] request = Connection.post("/hook?id=" + recipe);
        IntFunction<byte[]> always = i -> request;
        Load.send(port, 64, count, always, 202);
        String newest = ask("/history/list?args=-n&args=1&quiet=true").strip();
        ask("/history/wait?args=" + newest); // the last one queued: only its neighbours may still run
        awaitIdle();
    }

    /** Returns the number of hooks' runs that have not ended. */
    int unfinished() throws IOException {
        Matcher counts = Pattern.compile("\"running\":(\\d+),\"queued\":(\\d+)")
                .matcher(ask("/server/info?quiet=true", "application/json"));
        LostException.unless(counts.find(), "the server's info names no counts");
        return Integer.parseInt(counts.group(1)) + Integer.parseInt(counts.group(2));
    }

    void awaitIdle() throws IOException {
        while (!ask("/server/info?quiet=true", "application/json").contains("\"running\":0,\"queued\":0,")) {
            pause(2);
        }
    }

    /** Checks that exactly this many runs of a recipe succeeded, and that there were no others. */
    void check(String recipe, int count) throws IOException {
        List<String[]> runs = ask("/history/list?args=" + recipe + "&args=-n&args=" + (count + 1000))
                .lines()
                .skip(1) // the heads
                .map(line -> line.strip().split("\\s+"))
                .toList();
        long succeeded = runs.stream()
                .filter(run -> run[1].equals(recipe) && run[3].equals("succeeded"))
                .count();
        long distinct = runs.stream().map(run -> run[0]).distinct().count();
        LostException.unless(
                succeeded == count && distinct == count && runs.size() == count,
                "of " + count + " accepted hooks " + succeeded + " succeeded, " + distinct + " of " + runs.size()
                        + " runs are distinct");
    }

    String ask(String target) throws IOException {
        return ask(target, "text/plain");
    }

    String ask(String target, String accept) throws IOException {
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(folder.resolve("socket")));
            channel.write(
                    ByteBuffer.wrap(("GET " + target + " HTTP/1.0\r\nHost: bench\r\nAccept: " + accept + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII)));
            var input = Channels.newInputStream(channel);
            String text = new String(input.readAllBytes(), StandardCharsets.UTF_8);
            LostException.unless(text.startsWith("HTTP/1.1 200 "), target + " was answered with " + text);
            return text.substring(text.indexOf("\r\n\r\n") + 4);
        }
    }

    /** Returns a figure of {@code /proc/PID/status} in MiB. */
    double memory(String key) throws IOException {
        return Memory.of(pid(), key);
    }

    static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LostException("interrupted");
        }
    }

    /** Stops the daemon, which must exit with 0, and removes its folder. */
    @Override
    public void close() throws IOException {
        stop();
        lab.remove(folder);
    }

    /** Stops the daemon, and leaves its state to the next one. */
    void stop() throws IOException {
        int code = lab.end(process);
        LostException.unless(code == 0, "the daemon ended with " + code + ": " + tail());
    }

    private String tail() throws IOException {
        List<String> lines = Files.readAllLines(folder.resolve("log"));
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 10), lines.size()));
    }
}
