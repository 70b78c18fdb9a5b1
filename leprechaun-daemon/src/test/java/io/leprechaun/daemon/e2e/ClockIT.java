package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.leprechaun.daemon.e2e.Witness.Event;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** The built daemon while its clock is set. */
@Tag("proof")
@Timeout(600)
class ClockIT {
    private static final DateTimeFormatter SECOND_OF_DAY =
            DateTimeFormatter.ofPattern("s m H d M").withZone(ZoneOffset.UTC);
    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final String ID = "the-id-of-a-hook";

    @RegisterExtension
    private final Installation place = new Installation();

    private Witness witness;
    private SetClock clock;
    /** The changes by which the clock was set forward, by the machine's time. */
    private final List<Set> sets = new ArrayList<>();

    private record Set(Instant at, Duration by) {}

    @BeforeEach
    void prepare() throws Exception {
        clock = new SetClock(place);
        witness = new Witness(place.folder());
    }

    private void set(Duration by) throws IOException {
        clock.set(by);
        sets.add(new Set(Instant.now(), by));
    }

    private RunningDaemon start() {
        place.settings("history: { keep: { runs: none, days: none } }")
                .recipe("second", witness.recipe("definition: cron\npattern: '* * * * * *'\noverlap: parallel\n", ":"))
                .recipe(
                        "interval",
                        witness.recipe("definition: schedule\nschedule: { sec: 1 }\noverlap: parallel\n", ":"));
        return place.start();
    }

    /** Writes a recipe that is due at one local time, and reloads the daemon's recipes. */
    private void fixed(String name, Instant due) throws Exception {
        String pattern = SECOND_OF_DAY.format(due) + " *";
        place.recipe(name, witness.recipe("definition: cron\npattern: '" + pattern + "'\n", ":"));
        assertThat(place.client("daemon", "reload").code()).isZero();
    }

    private List<Witness.Line> begun(String recipe) {
        return witness.seen().stream()
                .filter(line -> line.event() == Event.BEGIN && line.recipe().equals(recipe))
                .toList();
    }

    /** Waits until the daemon has continued by its clock. */
    private void goesOn() {
        for (String recipe : List.of("second", "interval")) {
            int before = begun(recipe).size();
            eventually(() -> assertThat(begun(recipe)).hasSizeGreaterThan(before + 1));
        }
    }

    @Test
    void up_to_three_hours_fixed_local_times_are_due_once_however_often_they_come() throws Exception {
        RunningDaemon daemon = start();
        goesOn();
        for (Duration by : List.of(Duration.ofMinutes(1), Duration.ofHours(1), Duration.ofHours(2))) {
            String name = "fixed-" + by.toMinutes();
            Instant due = clock.now().plus(by.dividedBy(2)).truncatedTo(ChronoUnit.SECONDS);
            fixed(name, due);
            set(by);
            eventually(() -> assertThat(begun(name)).as("set over it").hasSize(1));
            goesOn();
            set(by.negated());
            goesOn();
            set(by);
            goesOn();
            set(by.negated());
            goesOn();
            assertThat(begun(name)).as("it came three times").hasSize(1);
            assertThat(begun(name).getFirst().due()).contains(due);
            assertThat(daemon.log())
                    .contains("saw the clock set forward by " + (by.toHours() > 0 ? by.toHours() + "h" : "1m"));
        }
        set(Duration.ofSeconds(1));
        goesOn();
        set(Duration.ofSeconds(-1));
        goesOn();
        endsWell(daemon);
    }

    @Test
    void what_is_further_was_a_wrong_clock() throws Exception {
        RunningDaemon daemon = start();
        goesOn();
        Instant due = clock.now().plus(Duration.ofHours(12)).truncatedTo(ChronoUnit.SECONDS);
        fixed("fixed", due);
        set(Duration.ofDays(1));
        goesOn();
        eventually(() ->
                assertThat(RunningDaemon.texts(daemon.runs("fixed"), "state")).containsExactly("missed"));
        set(Duration.ofDays(-1));
        goesOn();
        for (String wrong : List.of("1970-01-01T00:01:00Z", "2040-01-01T00:00:00Z")) {
            Duration by = Duration.between(clock.now(), Instant.parse(wrong));
            set(by);
            goesOn();
            set(by.negated());
            goesOn();
        }
        assertThat(begun("fixed")).isEmpty();
        endsWell(daemon);
    }

