package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.leprechaun.daemon.e2e.Checker.Row;
import io.leprechaun.daemon.e2e.Witness.Event;
import io.leprechaun.daemon.notify.delivery.SmtpServer;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Small recipes beside greedy neighbours: they start about as soon as on a quiet daemon, and none fails to.
 * {@code -Dleprechaun.neighbour.seconds=180} measures each of both for longer.
 */
@Tag("proof")
@Timeout(1800)
@Isolated("it measures")
class NeighboursIT {
    private static final Duration LENGTH = Duration.ofSeconds(Integer.getInteger("leprechaun.neighbour.seconds", 6));
    private static final Duration WARM_UP = Duration.ofSeconds(3);
    private static final int TICKS = 40;
    private static final int HOOKS_A_SECOND = 10;
    private static final int SLOW = 200;
    private static final String POST = "POST /hook?id=the-id-of-hook HTTP/1.1\r\nHost: localhost\r\n";

    @RegisterExtension
    private final Installation place = new Installation();

    /** The time at which each hook was sent, by its run. */
    private final Map<Long, Instant> sent = new ConcurrentHashMap<>();
    /** The answers to hooks that were not accepted. */
    private final Queue<String> refused = new ConcurrentLinkedQueue<>();

    private final AtomicInteger unanswered = new AtomicInteger();

    @Test
    void bad_neighbours_delay_nobody_much() throws Exception {
        Tools.require("that bad neighbours delay nobody is not checked", "bash");
        var witness = new Witness(place.folder());
        boolean root = SmallDisk.mayBeMounted();
        Path full = Files.createDirectory(place.folder().resolve("full"));
        String tooSmall = root ? full + "/file" : "/dev/full";
        if (root) {
            place.mount(full, 16);
        }
        try (var tarpit = new SmtpServer(this::neverAnswer);
                ScheduledExecutorService senders = Executors.newScheduledThreadPool(2)) {
            place.settings("workers: { max: 20, queue: 10000 }\nnotify: { mail: { smtp: \"smtp://127.0.0.1:"
                    + tarpit.port() + "\", from: leprechaun@example.org, to: ops@example.org } }");
            for (int i = 1; i <= TICKS; i++) {
                String cron = "definition: cron\npattern: '* * * * * *'\noverlap: parallel\n";
                place.recipe("tick-" + i, witness.recipe(cron, ":"));
            }
            place.recipe("hook", witness.recipe("definition: hook\nid: the-id-of-hook\noverlap: parallel\n", ":"));
            place.recipe("loud", "on_stop: kill\nsteps: [ 'while :; do head -c 1M /dev/zero; sleep 0.1; done' ]\n");
            RunningDaemon daemon = place.start();
            var knocking =
                    senders.scheduleAtFixedRate(() -> knock(daemon), 0, 1000 / HOOKS_A_SECOND, TimeUnit.MILLISECONDS);

            live(WARM_UP);
            Instant begin = Instant.now();
            live(LENGTH);
            Instant quietUntil = Instant.now();

            place.recipe(
                    "fail",
                    "definition: cron\npattern: '* * * * * *'\nsteps: [ 'head -c 50M /dev/zero > %s' ]\n"
                            .formatted(tooSmall));
            assertThat(place.client("daemon", "reload").code()).isZero();
            long loud = daemon.begin("loud");
            try (var slow = new SlowSenders(
                    daemon.port(), SLOW, List.of(POST + "Content-Length: 1000\r\n\r\n", POST + "X-Slow: "))) {
                var trickling = senders.scheduleWithFixedDelay(slow::trickle, 0, 200, TimeUnit.MILLISECONDS);
                eventually(() -> {
                    assertThat(slow.open()).isEqualTo(SLOW);
                    assertThat(unanswered).hasPositiveValue();
                });
                Instant noisyFrom = Instant.now();
                live(LENGTH);
                Instant noisyUntil = Instant.now();
                knocking.cancel(false);
                trickling.cancel(false);

                Row stillLoud = Row.of(daemon.run(loud));
                assertThat(stillLoud.named()).contains("(running)");
                assertThat(place.client("cron", "stop").code()).isZero(); // which waits for running ones
                daemon.awaitIdle("server");
                Delays quiet = delays(witness.seen(), begin, quietUntil);
                Delays noisy = delays(witness.seen(), noisyFrom, noisyUntil);
                System.err.printf("NeighboursIT: quiet %s; with neighbours %s%n", quiet, noisy);

                assertThat(refused).isEmpty();
                allWereStarted(daemon, witness.seen(), begin, noisyUntil);
                Duration bound = max(quiet.of(99).multipliedBy(2), quiet.of(99).plusSeconds(2));
                assertThat(noisy.of(99)).isLessThanOrEqualTo(bound);
            }
            assertThat(daemon.stop()).isZero();
        }
    }

