package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.leprechaun.daemon.e2e.Checker.Row;
import io.leprechaun.daemon.e2e.Witness.Event;
import io.leprechaun.daemon.run.RunState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Hooks come all the time and recipes are due each second, while the clock is set, the daemon is killed, stopped and
 * halted, and the folder of the recipes disappears and comes back, at random. A witness knows the runs that were
 * executed, the client those that were acknowledged, and the test the times of the clock: no run may be lost, doubled
 * or silent. {@code -Dleprechaun.minutes=30} is the long form, {@code -Dleprechaun.seed=N} repeats one.
 */
@Tag("proof")
@Timeout(7200)
class DisturbedIT {
    private static final int MINUTES = Integer.getInteger("leprechaun.minutes", 1);
    private static final long SEED = Long.getLong("leprechaun.seed", System.nanoTime());
    private static final Duration PERIOD = Duration.ofSeconds(1);
    /** The distance from a change of the clock within which the test does not know its time. */
    private static final Duration NEAR = Duration.ofSeconds(2);
    /** A clock that is further ahead at a start is in doubt. */
    private static final Duration DOUBTED = Duration.ofDays(35);

    @RegisterExtension
    private final Installation place = new Installation();

    private final Random random = new Random(SEED);
    /** The stretches of time that the clock showed, in their order. */
    private final List<Stretch> shown = new ArrayList<>();

    /**
     * The stretches before the first look at a clock that is doubted at a start, or that was set back during a
     * downtime: the due instants in them are unknown.
     */
    private final List<Stretch> unwatched = new ArrayList<>();

    private SetClock clock;
    private RunningDaemon daemon;

    /**
     * A time in which the clock was not set.
     *
     * @param from the clock's time at the beginning
     * @param until the clock's time at the end
     */
    private record Stretch(Instant from, Instant until) {
        boolean shows(Instant at) {
            Instant caughtUp = from.minus(PERIOD.multipliedBy(2)); // the latest that the clock went past
            return !at.isBefore(caughtUp) && !at.isAfter(until.plus(PERIOD));
        }
    }

    private Instant since;

    private void set(Duration by) throws IOException {
        shown.add(new Stretch(since, clock.now()));
        clock.set(by);
        since = clock.now();
    }

    private void pass(int leastMillis, int mostMillis) {
        Instant until = Instant.now().plusMillis(random.nextInt(leastMillis, mostMillis));
        eventually(() -> assertThat(Instant.now()).isAfter(until));
    }

    /** Returns a duration from a second to 400 days, each magnitude as often as the others, in either direction. */
    private Duration jump(Duration most) {
        double seconds = Math.exp(random.nextDouble() * Math.log(most.toSeconds()));
        return Duration.ofSeconds((long) (random.nextBoolean() ? seconds : -seconds));
    }

    private void end() throws Exception {
        if (random.nextBoolean()) {
            daemon.killHard();
        } else {
            assertThat(daemon.stop()).isZero();
        }
    }

    private void start(Workload work) {
        daemon = place.start();
        work.daemonIs(daemon);
    }

    private String disturb(Workload work) throws Exception {
        switch (random.nextInt(5)) {
            case 0 -> {
                Duration by = jump(Duration.ofHours(3));
                set(by);
                pass(500, 15_000);
                set(by.negated());
                return "the clock is set by " + by + " and back";
            }
            case 1 -> {
                Duration by = jump(Duration.ofDays(400));
                end();
                set(by);
                boolean reboot = random.nextBoolean();
                if (reboot) {
                    clock.reboot();
                }
                start(work);
                if (by.compareTo(DOUBTED) > 0 || (reboot && by.isNegative())) {
                    unwatched.add(new Stretch(since, clock.now()));
                }
                pass(500, 8000);
                boolean meanwhile = random.nextBoolean();
                if (meanwhile) {
                    end();
                }
                set(by.negated());
                if (meanwhile) {
                    start(work);
                }
                return "a life with a clock that is wrong by " + by + (reboot ? " after a boot" : "")
                        + (meanwhile ? "" : ", right again in it");
            }
            case 2 -> {
                assertThat(place.shell("kill -STOP " + daemon.pid()).code()).isZero();
                pass(500, 4000);
                assertThat(place.shell("kill -CONT " + daemon.pid()).code()).isZero();
                return "halted";
            }
            case 3 -> {
                Path aside = place.folder().resolve("aside");
                Files.move(place.recipes(), aside);
                boolean restart = random.nextBoolean();
                if (restart) {
                    end();
                    start(work);
                }
                pass(100, 3000);
                Files.move(aside, place.recipes());
                assertThat(place.client("daemon", "reload").code()).isZero();
                return "the recipes are away" + (restart ? " at a start" : "");
            }
            default -> {
                end();
                pass(1, 2500);
                start(work);
                return "ended and started";
            }
        }
    }

