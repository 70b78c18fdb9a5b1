package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The daemon is killed at its n-th flush, write, rename, removal and start of a process, for every n until it is not
 * reached any more ({@code -Dleprechaun.walk=all}), or for a few. After each death all that was answered exists, and
 * the history is consistent.
 */
@Tag("proof")
@Timeout(7200)
class WalkOfDeathIT {
    private static final boolean ALL = System.getProperty("leprechaun.walk", "").equals("all");
    /** A walk of hours can be done in parts: from this one on, and only of this kind. */
    private static final int FROM = Integer.getInteger("leprechaun.walk.from", 1);

    private static final String ONLY = System.getProperty("leprechaun.walk.only", "");

    @RegisterExtension
    private final Installation place = new Installation();

    @BeforeAll
    static void strace() {
        Tools.require("that a death at any moment loses nothing is not checked", "strace");
    }

    /** A history that is removed from, and recipes of every kind. */
    @BeforeEach
    void prepare() throws Exception {
        place.settings("workers: { queue: 1000 }\nhistory: { keep: { runs: 3 } }");
        place.recipe("hook", "definition: hook\nid: knock\noverlap: parallel\nsteps: [ 'cat \"$LEPRECHAUN_BODY\"' ]");
        place.recipe("tick", "definition: cron\npattern: '* * * * * *'\nsteps: [ 'echo tick' ]");
        place.recipe("long", "steps: [ 'echo long; sleep 600' ]");
        place.recipe("again", "retry: { times: 1, delay: 1s }\nsteps: [ 'echo again; exit 1' ]");
        var daemon = place.start();
        for (int i = 0; i < 5; i++) {
            RunningDaemon.ticket(daemon.post("/hook?id=knock", "body".getBytes(StandardCharsets.UTF_8)));
        }
        eventually(() -> assertThat(daemon.runs("hook"))
                .noneMatch(run -> run.get("ended_at").isNull()));
        daemon.stop();
    }

    /**
     * The calls are counted by thread: the writer's flushes and writes, the start's, the retention's removals and so
     * on.
     */
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "flush | fsync,fdatasync | 2 9",
                "write of the store | pwrite64 | 61",
                "change of a length | ftruncate,fallocate | 1",
                "rename | rename,renameat,renameat2 | 1",
                "removal | unlink,unlinkat,rmdir | 2",
                "folder | mkdir,mkdirat | 1",
                "start | vfork,clone,clone3 | 3"
            })
    void nothing_is_lost_by_a_death_at_its(String what, String calls, String some) throws Exception {
        assumeTrue(what.startsWith(ONLY));
        Path begin = place.folder().resolve("begin");
        if (what.equals("rename")) { // which only the first start does
            Files.createDirectory(begin);
        } else {
            copy(place.state(), begin);
        }
        var points = ALL
                ? IntStream.iterate(FROM, n -> n + 1)
                : Stream.of(some.split(" ", -1)).mapToInt(Integer::parseInt);
        int died = 0;
        for (int n : (Iterable<Integer>) points::iterator) {
            remove(place.state());
            copy(begin, place.state());
            if (dies(calls, n)) {
                died++;
                if (ALL && n % 100 == 0) {
                    System.err.println("WalkOfDeathIT: " + what + ": " + n + " passed");
                }
            } else if (ALL) {
                break;
            }
        }
        assertThat(died).as("deaths at its " + what).isPositive();
        System.err.println("WalkOfDeathIT: " + what + ": " + died + " deaths");
    }

    /**
     * Runs a daemon until its n-th call, or to its clean end where it makes fewer, then another one to check the
     * remains; returns whether it died. strace stops the daemon at every call for that: with --seccomp-bpf it sends no
     * signal.
     */
    private boolean dies(String calls, int n) throws Exception {
        var accepted = new HashSet<Long>();
        var begun = place.beginDaemonInjected(calls, "signal=KILL:when=" + n);
        var daemon = new RunningDaemon(place, begun);
        if (daemon.becomesReady()) {
            try {
                live(daemon, accepted);
                daemon.signal();
            } catch (IOException e) {
                // it died
            }
        }
        boolean died = daemon.awaitExit() != 0;

        var next = place.start();
        String point = calls + " " + n;
        eventually(() -> assertThat(next.api()
                        .send("GET", "/history/list?args=-n&args=1000")
                        .body())
                .as(point)
                .doesNotContain("\"queued\"", "\"running\"", "\"waiting\""));
        for (long run : accepted) {
            assertThat(next.run(run).get("ended_at").isNull())
                    .as("run %d, %s", run, point)
                    .isFalse();
        }
        assertThat(next.stop()).as(point).isZero();
        assertThat(place.stepsAlive()).as(point).isEmpty();
        var verified = place.client("verify");
        assertThat(verified.code()).as("%s: %s", point, verified.out()).isZero();
        return died;
    }

    /** Makes a daemon work. The runs that were accepted last are not removed by the settings for the history. */
    private void live(RunningDaemon daemon, Set<Long> accepted) throws Exception {
        accepted.add(RunningDaemon.ticket(daemon.post("/hook?id=knock", "body".getBytes(StandardCharsets.UTF_8))));
        accepted.add(begin(daemon, "again"));
        long run = begin(daemon, "long");
        accepted.add(run);
        accepted.add(RunningDaemon.ticket(daemon.post("/hook?id=knock")));
        answered(daemon, "POST", "/history/kill?args=" + run);
        place.recipe("new", "steps: [ 'true' ]");
        answered(daemon, "POST", "/daemon/reload");
        accepted.add(begin(daemon, "new"));
        answered(daemon, "POST", "/cron/stop");
        answered(daemon, "POST", "/cron/start");
        for (long id : Set.copyOf(accepted)) {
            answered(daemon, "GET", "/history/wait?args=" + id);
        }
        while (true) { // until the history is small again: five of tick are more than its limit
            var ticks = RunningDaemon.list(Installation.JSON
                    .readTree(answered(daemon, "GET", "/history/list?args=tick&args=-n&args=1000"))
                    .get("runs"));
            if (ticks.size() >= 2) {
                return;
            }
        }
    }

    private static long begin(RunningDaemon daemon, String recipe) throws IOException {
        return Installation.JSON
                .readTree(answered(daemon, "POST", "/book/run?args=" + recipe))
                .get("run")
                .get("id")
                .asLong();
    }

    private static String answered(RunningDaemon daemon, String method, String target) throws IOException {
        var answer = daemon.api().send(method, target);
        assertThat(answer.status()).as("%s: %s", target, answer.body()).isEqualTo(200);
        return answer.body();
    }

    private static Path copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file)));
            }
        }
        return to;
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted((one, other) -> other.compareTo(one)).toList()) {
                Files.delete(file);
            }
        }
    }
}