    /** Waits for the time of the measurement, and not for an event. */
    private static void live(Duration length) throws InterruptedException {
        Thread.sleep(length);
    }

    private void neverAnswer(Socket socket) throws IOException {
        unanswered.incrementAndGet();
        SmtpServer.silent(socket);
    }

    private void knock(RunningDaemon daemon) {
        try {
            Instant now = Instant.now();
            var answer = daemon.post("/hook?id=the-id-of-hook", "a small body".getBytes(StandardCharsets.US_ASCII));
            if (answer.statusCode() == 202) {
                sent.put(RunningDaemon.ticket(answer), now);
            } else {
                refused.add(answer.statusCode() + " " + answer.body());
            }
        } catch (IOException e) {
            refused.add(e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The delays from the due instant or the sent hook to the beginning of the step, shortest first. */
    private record Delays(List<Duration> sorted) {
        Duration of(int percent) {
            return sorted.get((sorted.size() - 1) * percent / 100);
        }

        @Override
        public String toString() {
            return "%d runs, %d ms (median), %d ms (99 of 100), %d ms (longest)"
                    .formatted(sorted.size(), of(50).toMillis(), of(99).toMillis(), of(100).toMillis());
        }
    }

    private Delays delays(List<Witness.Line> seen, Instant from, Instant until) {
        var all = new ArrayList<Duration>();
        for (Witness.Line line : seen) {
            Instant due = line.due().orElseGet(() -> sent.getOrDefault(line.run(), Instant.MIN));
            if (line.event() == Event.BEGIN && !due.isBefore(from) && due.isBefore(until)) {
                all.add(Duration.between(due, line.at()));
            }
        }
        assertThat(all).hasSizeGreaterThan(TICKS);
        return new Delays(all.stream().sorted().toList());
    }

    /** Asserts that each small recipe has run at each due instant, and each accepted hook has run. */
    private void allWereStarted(RunningDaemon daemon, List<Witness.Line> seen, Instant from, Instant until)
            throws IOException {
        List<Row> rows = RunningDaemon.list(
                        daemon.ask("/history/list?args=-n&args=100000").get("runs"))
                .stream()
                .map(Row::of)
                .filter(row -> row.recipe().startsWith("tick-") || row.recipe().equals("hook"))
                .toList();
        assertThat(rows.stream().map(row -> row.state().word())).containsOnly("succeeded");
        assertThat(rows.stream().map(Row::id)).containsAll(sent.keySet());
        var periods = new HashMap<String, Duration>();
        for (int i = 1; i <= TICKS; i++) {
            periods.put("tick-" + i, Duration.ofSeconds(1));
        }
        assertThat(new Checker(sent.keySet(), seen, rows, periods, Map.of()).violations())
                .isEmpty();
        assertThat(seen.stream()
                        .filter(line -> line.event() == Event.BEGIN)
                        .filter(line -> line.due()
                                .filter(due -> !due.isBefore(from) && due.isBefore(until))
                                .isPresent())
                        .count())
                .isGreaterThanOrEqualTo(TICKS * (Duration.between(from, until).toSeconds() - 1));
    }

    private static Duration max(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    /** Connections that begin a request each, send one byte of it now and then, and never come to its end. */
    private static final class SlowSenders implements AutoCloseable {
        private final int port;
        private final int count;
        private final List<String> begins;
        private final List<Socket> sockets = new ArrayList<>();

        /** @param begins the beginnings of requests, in turn */
        SlowSenders(int port, int count, List<String> begins) {
            this.port = port;
            this.count = count;
            this.begins = begins;
        }

        synchronized int open() {
            return sockets.size();
        }

        /** Sends one byte on each connection; a closed one is opened again. */
        synchronized void trickle() {
            sockets.removeIf(socket -> !says(socket, "a"));
            try {
                while (sockets.size() < count) {
                    var socket = new Socket("127.0.0.1", port);
                    says(socket, begins.get(sockets.size() % begins.size()));
                    sockets.add(socket);
                }
            } catch (IOException e) {
                // no room for another one now
            }
        }

        private static boolean says(Socket socket, String text) {
            try {
                socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
                return true;
            } catch (IOException e) {
                return false;
            }
        }

        @Override
        public synchronized void close() throws IOException {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }
}
