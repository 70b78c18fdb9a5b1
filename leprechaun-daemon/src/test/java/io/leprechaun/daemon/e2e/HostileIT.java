package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Whatever is sent or written: recipes, settings, bodies, heads and arguments from a seeded generator, mixed, for
 * {@code leprechaun.hostile.seconds}. The daemon keeps its pid, stays healthy, keeps its memory bounded, and answers
 * honest hooks within a second.
 */
@Tag("proof")
@Isolated
class HostileIT {
    private static final int SECONDS = Integer.getInteger("leprechaun.hostile.seconds", 45);
    private static final long SEED = Long.getLong("leprechaun.seed", 19);
    private static final long MOST_MEMORY_KIB = 512 * 1024;
    /**
     * A connection that is closed while Jetty reads it: Jetty would release its buffer twice, notices that, and ends
     * that connection alone. Once in 200,000 actions.
     */
    private static final Pattern JETTYS_RACE =
            Pattern.compile("WARN  Job failed\njava.lang.IllegalStateException: already released.*\n(\tat .*\n)*");

    private static final Pattern RSS = Pattern.compile("VmRSS:\\s+([0-9]+) kB");
    /** The exit codes that the client and the daemon's checks may return; 70 is a defect. */
    private static final Set<Integer> CODES = Set.of(0, 1, 2, 3, 4, 5, 6, 7);

    private static final String NOISE = ":-!>{}[]|&*#'\"%@,?\t\n ab01\u0000\u0085\ufeff漢";

    private static final List<String> WORDS = List.of(
            "scheduler",
            "cron",
            "server",
            "daemon",
            "book",
            "history",
            "hook",
            "notify",
            "info",
            "start",
            "pause",
            "ls",
            "run",
            "runs",
            "logs",
            "why",
            "next",
            "kill",
            "check",
            "verify",
            "simulate",
            "new",
            "show",
            "env",
            "usage",
            "locks",
            "retry",
            "wait",
            "workers:list",
            "queue:drop",
            "honest",
            "tick",
            "--json",
            "-q",
            "-n",
            "--since",
            "--at",
            "--step",
            "--from",
            "-p",
            "x=1",
            "--pattern",
            "* * * * *",
            "L W # ?",
            "--zone",
            "Mars/X",
            "1",
            "-1",
            "999999999999999999999",
            "9223372036854775807",
            "2026-02-30",
            "\u0000",
            "\u202e",
            "\ud800",
            "",
            "../../etc/passwd",
            "a".repeat(5000),
            "%00",
            "\n",
            "*/0 * * * *",
            "@every 0s",
            "--limit",
            "--follow");

    @RegisterExtension
    private final Installation place = new Installation();

    private final Random random = new Random(SEED);
    private final Deque<AutoCloseable> held = new ArrayDeque<>();
    private final List<Long> honest = new CopyOnWriteArrayList<>();
    private final List<String> dishonoured = new CopyOnWriteArrayList<>();

    @Test
    @Timeout(value = 3, unit = TimeUnit.HOURS)
    void nothing_that_is_sent_or_written_ends_the_daemon_or_silences_it() throws Exception {
        place.recipe("honest", "definition: hook\nid: an-honest-hook\noverlap: parallel\nsteps: [ 'true' ]");
        place.recipe("tick", "definition: cron\npattern: '* * * * * *'\nsteps: [ 'true' ]");
        place.recipe("guarded", """
            definition: hook
            id: a-guarded-hook
            overlap: parallel
            hook:
              rules: { or: [ { json: ref, regex: '^refs/(heads|tags)/[a-z]+$' }, { json: a.0.b, in: [ x, y ] }, { form: f, match: x } ] }
              params: { who: { json: commits.0.author, max: 100 }, all: { json: commits }, q: { query: q }, h: { header: X-Any } }
            steps: [ 'echo "$LEPRECHAUN_PARAM_WHO" > /dev/null' ]
            """);
        var daemon = place.start();
        long pid = daemon.pid();
        var over = new AtomicBoolean();
        Thread sender = Thread.ofPlatform().start(() -> sendHonestly(daemon, over));
        long end = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos();
        long actions = 0;
        long memory = 0;
        try {
            while (System.nanoTime() < end) {
                act(daemon);
                actions++;
                if (actions % 50 == 0) {
                    assertThat(daemon.isAlive()).as(daemon.log()).isTrue();
                    memory = Math.max(memory, memory(pid));
                }
            }
        } finally {
            over.set(true);
            sender.join();
            release(0);
        }
        System.out.printf(
                "%d hostile actions (seed %d), %d honest hooks, the 99th of 100 within %d ms, %d MiB at most%n",
                actions, SEED, honest.size(), TimeUnit.NANOSECONDS.toMillis(late()), memory / 1024);
        assertThat(dishonoured).as("honest hooks that were not accepted").isEmpty();
        assertThat(Duration.ofNanos(late())).isLessThan(Duration.ofSeconds(1));
        assertThat(memory).isLessThan(MOST_MEMORY_KIB);
        assertThat(JETTYS_RACE.matcher(daemon.log()).replaceAll(""))
                .doesNotContain("internal error")
                .doesNotContain("\tat ");
        eventually(
                () -> assertThat(daemon.api().send("GET", "/health").status()).isEqualTo(200));
        int before = daemon.runs("tick").size();
        eventually(() -> assertThat(daemon.runs("tick").size() >= 2000
                        || daemon.runs("tick").size() > before)
                .isTrue());
        place.recipe("late", "steps: [ 'true' ]");
        eventually(() ->
                assertThat(daemon.runToEnd("late").get("state").asString()).isEqualTo("succeeded"));
        assertThat(daemon.stop()).isZero();
        place.assertVerified();
    }