    private static Duration processorTime(RunningDaemon daemon) {
        return ProcessHandle.of(daemon.pid())
                .flatMap(process -> process.info().totalCpuDuration())
                .orElseThrow();
    }

    @Test
    void thirty_days_down_are_a_handful_of_records_and_the_start_stays_fast() throws Exception {
        place.recipe("latest", witness.recipe("definition: cron\npattern: '* * * * * *'\ncatch_up: latest\n", ":"));
        place.recipe("all", witness.recipe("definition: cron\npattern: '* * * * * *'\ncatch_up: all\n", ":"));
        RunningDaemon first = start();
        Duration usual = processorTime(first);
        goesOn();
        assertThat(first.stop()).isZero();
        int before = place.json("runs", "-n", "10000").get("runs").size();
        Instant down = clock.now();
        set(Duration.ofDays(30));
        clock.reboot();
        RunningDaemon daemon = place.start();
        Duration late = processorTime(daemon);
        System.err.printf("ClockIT: ready after %s of a processor, with thirty days missed after %s%n", usual, late);
        assertThat(late).isLessThan(usual.multipliedBy(4).plusSeconds(3));

        goesOn();
        for (String recipe : List.of("second", "interval", "latest", "all")) {
            var missed = daemon.runs(recipe).stream()
                    .filter(run -> run.get("state").asString().equals("missed") && !isLate(run))
                    .toList();
            assertThat(missed).as(recipe).hasSize(1);
            assertThat(missed.getFirst().get("count").asInt()).isEqualTo(100_000); // no more are counted
            assertThat(Duration.between(
                            down,
                            OffsetDateTime.parse(
                                    missed.getFirst().get("due_until").asString())))
                    .as(recipe)
                    .isCloseTo(Duration.ofDays(30), Duration.ofMinutes(5));
        }
        eventually(() -> assertThat(caughtUp(daemon, "all", 100)).isEqualTo(100));
        assertThat(caughtUp(daemon, "latest", 1)).isEqualTo(1);
        assertThat(daemon.stop()).isZero();
        int fired = (int) witness.seen().stream()
                .filter(line -> line.event() == Event.BEGIN)
                .count();
        // While the machine is too busy, runs due each second are skipped, and some of those caught up still
        // wait.
        var records = RunningDaemon.list(place.json("runs", "-n", "10000").get("runs")).stream()
                .filter(run -> !isLate(run))
                .collect(Collectors.groupingBy(run -> run.get("state").asString(), Collectors.counting()));
        System.err.println("ClockIT: records by state: " + records);
        records.keySet().removeAll(List.of("skipped", "queued"));
        assertThat(records.values().stream().mapToLong(Long::longValue).sum())
                .as("%s, %d before", records, before)
                .isLessThanOrEqualTo(fired + 4 + 4);
        place.assertVerified();
    }

    /** Returns whether it was due again before the daemon handled it: the machine was busy. */
    private static boolean isLate(JsonNode run) {
        return run.get("reason").asString("").startsWith("it was due again");
    }

    /**
     * Returns the number of instants made up for at the start, one each second, up to a maximum. Later delays of a busy
     * machine, which follow the same rule, do not count.
     */
    private static long caughtUp(RunningDaemon daemon, String recipe, int most) throws IOException {
        var runs = daemon.runs(recipe);
        Instant missed = runs.stream()
                .filter(run -> run.get("state").asString().equals("missed") && !isLate(run))
                .map(run -> instant(run, "due_until"))
                .findFirst()
                .orElseThrow();
        return runs.stream()
                .filter(run -> run.get("trigger").asString().equals("catch-up"))
                .filter(run -> !instant(run, "due_at").isAfter(missed.plusSeconds(most)))
                .count();
    }

    private static Instant instant(JsonNode run, String key) {
        return OffsetDateTime.parse(run.get(key).asString()).toInstant();
    }

    @Test
    void hooks_and_runs_by_hand_do_not_mind() throws Exception {
        place.recipe("hook", witness.recipe("definition: hook\nid: " + ID + "\n", "sleep 0.5"));
        RunningDaemon daemon = start();
        for (Duration by : Stream.of(-3600, 7200, -86_400 * 365 * 30, 86_400 * 365 * 60)
                .map(Duration::ofSeconds)
                .toList()) {
            long run = RunningDaemon.ticket(daemon.post("/hook?id=" + ID));
            set(by);
            eventually(() -> assertThat(daemon.run(run).get("state").asString()).isEqualTo("succeeded"));
            assertThat(daemon.run(run).get("duration").asDouble()).isNotNegative();
        }
        assertThat(daemon.stop()).isZero();
    }

