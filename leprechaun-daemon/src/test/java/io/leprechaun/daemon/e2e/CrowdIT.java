package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static io.leprechaun.daemon.e2e.Installation.lines;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Many runs that wait for the same lock cost the others nothing, and all of them have their turn. */
@Tag("proof")
class CrowdIT {
    private static final int HALF = 500;

    @RegisterExtension
    final Installation place = new Installation();

    private static String hook(String id, String keys, String step) {
        return "definition: hook\nid: " + id + "\noverlap: parallel\n" + keys + "steps:\n  - " + step + "\n";
    }

    @Test
    void a_thousand_behind_a_lock_are_accepted_as_quickly_as_the_first_and_run_in_their_order() throws Exception {
        Files.writeString(place.settingsFile(), """
            timezone: UTC
            agents: { server: { listen: "127.0.0.1:0", workers: { max: 2, queue: 20000 } } }
            defaults: { dir: "%s" }
            """.formatted(place.work()));
        place.recipe("holder", hook("holds-the-lock", "lock: db\n", "while [ ! -e go ]; do sleep 0.1; done"));
        place.recipe(
                "crowd", hook("wants-the-lock", "lock: { name: db, mode: shared }\n", "'echo $LEPRECHAUN_RUN >> ran'"));
        place.recipe("late", hook("comes-too-late", "lock: db\ndeadline: 1s\n", "\"true\""));
        place.recipe("other", hook("wants-no-lock", "", "\"true\""));
        RunningDaemon daemon = place.start();
        daemon.postMany("/hook?id=wants-no-lock", HALF, 8)
                .forEach(RunningDaemon::ticket); // after the JVM has compiled the code
        daemon.awaitIdle("server");
        long holder = RunningDaemon.ticket(daemon.post("/hook?id=holds-the-lock"));

        var runs = new ArrayList<Long>();
        long first = used(daemon, () -> accept(daemon, "wants-the-lock", runs));
        long second = used(daemon, () -> accept(daemon, "wants-the-lock", runs));
        assertThat(second).as("the processor time of the second half").isLessThan(2 * first);
        var late = new ArrayList<Long>();
        accept(daemon, "comes-too-late", late);

        long other = RunningDaemon.ticket(daemon.post("/hook?id=wants-no-lock"));
        assertThat(daemon.over(other).get("state").asString()).isEqualTo("succeeded");
        for (long run : late) {
            assertThat(daemon.over(run).get("state").asString()).isEqualTo("skipped");
        }
        assertThat(daemon.run(runs.getLast()).get("reason").asString()).contains("run " + holder + " of holder holds");
        assertThat(daemon.ask("/book/locks").get("locks").get(0).get("waiters")).hasSize(2 * HALF);

        Files.createFile(place.work().resolve("go"));
        daemon.awaitIdle("server");
        eventually(() -> assertThat(lines(place.work().resolve("ran"))).hasSize(2 * HALF));
        var begun = daemon.runs("crowd").stream()
                .sorted(Comparator.comparingLong(run -> run.get("id").asLong()))
                .map(run -> OffsetDateTime.parse(run.get("started_at").asString()))
                .toList();
        assertThat(begun).hasSize(2 * HALF).isSorted();
        assertThat(daemon.stop()).isZero();
        place.assertVerified();
    }

    private interface Sending {
        void run() throws Exception;
    }

    private static void accept(RunningDaemon daemon, String id, List<Long> runs) throws Exception {
        daemon.postMany("/hook?id=" + id, HALF, 8).stream()
                .map(RunningDaemon::ticket)
                .sorted()
                .forEach(runs::add);
    }

    /** Returns the processor time of the daemon's threads meanwhile, in nanoseconds. */
    private static long used(RunningDaemon daemon, Sending sending) throws Exception {
        long before = nanos(daemon);
        sending.run();
        return nanos(daemon) - before;
    }

    private static long nanos(RunningDaemon daemon) throws IOException {
        try (Stream<Path> threads = Files.list(Path.of("/proc/" + daemon.pid() + "/task"))) {
            long nanos = 0;
            for (Path thread : threads.toList()) {
                nanos += Long.parseLong(
                        Files.readString(thread.resolve("schedstat")).split(" ")[0]);
            }
            return nanos;
        }
    }
}
