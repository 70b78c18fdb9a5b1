package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.PATIENCE;
import static io.leprechaun.daemon.e2e.Installation.eventually;
import static io.leprechaun.daemon.e2e.Installation.lines;
import static io.leprechaun.daemon.e2e.Installation.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Runs answered as accepted are on the disk, and a failure of the disk is reported. The system calls of the built
 * daemon are traced, and made to fail, by strace.
 */
@Tag("proof")
@Timeout(180)
class FlushIT {
    private static final String RECIPE = "definition: hook\nid: knock\noverlap: parallel\nsteps: [ 'true' ]\n";
    private static final int CONNECTIONS = 8;
    private static final int HOOKS_EACH = 25;

    @RegisterExtension
    private final Installation place = new Installation();

    @BeforeAll
    static void strace() {
        Tools.require("that answers wait for the disk is not checked", "strace");
    }

    @Test
    void an_answer_leaves_only_when_what_it_accepts_is_on_disk() throws Exception {
        Path trace = place.folder().resolve("trace");
        place.settings("workers: { queue: 1000 }").recipe("hook", RECIPE);
        var daemon = startUnder(
                "-q",
                "-y",
                "-s",
                "5000", // a page of the store, and more
                "-e",
                "signal=none",
                "-e",
                "trace=fsync,fdatasync,pwrite64,pwritev,read,readv,recvfrom,write,writev,sendto,sendmsg",
                "-o",
                trace.toString());
        int port = daemon.port();
        try (var senders = Executors.newFixedThreadPool(CONNECTIONS)) {
            List<Callable<Integer>> connections = IntStream.range(0, CONNECTIONS)
                    .<Callable<Integer>>mapToObj(number -> () -> knock(port, number))
                    .toList();
            for (var accepted : senders.invokeAll(connections)) {
                assertThat(accepted.get()).isEqualTo(HOOKS_EACH);
            }
        }
        daemon.stop();
        eventually(() -> assertThat(lines(trace).getLast()).contains("+++ exited with"));

        var check = new Check();
        lines(trace).forEach(check::read);
        assertThat(check.early).isEmpty();
        assertThat(check.answered).as("what the trace shows of them").hasSize(CONNECTIONS * HOOKS_EACH);
        assertThat(check.flushes).isPositive();
    }

