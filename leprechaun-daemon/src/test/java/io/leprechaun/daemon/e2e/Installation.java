package io.leprechaun.daemon.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import io.leprechaun.cli.ClientHere;
import io.leprechaun.daemon.DaemonHere;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.core.ThrowingRunnable;
import org.awaitility.pollinterval.IterativePollInterval;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A place of its own for the built programs: settings, recipes, state, socket and a home in a new folder, all where an
 * ordinary user has them. After the test every process of it is ended and the folder is gone; a test that failed prints
 * what the daemons logged. Where a test needs no processes, daemon and client work in its own JVM: {@link #here}.
 */
final class Installation implements AfterEachCallback {
    /**
     * The lock of tests that mount a file over {@code /etc/passwd}, or change it: a change of the file removes mounts
     * over it elsewhere.
     */
    static final String USERS_OF_HOST = "/etc/passwd";

    /** The built tree; tests of classes have none. */
    static final Path TREE = Path.of(System.getProperty("leprechaun.tree", "/nowhere"));

    static final JsonMapper JSON = JsonMapper.builder().build();
    /** The limit of each wait, far above the usual time, even on a busy machine. */
    static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final Duration RAREST_LOOK = Duration.ofMillis(200);

    private final Path folder;
    private final Map<String, String> environment = new TreeMap<>();
    private final Deque<Process> processes = new ArrayDeque<>();
    private final List<SmallDisk> disks = new ArrayList<>();
    private final boolean isHere;
    private final List<DaemonHere.Plug> plugs;
    private final Deque<DaemonHere> daemonsHere = new ArrayDeque<>();
    private final Deque<AutoCloseable> logs = new ArrayDeque<>();
    private String server = "";
    private String agents = "";
    private int outputs;

    /**
     * Creates settings with a hook port that the system chooses and the folder {@link #work} for recipes, and no
     * recipes.
     */
    Installation() {
        this(false);
    }

    /**
     * Creates a place with daemons and clients in this JVM, which takes a fifth of the time, with additional agents if
     * given. A test then starts no process by itself, and its daemons have the environment of the JVM.
     */
    static Installation here(DaemonHere.Plug... plugs) {
        return new Installation(true, plugs);
    }

    private Installation(boolean isHere, DaemonHere.Plug... plugs) {
        this.isHere = isHere;
        this.plugs = List.of(plugs);
        try {
            folder = Files.createTempDirectory("lep").toRealPath();
            for (String part : List.of("home", "config/leprechaun/recipes", "state", "run", "work", "output")) {
                Files.createDirectories(folder.resolve(part));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        environment.put("PATH", "/usr/local/bin:/usr/bin:/bin");
        environment.put("HOME", folder.resolve("home").toString());
        environment.put("XDG_CONFIG_HOME", folder.resolve("config").toString());
        environment.put("XDG_STATE_HOME", folder.resolve("state").toString());
        environment.put("XDG_RUNTIME_DIR", folder.resolve("run").toString());
        environment.put("TZ", "UTC");
        String trust = System.getenv("LEPRECHAUN_TRUST_TREE");
        if (trust != null) { // root in a checkout that is not root's
            environment.put("LEPRECHAUN_TRUST_TREE", trust);
        }
        settings("");
    }

    /** The end of a process. */
    record Ended(int code, String out, String err) {
        JsonNode json() {
            return JSON.readTree(out);
        }
    }

    /** A running process, with the files of its output. */
    record Begun(Process process, Path out, Path err) {
        String printed() {
            return text(out);
        }

        Ended end() throws InterruptedException {
            assertThat(process.waitFor(2 * PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .as("%s ends; it printed %s%s", process, text(out), text(err))
                    .isTrue();
            return new Ended(process.exitValue(), text(out), text(err));
        }
    }

    Path folder() {
        return folder;
    }

    /** Returns the folder of recipes that do not name one. */
    Path work() {
        return folder.resolve("work");
    }

    Path state() {
        return folder.resolve("state/leprechaun");
    }

    Path socket() {
        return folder.resolve("run/leprechaun.sock");
    }

    Path recipes() {
        return folder.resolve("config/leprechaun/recipes");
    }

    Path settingsFile() {
        return folder.resolve("config/leprechaun/leprechaun.yml");
    }

    /** Mounts an empty disk at a folder, until the test is over. Only root may. */
    SmallDisk mount(Path folder, int megabytes) throws IOException {
        var disk = new SmallDisk(folder, megabytes);
        disks.add(disk);
        return disk;
    }

    /** Returns the environment of every process that is started from now on; to be changed. */
    Map<String, String> environment() {
        return environment;
    }

    /** Writes the settings: these lines, beside the folder of recipes, the address for hooks, and the zone. */
    Installation settings(String lines) {
        return write(settingsFile(), """
            timezone: UTC
            agents: { server: { listen: "127.0.0.1:0"%s }%s }
            defaults: { dir: "%s" }
            """.formatted(server, agents, work()) + lines + "\n");
    }

    /** Sets the settings of other agents, {@code cron: { … }} for example. */
    Installation agents(String more) {
        agents = ", " + more;
        return settings("");
    }

    /** Sets the settings of the server besides its address, {@code tls: { … }} for example. */
    Installation server(String more) {
        server = ", " + more;
        return settings("");
    }

    /** Writes a recipe's file in place. */
    Installation recipe(String name, String text) {
        return write(recipes().resolve(name + ".yml"), text);
    }

    /** Makes an empty file in the folder of recipes. */
    void touch(String name) {
        write(work().resolve(name), "");
    }

    private Installation write(Path file, String text) {
        try {
            Files.writeString(file, text);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a daemon and waits until it is ready. */
    RunningDaemon start(String... words) {
        return isHere ? startHere() : new RunningDaemon(this, beginDaemon(words)).awaitReady();
    }

    private RunningDaemon startHere() {
        Path log = folder.resolve("output/" + ++outputs + ".err");
        try {
            closeLogs();
            logs.push(DaemonHere.logTo(Files.newOutputStream(log)));
            var daemon = DaemonHere.start(settingsFile(), recipes(), state(), socket(), plugs);
            daemonsHere.push(daemon);
            return new RunningDaemon(this, new DaemonLife.Here(daemon, log));
        } catch (Exception e) {
            throw new IllegalStateException(text(log), e);
        }
    }

    private void closeLogs() throws Exception {
        while (!logs.isEmpty()) {
            logs.pop().close();
        }
    }

    /** Makes another user the owner of all files, as root may. */
    void giveTo(String user) throws IOException, InterruptedException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(shell("chown -R " + user + " " + folder).code()).isZero();
    }

    /** Starts a daemon of another user, as root may. */
    RunningDaemon startAs(String user) {
        var begun = beginDaemonBy("/usr/bin/setpriv", "--reuid=" + user, "--regid=" + user, "--clear-groups");
        return new RunningDaemon(this, begun).awaitReady();
    }

    /** Begins a daemon by another program that becomes it, or stands beside it. */
    Begun beginDaemonBy(String... words) {
        return begin(Stream.concat(
                        Stream.of(words),
                        Stream.of(TREE.resolve("bin/leprechaund").toString()))
                .toList());
    }

    /**
     * Begins a daemon whose system calls strace changes, beside it: the process that was begun is the daemon itself.
     *
     * @param calls the names of the calls, separated by commas
     * @param change the change for strace's {@code inject}, {@code error=EIO:when=3}
     */
    Begun beginDaemonInjected(String calls, String change) {
        return beginDaemonBy(
                "strace",
                "-D",
                "-f",
                "-qq",
                "-E",
                "LEPRECHAUN_TRUST_TREE=1", // the launcher's find is not part of the daemon's calls
                "-o",
                "/dev/null",
                "-e",
                "signal=none",
                "-e",
                "trace=" + calls,
                "-e",
                "inject=" + calls + ":" + change);
    }

    /** Starts a daemon that is expected to end by itself. */
    Ended daemon(String... words) throws InterruptedException {
        return beginDaemon(words).end();
    }

    Begun beginDaemon(String... words) {
        return begin(TREE.resolve("bin/leprechaund"), words);
    }

    /** Runs the client to its end. */
    Ended client(String... words) throws InterruptedException {
        return isHere ? clientHere(words) : beginClient(words).end();
    }

    private Ended clientHere(String... words) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        int code = clientHere(out, err, words);
        return new Ended(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private int clientHere(OutputStream out, OutputStream err, String... words) {
        return ClientHere.run(
                environment,
                List.of(words),
                out,
                err,
                offline -> DaemonHere.offline(offlineHere(offline), out, err, plugs));
    }

    /**
     * Returns the words for {@code leprechaund offline}, with the paths of this place, which it would otherwise take
     * from its environment.
     */
    private List<String> offlineHere(List<String> words) {
        var all = new ArrayList<>(words.subList(1, words.size()));
        Map.of("--config", settingsFile(), "--recipes", recipes(), "--state", state())
                .forEach((option, path) -> {
                    if (!all.contains(option)) {
                        all.addAll(1, List.of(option, path.toString()));
                    }
                });
        return all;
    }

    /** Runs the client to its end, which must be a good one, and reads the document it prints. */
    JsonNode json(String... words) throws InterruptedException {
        Ended ended =
                client(Stream.concat(Stream.of(words), Stream.of("--json")).toArray(String[]::new));
        assertThat(ended.code()).as("%s%s", ended.out(), ended.err()).isZero();
        return ended.json();
    }

    /** Asserts that the history that the daemons left is consistent. */
    void assertVerified() throws InterruptedException {
        Ended verified = client("verify");
        assertThat(verified.code()).as("%s%s", verified.out(), verified.err()).isZero();
    }

    /** Runs a line in a shell to its end. */
    Ended shell(String line) throws InterruptedException {
        return begin(List.of("/bin/sh", "-c", line)).end();
    }

    Begun beginClient(String... words) {
        return isHere ? beginClientHere(words) : begin(TREE.resolve("bin/leprechaun"), words);
    }

    private Begun beginClientHere(String... words) {
        Path out = folder.resolve("output/" + ++outputs + ".out");
        Path err = folder.resolve("output/" + outputs + ".err");
        var process = ClientThread.begin(() -> {
            try (var printed = Files.newOutputStream(out);
                    var said = Files.newOutputStream(err)) {
                return clientHere(printed, said, words);
            }
        });
        processes.push(process);
        return new Begun(process, out, err);
    }

    private Begun begin(Path program, String... words) {
        return begin(
                Stream.concat(Stream.of(program.toString()), Stream.of(words)).toList());
    }

    /** Begins another program, which is ended with the test. */
    Begun begin(String... words) {
        return begin(List.of(words));
    }

    private Begun begin(List<String> words) {
        assertThat(isHere)
                .as("a daemon in this JVM takes the ends of all its children")
                .isFalse();
        Path out = folder.resolve("output/" + ++outputs + ".out");
        Path err = folder.resolve("output/" + outputs + ".err");
        var builder = new ProcessBuilder(words)
                .directory(Path.of("/").toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            processes.push(process);
            return new Begun(process, out, err);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the processes that steps have left, by pid with their command lines: those that work in this folder. */
    Map<Long, String> stepsAlive() {
        var alive = new TreeMap<Long, String>();
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
            all.filter(process -> Proc.workingFolder(process.pid()).startsWith(folder.toString()))
                    .forEach(process -> alive.put(process.pid(), Proc.commandLine(process.pid())));
        }
        return alive;
    }

    /** Returns the runs to which these processes belong, by pid. */
    Map<Long, Long> runsAlive() {
        var alive = new TreeMap<Long, Long>();
        stepsAlive()
                .keySet()
                .forEach(pid ->
                        Proc.variable(pid, "LEPRECHAUN_RUN").ifPresent(run -> alive.put(pid, Long.valueOf(run))));
        return alive;
    }

    /** Kills these processes, and leaves the daemons alone. */
    void killSteps() {
        stepsAlive().keySet().forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
    }

    /** Ends every process of it. */
    void killAll() throws InterruptedException {
        for (Process process : processes) {
            process.destroyForcibly().waitFor();
        }
        killSteps();
        for (DaemonHere daemon : daemonsHere) {
            daemon.end();
            eventually(() -> {
                killSteps(); // it waits for those that it has just started
                assertThat(daemon.isAlive()).isFalse();
            });
        }
        eventually(() -> assertThat(stepsAlive()).isEmpty());
    }

    /** Waits until a claim holds. Looks less often as time passes: a look may start a program. */
    static void eventually(ThrowingRunnable claim) {
        await().pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(IterativePollInterval.iterative(
                        before -> before.compareTo(RAREST_LOOK) < 0 ? before.plus(before.dividedBy(2)) : RAREST_LOOK,
                        Duration.ofMillis(20)))
                .atMost(PATIENCE)
                .untilAsserted(claim);
    }

    /** Returns the lines of a file; none when it does not exist. */
    static List<String> lines(Path file) {
        return text(file).lines().toList();
    }

    static String text(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file, StandardCharsets.UTF_8) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void afterEach(ExtensionContext test) throws Exception {
        if (test.getExecutionException().isPresent()) {
            try (Stream<Path> files = Files.list(folder.resolve("output"))) {
                files.filter(file -> file.toString().endsWith(".err"))
                        .sorted()
                        .forEach(file -> System.err.println(
                                "== " + test.getDisplayName() + ", " + file.getFileName() + "\n" + text(file)));
            }
        }
        killAll();
        closeLogs();
        for (SmallDisk disk : disks) {
            disk.close();
        }
        // The shell that keeps the output of a killed daemon's step may still make a file.
        eventually(() -> assertThatCode(this::delete).doesNotThrowAnyException());
    }

    private void delete() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