    @Test
    void nothing_is_lost_doubled_or_silent() throws Exception {
        clock = new SetClock(place);
        since = clock.now();
        Instant end = Instant.now().plus(Duration.ofMinutes(MINUTES));
        int disturbances = 0;
        try (var work = new Workload(place)) {
            work.hooks("hook", 5, "overlap: queue\n", ":")
                    .hooks("beside", 5, "overlap: parallel\n", ":")
                    .cron("tick", 3, "* * * * * *", PERIOD, "overlap: parallel\n", ":")
                    .cron("caught", 2, "* * * * * *", PERIOD, "overlap: queue\ncatch_up: latest\n", ":")
                    .intervals("interval", 3, 1, "overlap: parallel\n", ":")
                    .knock(10);
            start(work);
            while (Instant.now().isBefore(end)) {
                pass(1000, 4000);
                System.err.println("DisturbedIT: seed " + SEED + ": " + disturb(work));
                place.assertVerified();
                disturbances++;
            }
            pass(1000, 2000);
            set(Duration.ZERO);
            Checker checker = work.settle(daemon);
            assertThat(checker.violationsButOfDueInstants()).as("seed %d", SEED).isEmpty();
            assertThat(checker.in(RunState.SUCCEEDED)).isPositive();
            var found = Stream.concat(silent(checker.rows()).stream(), doubled(checker.seen()).stream())
                    .toList();
            assertThat(found).as("seed %d, %s", SEED, shown).isEmpty();
            System.err.printf(
                    "DisturbedIT: %d minutes, %d disturbances of seed %d: %s%n",
                    MINUTES, disturbances, SEED, checker.summary());
        }
        assertThat(daemon.stop()).isZero();
        place.assertVerified();
    }

    /** Returns the instants due by a pattern that the clock showed and that have no record. */
    private List<String> silent(List<Row> rows) {
        var found = new ArrayList<String>();
        Map<String, List<Row>> due = rows.stream()
                .filter(row -> row.due().isPresent() && row.agent().equals("cron"))
                .collect(Collectors.groupingBy(Row::recipe));
        due.forEach((recipe, records) -> {
            var spans = records.stream()
                    .sorted(Comparator.comparing(row -> row.due().orElseThrow()))
                    .toList();
            for (Stretch stretch : shown.subList(Math.min(1, shown.size() - 1), shown.size() - 1)) {
                Instant at = stretch.from().plus(NEAR).truncatedTo(ChronoUnit.SECONDS);
                for (; at.isBefore(stretch.until().minus(NEAR)); at = at.plus(PERIOD)) {
                    Instant instant = at;
                    if (unwatched.stream().noneMatch(start -> start.shows(instant))
                            && spans.stream().noneMatch(row -> covers(row, instant))) {
                        found.add(recipe + " was due at " + at + ", and nothing says what became of it");
                    }
                }
            }
        });
        assertThat(due).hasSize(5);
        return found;
    }

    private static boolean covers(Row row, Instant at) {
        Instant first = row.due().orElseThrow();
        return !at.isBefore(first) && !at.isAfter(row.dueUntil().orElse(first));
    }

    /** Returns the instants with more runs than the number of times that the clock showed them. */
    private List<String> doubled(List<Witness.Line> seen) {
        record Due(String recipe, Instant at) {}
        return seen.stream()
                .filter(line -> line.event() == Event.BEGIN && line.due().isPresent())
                .collect(Collectors.groupingBy(
                        line -> new Due(line.recipe(), line.due().orElseThrow()), Collectors.counting()))
                .entrySet()
                .stream()
                .filter(entry -> entry.getValue()
                        > Math.max(
                                1,
                                shown.stream()
                                        .filter(stretch ->
                                                stretch.shows(entry.getKey().at()))
                                        .count()))
                .map(entry -> entry.getKey() + " ran " + entry.getValue() + " times")
                .toList();
    }
}