    /**
     * Sends hooks one after another over one connection, each with a body of its own, and returns the number of
     * accepted ones.
     */
    private static int knock(int port, int connection) throws IOException {
        int accepted = 0;
        try (var socket = new Socket("127.0.0.1", port)) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) PATIENCE.toMillis());
            for (int i = 0; i < HOOKS_EACH; i++) {
                String body = "hook-%02d-%02d".formatted(connection, i);
                String request = "POST /hook?id=knock HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + body.length()
                        + "\r\n\r\n" + body;
                socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
                var answer = new StringBuilder(); // ends with the line with the run's number
                while (!answer.toString().endsWith("}\n")) {
                    int next = socket.getInputStream().read();
                    assertThat(next).as(answer.toString()).isNotNegative();
                    answer.append((char) next);
                }
                accepted += answer.toString().startsWith("HTTP/1.1 202 ") ? 1 : 0;
            }
        }
        return accepted;
    }

    @Test
    void the_check_sees_an_answer_that_came_too_early() {
        String request = "7 read(48<socket:[1]>, \"POST /hook?id=knock HTTP/1.1\\r\\n\\r\\nhook-00-01\", 8192) = 93";
        String written = "9 pwrite64(32</s/leprechaun.db-wal>, \"...hook-00-01\", 4096, 56) = 4096";
        String flushBegins = "9 fsync(32</s/leprechaun.db-wal> <unfinished ...>";
        String flushEnds = "9 <... fsync resumed>) = 0";
        String answer = "7 writev(48<socket:[1]>, [{iov_base=\"HTTP/1.1 202 Accepted\\r\\n\", iov_len=1}], 1) = 1";
        assertThat(early(request, written, flushBegins, flushEnds, answer)).isEmpty();
        assertThat(early(request, written, flushBegins, answer, flushEnds)).hasSize(1);
        assertThat(early(request, flushBegins, written, flushEnds, answer)).hasSize(1);
        assertThat(early(request, flushBegins, flushEnds, answer)).hasSize(1);
        assertThat(early(request, written, flushBegins, "9 <... fsync resumed>) = -1 EIO (Input/output error)", answer))
                .hasSize(1);
        assertThat(early(request, written, flushBegins.replace("-wal", ""), flushEnds, answer))
                .hasSize(1);
        assertThat(early(answer)).hasSize(1);
    }

    private static List<String> early(String... lines) {
        var check = new Check();
        List.of(lines).forEach(check::read);
        return check.early;
    }

    /**
     * A reader of a trace that finds hooks with a premature answer. Each answer must begin after a successful flush of
     * the log that itself began after the hook's body was written there. The order of the lines can be trusted: a
     * thread whose call has ended continues, visibly to others, only when strace has written its line.
     */
    private static final class Check {
        private static final Pattern LINE = Pattern.compile("(\\d+) +(?:<\\.\\.\\. )?(\\w+)(?: resumed>|\\()(.*)");
        private static final Pattern FILE = Pattern.compile("\\d+<[^>]*>");
        private static final Pattern BODY = Pattern.compile("hook-\\d\\d-\\d\\d");

        /** The file of each thread's call under way. */
        private final Map<String, String> files = new HashMap<>();
        /** The hooks that each thread's call under way writes to the log. */
        private final Map<String, Set<String>> writing = new HashMap<>();
        /** The hooks that each thread's flush under way takes to the disk. */
        private final Map<String, Set<String>> flushing = new HashMap<>();
        /** The hook that was read last from each connection. */
        private final Map<String, String> asked = new HashMap<>();

        private final Set<String> written = new HashSet<>();
        private final Set<String> flushed = new HashSet<>();
        final Set<String> answered = new HashSet<>();
        final List<String> early = new ArrayList<>();
        int flushes;

        void read(String line) {
            Matcher call = LINE.matcher(line);
            if (!call.matches()) {
                return; // the end of a thread
            }
            String thread = call.group(1);
            String rest = call.group(3);
            if (!line.contains(" resumed>")) {
                Matcher file = FILE.matcher(rest);
                files.put(thread, file.lookingAt() ? file.group() : "");
                begins(thread, call.group(2), rest);
            }
            if (!line.endsWith("<unfinished ...>")) {
                ends(thread, call.group(2), rest);
            }
        }

        private void begins(String thread, String call, String rest) {
            String file = files.getOrDefault(thread, "");
            if (call.startsWith("pwrite") && isLog(file)) {
                writing.put(thread, bodies(rest));
            } else if (call.endsWith("sync") && isLog(file)) {
                flushing.put(thread, Set.copyOf(written));
            } else if (file.contains("<socket:") && rest.contains("\"HTTP/1.1 202 ")) {
                String hook = asked.getOrDefault(file, "a hook that was not read");
                answered.add(hook);
                if (!flushed.contains(hook)) {
                    early.add(hook);
                }
            }
        }

        private void ends(String thread, String call, String rest) {
            String file = files.getOrDefault(thread, "");
            if (call.startsWith("pwrite") && isLog(file)) {
                written.addAll(writing.getOrDefault(thread, Set.of()));
            } else if (call.endsWith("sync") && isLog(file) && rest.endsWith(" = 0")) {
                flushed.addAll(flushing.getOrDefault(thread, Set.of()));
                flushes++;
            } else if ((call.startsWith("read") || call.startsWith("recv")) && file.contains("<socket:")) {
                bodies(rest).forEach(hook -> asked.put(file, hook));
            }
        }

        private static boolean isLog(String file) {
            return file.endsWith("leprechaun.db-wal>");
        }

        private static Set<String> bodies(String text) {
            var found = new HashSet<String>();
            BODY.matcher(text).results().forEach(body -> found.add(body.group()));
            return found;
        }
    }

    /**
     * Flushes are counted by thread. In a new state folder the first seven are the start's; those of the log are the
     * writer's: seven or eight while it takes its reserve, and then several a hook. Some of these only begin to move
     * the log into the file: always the third, and others depending on current readers. Their failure is not reported,
     * and loses nothing.
     */
    @ParameterizedTest(name = "flush {1} of {0}")
    @CsvSource({"all, 1", "all, 2", "all, 7", "log, 1", "log, 2", "log, 3", "log, 5", "log, 9", "log, 10", "log, 50"})
    void a_flush_that_fails_is_never_taken_for_one_that_went_well(String what, int number) throws Exception {
        place.settings("workers: { queue: 1000 }").recipe("hook", RECIPE);
        Path trace = place.folder().resolve("trace");
        var begun =
                place.beginDaemonBy(what.equals("log") ? strace(failingOfLog(number, trace)) : strace(failing(number)));
        var daemon = new RunningDaemon(place, begun);
        Set<Long> accepted = new HashSet<>();
        if (daemon.becomesReady()) {
            if (knock(daemon, accepted, () -> failedAtAMove(trace)) == 503) {
                nothingMoreIsAccepted(daemon);
                failureIsTold(daemon);
            }
            assertThat(daemon.runs("hook").stream().map(run -> run.get("id").asLong()))
                    .as("what is kept can be read")
                    .containsAll(accepted);
            long before = System.nanoTime();
            daemon.stop();
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(20));
        } else {
            var refused = begun.end();
            assertThat(refused.code()).isEqualTo(2);
            assertThat(refused.err()).hasLineCount(1).containsAnyOf("check the disk", "Input/output error");
        }

        allAreThere(place.start(), accepted);
    }

    private String[] failingOfLog(int number, Path trace) {
        return failing(
                number,
                "-P",
                place.state() + "/leprechaun.db-wal",
                "-e",
                "trace=fsync,fdatasync,pwrite64",
                "-o",
                trace.toString());
    }

    /**
     * Returns whether the flush that failed had nothing to take to the disk: the log was flushed before it and not
     * written since, as when SQLite is about to move it.
     */
    private static boolean failedAtAMove(Path trace) throws IOException {
        var calls = text(trace).lines().toList();
        for (int i = 1; i < calls.size(); i++) {
            if (calls.get(i).endsWith("(INJECTED)")) {
                return calls.get(i - 1).contains("sync(");
            }
        }
        return false;
    }

    /**
     * The log is moved into the store's file when it has become long: then SQLite does not report that this failed. It
     * need not, for the log keeps everything until all of it was moved again and flushed. The sweep of old runs moves
     * it, too: then the daemon gets the error and accepts nothing more.
     */
    @Test
    void nothing_is_lost_when_the_log_cannot_be_moved_into_the_store() throws Exception {
        place.settings("workers: { queue: 1000 }").recipe("hook", RECIPE);
        var first = place.start(); // else the first flush of the file would be the start's, or the reserve's
        RunningDaemon.ticket(first.post("/hook?id=knock"));
        assertThat(first.stop()).isZero();
        Path trace = place.folder().resolve("trace");
        var daemon = startUnder(failing(1, "-P", place.state() + "/leprechaun.db", "-o", trace.toString()));
        Set<Long> accepted = new HashSet<>();
        if (knock(daemon, accepted, () -> text(trace).contains("(INJECTED)")) == 503) {
            failureIsTold(daemon);
        }
        assertThat(text(trace)).contains("(INJECTED)");
        daemon.killHard();
        allAreThere(place.start(), accepted);
    }

    /** Asserts that accepted runs are over or known to be lost, and that more are accepted. */
    private static void allAreThere(RunningDaemon daemon, Set<Long> accepted) throws Exception {
        eventually(() -> assertThat(daemon.runs("hook"))
                .allSatisfy(run -> assertThat(run.get("state").asString()).isIn("succeeded", "lost")));
        assertThat(daemon.runs("hook").stream().map(run -> run.get("id").asLong()))
                .containsAll(accepted)
                .doesNotHaveDuplicates();
        RunningDaemon.ticket(daemon.post("/hook?id=knock"));
    }

    /**
     * Sends hooks until a flush failed, and adds the accepted runs. Returns the last answer's status: 503, or 202 where
     * the failure need not be reported.
     */
    private static int knock(RunningDaemon daemon, Set<Long> accepted, Callable<Boolean> failedUnheard)
            throws Exception {
        while (true) {
            var answer = daemon.post("/hook?id=knock");
            if (answer.statusCode() != 202) {
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
                return 503;
            }
            accepted.add(RunningDaemon.ticket(answer));
            if (failedUnheard.call()) {
                return 202;
            }
            assertThat(accepted).as("the flush that fails comes sooner").hasSizeLessThan(1000);
        }
    }

    private static void nothingMoreIsAccepted(RunningDaemon daemon) throws Exception {
        for (int i = 0; i < 10; i++) {
            assertThat(daemon.post("/hook?id=knock").statusCode()).isEqualTo(503);
        }
    }

    private static void failureIsTold(RunningDaemon daemon) throws IOException {
        var health = daemon.api().send("GET", "/health");
        assertThat(health.status()).isEqualTo(503);
        assertThat(health.body()).contains("leprechaun.db fails", "check the disk");
        assertThat(daemon.log()).contains("the store has failed, read-only until restart");
    }

    /**
     * As an error of the disk makes a file system read-only while its files are open; a test cannot cause that for one
     * folder, so the calls are made to fail.
     */
    @Test
    void a_state_folder_that_becomes_read_only_is_told_and_loses_nothing() throws Exception {
        place.recipe("hook", RECIPE);
        var daemon = place.start();
        Set<Long> accepted = new HashSet<>(Set.of(RunningDaemon.ticket(daemon.post("/hook?id=knock"))));
        String calls = "pwrite64,fsync,fdatasync,ftruncate";
        String store = place.state() + "/leprechaun.db";
        var strace = place.begin(
                        "strace",
                        "-f",
                        "-qq",
                        "-p",
                        Long.toString(daemon.pid()),
                        "-e",
                        "signal=none",
                        "-e",
                        "trace=" + calls,
                        "-e",
                        "inject=" + calls + ":error=EROFS",
                        "-P",
                        store,
                        "-P",
                        store + "-wal",
                        "-o",
                        "/dev/null")
                .process();
        try {
            assertThat(knock(daemon, accepted, () -> false)).isEqualTo(503);
            nothingMoreIsAccepted(daemon);
            failureIsTold(daemon);
            assertThat(place.client("runs").code())
                    .as("what is kept can be read")
                    .isZero();
        } finally {
            strace.destroy();
            strace.onExit().join();
        }
        assertThat(daemon.stop()).isZero();
        allAreThere(place.start(), accepted);
    }

    @Test
    void a_state_folder_that_is_read_only_at_a_start_is_told() throws Exception {
        assumeThat(SmallDisk.mayBeMounted()).as("only root may mount").isTrue();
        place.recipe("hook", RECIPE);
        place.mount(place.state().getParent(), 64);
        var daemon = place.start();
        Set<Long> accepted = Set.of(RunningDaemon.ticket(daemon.post("/hook?id=knock")));
        assertThat(daemon.stop()).isZero();
        assertThat(place.shell("mount -o remount,ro " + place.state().getParent())
                        .code())
                .isZero();
        var refused = place.beginDaemon().end();
        assertThat(refused.code()).as("it may pass").isEqualTo(75);
        assertThat(refused.err())
                .hasLineCount(1)
                .contains("cannot use the state folder " + place.state(), "Read-only file system", "make it writable");
        place.assertVerified();
        assertThat(place.client("backup", place.folder().resolve("copy.db").toString())
                        .code())
                .isZero();
        assertThat(place.client("runs", "-q").out()).contains("1");
        assertThat(place.shell("mount -o remount,rw " + place.state().getParent())
                        .code())
                .isZero();
        allAreThere(place.start(), accepted);
    }

    private RunningDaemon startUnder(String... options) {
        return new RunningDaemon(place, place.beginDaemonBy(strace(options))).awaitReady();
    }

    /** Returns the strace options by which the n-th flush of each thread fails. */
    private static String[] failing(int number, String... options) {
        var words = new ArrayList<>(List.of("-qq", "-e", "signal=none", "-e", "trace=fsync,fdatasync"));
        words.addAll(List.of("-e", "inject=fsync,fdatasync:error=EIO:when=" + number, "-o", "/dev/null"));
        words.addAll(List.of(options));
        return words.toArray(String[]::new);
    }

    /** Returns a strace command. With -D strace is detached: the process that was begun is the daemon itself. */
    private static String[] strace(String... options) {
        var words = new ArrayList<>(List.of("strace", "-D", "-f", "--seccomp-bpf"));
        words.addAll(List.of(options));
        return words.toArray(String[]::new);
    }
}