    private void sendHonestly(RunningDaemon daemon, AtomicBoolean over) {
        while (!over.get()) {
            long sent = System.nanoTime();
            try (var socket = new Socket(InetAddress.getLoopbackAddress(), daemon.port())) {
                socket.setSoTimeout(20_000);
                socket.getOutputStream()
                        .write(("POST /hook?id=an-honest-hook HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                                        + "Content-Length: 4\r\n\r\nbody")
                                .getBytes(StandardCharsets.US_ASCII));
                String head = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
                if (!head.equals("HTTP/1.1 202")) {
                    dishonoured.add(head);
                }
            } catch (IOException e) {
                dishonoured.add(e.toString());
            }
            honest.add(System.nanoTime() - sent);
            try {
                Thread.sleep(50); // the pace of an honest sender
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private long late() {
        var sorted = new ArrayList<>(honest);
        sorted.sort(null);
        return sorted.isEmpty() ? 0 : sorted.get(sorted.size() * 99 / 100);
    }

    private static long memory(long pid) throws IOException {
        var found = RSS.matcher(Files.readString(Path.of("/proc/" + pid + "/status")));
        return found.find() ? Long.parseLong(found.group(1)) : 0;
    }

    private void act(RunningDaemon daemon) throws Exception {
        int dice = random.nextInt(1000);
        if (dice < 350) {
            writeRecipe();
        } else if (dice < 700) {
            sendHook(daemon);
        } else if (dice < 800) {
            sendHead(daemon.port());
        } else if (dice < 990) {
            askApi();
        } else if (dice < 995) {
            client();
        } else {
            check();
        }
        release(300);
    }

    private void release(int most) {
        while (held.size() > most) {
            try {
                held.removeFirst().close();
            } catch (Exception e) {
                // the other side was first
            }
        }
    }

    // ---- files

    private void writeRecipe() throws IOException {
        Path file = place.recipes().resolve("hostile-" + random.nextInt(12) + ".yml");
        try {
            switch (random.nextInt(8)) {
                case 0 -> Files.deleteIfExists(file);
                case 1 -> {
                    Path aside = place.folder().resolve("aside");
                    Files.write(aside, recipe());
                    Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
                }
                case 2 -> {
                    Files.deleteIfExists(file);
                    Files.createSymbolicLink(
                            file,
                            Path.of(List.of("/dev/zero", "/nowhere", "/proc/self/mem", "/")
                                    .get(random.nextInt(4))));
                }
                case 3 -> {
                    if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) { // never a file of the host's
                        Files.setPosixFilePermissions(
                                file,
                                PosixFilePermissions.fromString(random.nextBoolean() ? "---------" : "rw-rw-rw-"));
                    }
                }
                default -> {
                    if (Files.isSymbolicLink(file)) {
                        Files.delete(file);
                    }
                    Files.write(file, recipe());
                }
            }
        } catch (FileSystemException e) {
            // a folder, or a file without permissions
        }
    }

    private byte[] recipe() {
        String text = switch (random.nextInt(14)) {
            case 0 -> "steps:\n  - tar" + " f".repeat(random.nextInt(100_000)) + "\n";
            case 1 -> "k: ".repeat(random.nextInt(3000)) + "x";
            case 2 -> "x: " + "[".repeat(random.nextInt(50_000));
            case 3 -> "steps: [ 'true' ]\n" + "漢".repeat(60) + ": [" + "*a,".repeat(random.nextInt(80_000)) + "]\n";
            case 4 -> "expect: { output: '" + pattern() + "' }\nsteps: [ 'echo a' ]\n";
            case 5 ->
                "definition: hook\nid: hostile-hook-" + random.nextInt(1000) + "\nhook: { rules: { json: a, regex: '"
                        + pattern() + "' } }\nsteps: [ 'true' ]\n";
            case 6 -> "definition: cron\npattern: '" + fields() + "'\nsteps: [ 'true' ]\n";
            case 7 -> "hook: { rules: " + "{ not: ".repeat(random.nextInt(200)) + "x";
            case 8 -> noise(random.nextInt(4000));
            case 9 -> "? [a, b]\n: c\n" + "a".repeat(random.nextInt(200_000)) + ": 1\n";
            case 10 -> "steps: [ " + "'true', ".repeat(random.nextInt(20_000)) + "]\n";
            case 11 -> "env: {" + "A: b, ".repeat(random.nextInt(9_000)) + "}\nsteps: [ 'true' ]\n";
            case 12 ->
                "after: [ hostile-" + random.nextInt(12) + " ]\nname: h" + random.nextInt(3) + "\nsteps: [ 'true' ]\n";
            default ->
                "schedule: { sec: " + (1 + random.nextInt(3)) + " }\ndefinition: schedule\ntimeout: " + random.nextInt()
                        + "s\nsteps:\n  - ! 'echo " + "$(".repeat(random.nextInt(300)) + "'\n  - -> true\n";
        };
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int i = random.nextInt(3); i > 0 && bytes.length > 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        return bytes;
    }

    private String pattern() {
        var pattern = new StringBuilder("a");
        for (int i = random.nextInt(200); i > 0; i--) {
            pattern = switch (random.nextInt(6)) {
                case 0 -> pattern.insert(0, '(').append("){0," + random.nextInt(1200) + "}");
                case 1 -> pattern.insert(0, '(').append(")*");
                case 2 -> pattern.insert(0, "(?:").append("|b)+?");
                case 3 -> pattern.append("[^a-\\x{10FFFF}]");
                case 4 -> pattern.append("\\pL");
                default -> pattern.insert(0, '(').append("|)");
            };
            if (pattern.length() > 60_000) {
                break;
            }
        }
        return pattern.toString();
    }

    private String fields() {
        var fields = new ArrayList<String>();
        for (int i = 4 + random.nextInt(4); i > 0; i--) {
            fields.add(List.of(
                            "*",
                            "*/" + random.nextInt(70),
                            "L",
                            "1-5,".repeat(random.nextInt(9000)) + "7",
                            "31",
                            "mon#5")
                    .get(random.nextInt(6)));
        }
        return String.join(" ", fields);
    }

    private String noise(int length) {
        var noise = new StringBuilder();
        for (int i = 0; i < length; i++) {
            noise.append(NOISE.charAt(random.nextInt(NOISE.length())));
        }
        return noise.toString();
    }

    // ---- the hook port

    private void sendHook(RunningDaemon daemon) throws IOException {
        byte[] body = body();
        String id = List.of("a-guarded-hook", "a-guarded-hook", "nobody", "hostile-hook-1")
                .get(random.nextInt(4));
        String type = List.of("application/json", "application/x-www-form-urlencoded", "text/plain", "a/b; charset=x")
                .get(random.nextInt(4));
        boolean chunked = random.nextInt(4) == 0;
        String head = "POST /hook?id=" + id + (random.nextInt(10) == 0 ? "&wait=1h" : "")
                + "&q=%41%2 HTTP/1.1\r\nHost: x\r\n"
                + "Content-Type: " + type + "\r\n"
                + (random.nextInt(5) == 0 ? "Idempotency-Key: " + random.nextInt(50) + "\r\n" : "")
                + (chunked ? "Transfer-Encoding: chunked" : "Content-Length: " + (body.length + random.nextInt(2)))
                + "\r\n\r\n";
        var socket = new Socket(
                InetAddress.getLoopbackAddress(),
                daemon.port(),
                InetAddress.ofLiteral("127.0.0." + (2 + random.nextInt(9))),
                0);
        held.addLast(socket);
        socket.setSoTimeout(50);
        var out = socket.getOutputStream();
        try {
            out.write(head.getBytes(StandardCharsets.ISO_8859_1));
            if (chunked) {
                out.write((Integer.toHexString(body.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            }
            out.write(body, 0, random.nextInt(4) == 0 ? body.length / 2 : body.length);
            if (chunked) {
                out.write("\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            }
            if (random.nextInt(3) == 0) {
                socket.getInputStream().read();
            }
            if (random.nextInt(3) == 0) {
                socket.setSoLinger(random.nextBoolean(), 0);
                socket.close();
            }
        } catch (IOException e) {
            // it was refused, or it did not answer yet
        }
    }

    private byte[] body() {
        int times = random.nextInt(10) == 0 ? 200_000 : random.nextInt(3_000);
        String text = switch (random.nextInt(10)) {
            case 0 -> "[" + "{},".repeat(times) + "{}]";
            case 1 -> "{\"ref\":\"refs/heads/main\",\"x\":[" + "{\"a\":{}},".repeat(times / 3) + "1]}";
            case 2 -> "[".repeat(times);
            case 3 -> "{\"a\":".repeat(times);
            case 4 -> "1".repeat(times * 4);
            case 5 -> "{\"commits\":[{\"author\":\"" + "x".repeat(times * 4) + "\"}]}";
            case 6 -> "f=" + "%41".repeat(times) + "&payload=" + "[".repeat(times);
            case 7 -> "a=b&".repeat(times);
            case 8 -> "{\"k" + random.nextInt() + "\":1," + "\"\\ud800\":2,".repeat(times / 10) + "\"ref\":null}";
            default -> noise(Math.min(times, 3000));
        };
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void sendHead(int port) throws IOException {
        var socket = new Socket(
                InetAddress.getLoopbackAddress(), port, InetAddress.ofLiteral("127.0.0." + (2 + random.nextInt(9))), 0);
        held.addLast(socket);
        String head = switch (random.nextInt(8)) {
            case 0 -> "POST /hook?id=a-guarded-hook HTTP/1.1\r\nHost: x\r\nX: " + "a".repeat(random.nextInt(40_000));
            case 1 -> "GET /" + "%2e".repeat(random.nextInt(3_000)) + " HTTP/1.1\r\nHost: x\r\n\r\n";
            case 2 -> "POST /hook HTTP/1.1\r\nHost: x\r\n" + "A: b\r\n".repeat(random.nextInt(3_000)) + "\r\n";
            case 3 -> "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + noise(200);
            case 4 ->
                "POST /hook?id=a-guarded-hook HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n";
            case 5 -> "GET /ping HTTP/1.1\r\nHost: x\r\n\r\n".repeat(random.nextInt(300));
            case 6 ->
                "POST /hook?id=a-guarded-hook HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffff\r\n";
            default -> noise(random.nextInt(2_000));
        };
        try {
            socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            // it was refused
        }
    }

    // ---- the socket, and the programs

    private List<String> words() {
        var words = new ArrayList<String>();
        for (int i = random.nextInt(6); i >= 0; i--) {
            words.add(random.nextInt(6) == 0 ? noise(random.nextInt(40)) : WORDS.get(random.nextInt(WORDS.size())));
        }
        return words;
    }

    private void askApi() throws IOException {
        var words = words();
        String path = "/" + words.getFirst() + "/" + words.getLast().replace(':', '/');
        if (path.contains("daemon/kill") || path.contains("stop")) {
            return;
        }
        var target = new StringBuilder(path.replaceAll("[^\\x21-\\x7e]", "%"));
        for (String word : words) {
            target.append(target.indexOf("?") < 0 ? "?args=" : "&args=")
                    .append(java.net.URLEncoder.encode(word, StandardCharsets.UTF_8));
        }
        String head = (random.nextInt(3) == 0 ? "POST " : "GET ") + target + " HTTP/1.1\r\nHost: localhost\r\n"
                + (random.nextBoolean() ? "Accept: text/plain\r\n" : "")
                + (random.nextInt(6) == 0 ? "X: " + "y".repeat(random.nextInt(70_000)) : "Connection: close\r\n\r\n");
        var channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        held.addLast(channel);
        try {
            channel.connect(UnixDomainSocketAddress.of(place.socket()));
            channel.configureBlocking(false);
            channel.write(ByteBuffer.wrap(head.getBytes(StandardCharsets.ISO_8859_1)));
            if (random.nextInt(4) == 0) {
                channel.shutdownOutput();
            }
            if (random.nextInt(4) == 0) {
                channel.close();
            }
        } catch (IOException e) {
            // it was refused
        }
    }

    private void client() throws Exception {
        var words = new ArrayList<>(words());
        words.removeIf(word -> word.indexOf('\0') >= 0 || word.equals("--follow") || word.equals("wait"));
        assertSpoken(words, place.client(words.toArray(String[]::new)));
    }

    private void check() throws Exception {
        Path file = place.folder().resolve("checked.yml");
        Files.write(file, recipe());
        boolean settings = random.nextBoolean();
        var words = settings ? List.of("--check", "--config", file.toString()) : List.of("check", file.toString());
        var ended = settings ? place.daemon(words.toArray(String[]::new)) : place.client(words.toArray(String[]::new));
        assertSpoken(words, ended);
    }

    private static void assertSpoken(List<String> words, Installation.Ended ended) {
        assertThat(CODES).as("%s: %s%s", words, ended.out(), ended.err()).contains(ended.code());
        assertThat(ended.out() + ended.err())
                .as("%s", words)
                .doesNotContain("Exception in thread")
                .doesNotContain("\tat ");
    }
}