    private void endsWell(RunningDaemon daemon) throws Exception {
        assertThat(daemon.stop()).isZero();
        nothingWasEarlyOrAStorm();
        nothingWasDouble();
        intervalsKeptTheirSpacing();
        place.assertVerified();
    }

    /** Between two sets of the clock, from when whatever was due before the first has surely begun. */
    private void nothingWasEarlyOrAStorm() {
        var moments = new ArrayList<Instant>();
        moments.add(witness.seen().getFirst().at());
        sets.forEach(set -> moments.add(set.at()));
        Duration shown = Duration.ZERO;
        for (int i = 0; i < moments.size(); i++) {
            shown = i == 0 ? shown : shown.plus(sets.get(i - 1).by());
            Duration by = shown;
            Instant from = moments.get(i);
            Instant until = i + 1 < moments.size() ? moments.get(i + 1) : Instant.MAX;
            var lines = begun("second").stream()
                    .filter(line -> !line.at().isBefore(from) && line.at().isBefore(until))
                    .filter(line -> isNear(line.due().orElseThrow(), line.at().plus(by)))
                    .toList();
            if (!lines.isEmpty()) {
                Instant last = lines.getLast().at();
                assertThat(lines)
                        .as("after set %d", i)
                        .hasSizeLessThanOrEqualTo(
                                (int) Duration.between(from, last).toSeconds() + 3);
            }
            assertThat(lines)
                    .filteredOn(line -> line.at().isAfter(from.plus(PERIOD.multipliedBy(2))))
                    .allSatisfy(line -> assertThat(line.at().plus(by))
                            .isAfterOrEqualTo(line.due().orElseThrow()));
        }
    }

    /**
     * Asserts that due instants increase in the order in which runs were accepted, except once for each time that the
     * clock was set back.
     */
    private void nothingWasDouble() {
        var due = begun("second").stream()
                .sorted(Comparator.comparingLong(Witness.Line::run))
                .map(line -> line.due().orElseThrow())
                .toList();
        long again = IntStream.range(1, due.size())
                .filter(i -> !due.get(i).isAfter(due.get(i - 1)))
                .count();
        assertThat(again)
                .as("%s", due)
                .isLessThanOrEqualTo(
                        sets.stream().filter(set -> set.by().isNegative()).count());
    }

    /**
     * Returns whether a step that began then was due by the clock as it was at that time, and not by one that was set
     * meanwhile.
     */
    private static boolean isNear(Instant due, Instant begun) {
        return Duration.between(due, begun).abs().compareTo(Duration.ofSeconds(20)) < 0;
    }

    /**
     * Asserts that two due instants are whole periods apart, plus the change of the clock; more than one period only
     * where it was late. A step that began soon after a set of the clock may have been due before it: each run, in the
     * order in which they were accepted, is due under the clock of the one before or under a later one.
     */
    private void intervalsKeptTheirSpacing() {
        var lines = begun("interval").stream()
                .sorted(Comparator.comparingLong(Witness.Line::run))
                .toList();
        List<Integer> clocks = List.of(0);
        for (int i = 1; i < lines.size(); i++) {
            Witness.Line line = lines.get(i);
            Instant before = lines.get(i - 1).due().orElseThrow();
            Duration spacing = Duration.between(before, line.due().orElseThrow());
            List<Integer> earlier = clocks;
            clocks = IntStream.rangeClosed(setsUntil(line.at().minusSeconds(20)), setsUntil(line.at()))
                    .filter(clock -> earlier.stream()
                            .anyMatch(from -> from <= clock && isWholePeriods(spacing.minus(setBetween(from, clock)))))
                    .boxed()
                    .toList();
            assertThat(clocks)
                    .as("%s after %s, sets of the clock: %s", line, before, sets)
                    .isNotEmpty();
        }
    }

    private int setsUntil(Instant at) {
        return (int) sets.stream().filter(set -> !set.at().isAfter(at)).count();
    }

    private Duration setBetween(int from, int to) {
        return sets.subList(from, to).stream().map(Set::by).reduce(Duration.ZERO, Duration::plus);
    }

    private static boolean isWholePeriods(Duration elapsed) {
        return elapsed.compareTo(PERIOD.minusMillis(100)) > 0 && (elapsed.toMillis() + 50) % PERIOD.toMillis() < 100;
    }
}
