package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.leprechaun.daemon.e2e.Witness.Event;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/**
 * The built daemon with a clock that is wrong when it starts, set back between two of its lives, or not looked at for
 * long.
 */
@Tag("proof")
@Timeout(300)
class WrongClockIT {
    private static final DateTimeFormatter SECOND_OF_DAY =
            DateTimeFormatter.ofPattern("s m H d M").withZone(ZoneOffset.UTC);
    private static final String ID = "the-id-of-a-hook";

    @RegisterExtension
    private final Installation place = new Installation();

    private SetClock clock;
    private Witness witness;

    @BeforeEach
    void prepare() throws Exception {
        clock = new SetClock(place);
        witness = new Witness(place.folder());
    }

    private List<Witness.Line> begun(String recipe) {
        return witness.seen().stream()
                .filter(line -> line.event() == Event.BEGIN && line.recipe().equals(recipe))
                .toList();
    }

    private static List<JsonNode> by(RunningDaemon daemon, String recipe, String trigger) throws IOException {
        return daemon.runs(recipe).stream()
                .filter(run -> run.get("trigger").asString().equals(trigger))
                .toList();
    }

    private Installation.Ended health() throws InterruptedException {
        return place.client("daemon", "health");
    }

    private void becomesHealthy() {
        eventually(() -> {
            var health = health();
            assertThat(health.code()).as(health.err()).isZero();
        });
    }

    private void changes(String kind, Duration by) throws Exception {
        assertThat(RunningDaemon.list(place.json("daemon", "clock").get("changes")))
                .anySatisfy(change -> {
                    assertThat(change.get("kind").asString()).isEqualTo(kind);
                    assertThat(change.get("by").asDouble()).isCloseTo(by.toSeconds(), within(100.0));
                });
    }

    @Test
    void far_ahead_at_a_start_nothing_is_removed_and_all_goes_on_when_it_is_right() throws Exception {
        place.recipe("good", "steps: [ echo out ]\n")
                .recipe("bad", "retry: { times: 1, delay: 5s }\nsteps: [ 'exit 1' ]\n")
                .recipe("daily", witness.recipe("definition: cron\npattern: '0 0 * * *'\ncatch_up: latest\n", ":"))
                .recipe("often", witness.recipe("definition: schedule\nschedule: { sec: 1 }\n", ":"));
        RunningDaemon daemon = place.start();
        long old = daemon.runToEnd("good").get("id").asLong();
        long waits = daemon.begin("bad");
        daemon.awaitRetry(waits);
        daemon.killHard();

        clock.set(Duration.ofDays(400));
        clock.reboot();
        RunningDaemon ahead = place.start();
        var health = health();
        assertThat(health.code()).isEqualTo(1);
        assertThat(health.err()).contains("the clock is in doubt", "400d", "`leprechaun daemon clock accept`");
        eventually(() -> assertThat(ahead.run(waits).get("state").asString()).isEqualTo("failed"));
        assertThat(ahead.run(old).get("state").asString()).isEqualTo("succeeded");
        assertThat(place.client("logs", Long.toString(old)).out()).isEqualTo("out\n");
        int before = begun("often").size();
        eventually(() -> assertThat(begun("often")).hasSizeGreaterThan(before + 1));
        assertThat(begun("daily")).as("nobody knows what was due").isEmpty();
        changes("start", Duration.ofDays(400));
        ahead.runToEnd("good");

        clock.set(Duration.ofDays(-400));
        becomesHealthy();
        changes("set", Duration.ofDays(-400));
        long last = ahead.runToEnd("good").get("id").asLong();
        assertThat(RunningDaemon.list(
                        place.json("runs", "good", "--since", "1h").get("runs")))
                .extracting(run -> run.get("id").asLong())
                .as("what came while it was wrong, too")
                .hasSize(3)
                .startsWith(last)
                .endsWith(old);
        assertThat(ahead.stop()).isZero();
        place.assertVerified();

        RunningDaemon right = place.start();
        becomesHealthy();
        assertThat(right.stop()).isZero();
        place.assertVerified();
    }

    @Test
    void a_clock_that_is_confirmed_says_what_was_missed() throws Exception {
        place.recipe("daily", witness.recipe("definition: cron\npattern: '0 0 * * *'\ncatch_up: latest\n", ":"));
        assertThat(place.start().stop()).isZero();
        clock.set(Duration.ofDays(60));
        clock.reboot();
        RunningDaemon daemon = place.start();
        assertThat(health().code()).isEqualTo(1);
        assertThat(daemon.runs("daily")).isEmpty();
        assertThat(place.client("daemon", "clock", "accept").out()).isEqualTo("the clock is confirmed\n");
        assertThat(health().code()).isZero();
        eventually(() -> assertThat(begun("daily")).hasSize(1));
        assertThat(daemon.runs("daily").stream()
                        .mapToInt(run -> run.get("count").asInt())
                        .sum())
                .isEqualTo(60);
        changes("accepted", Duration.ofDays(-60));
        assertThat(place.client("daemon", "clock", "accept").out()).isEqualTo("the clock was not in doubt\n");
        assertThat(daemon.stop()).isZero();
        place.assertVerified();
        assertThat(place.start().stop()).isZero();
        assertThat(begun("daily")).as("once").hasSize(1);
    }

    @Test
    void far_behind_at_a_start_is_in_doubt_too() throws Exception {
        place.recipe("good", "steps: [ echo out ]\n");
        RunningDaemon daemon = place.start();
        daemon.runToEnd("good");
        assertThat(daemon.stop()).isZero();
        clock.set(Duration.ofDays(-20_000));
        clock.reboot();
        RunningDaemon behind = place.start();
        assertThat(health().err()).contains("before the last known time");
        behind.runToEnd("good");
        clock.set(Duration.ofDays(20_000));
        becomesHealthy();
        assertThat(behind.runs("good")).hasSize(2);
        assertThat(behind.stop()).isZero();
        place.assertVerified();
    }

    @Test
    void what_follows_others_follows_each_end_whatever_the_clock_shows() throws Exception {
        place.recipe("first", "steps: [ 'true' ]\n")
                .recipe("then", "after: [ first ]\noverlap: queue\nsteps: [ 'true' ]\n")
                .recipe("hook", "definition: hook\nid: " + ID + "\nsteps: [ 'true' ]\n");
        RunningDaemon daemon = place.start();
        int ends = 0;
        for (Duration by : List.of(Duration.ZERO, Duration.ofHours(-2), Duration.ofHours(1), Duration.ofDays(-3))) {
            clock.set(by);
            for (int i = 0; i < 5; i++) {
                daemon.runToEnd("first");
                int count = ++ends;
                eventually(() -> assertThat(by(daemon, "then", "after")).hasSize(count));
            }
        }
        daemon.killHard();
        clock.set(Duration.ofHours(-1));
        RunningDaemon again = place.start();
        again.runToEnd("first");
        eventually(() -> assertThat(by(again, "then", "after")).hasSize(21));
        long run = RunningDaemon.ticket(again.post("/hook?id=" + ID, new byte[0], "Idempotency-Key", "one"));
        clock.set(Duration.ofDays(30));
        assertThat(RunningDaemon.ticket(again.post("/hook?id=" + ID, new byte[0], "Idempotency-Key", "one")))
                .as("a delivery is known for a time that elapses")
                .isEqualTo(run);
        assertThat(RunningDaemon.list(place.json("runs", "first", "-n", "100").get("runs")))
                .extracting(one -> -one.get("id").asLong())
                .as("the newest first")
                .isSorted();
        assertThat(again.stop()).isZero();
        place.assertVerified();
    }

    @Test
    void set_back_between_two_lives_a_fixed_time_is_told_once() throws Exception {
        for (boolean otherBoot : List.of(false, true)) {
            String name = otherBoot ? "rebooted" : "fixed";
            Instant due = clock.now().plusSeconds(8).truncatedTo(ChronoUnit.SECONDS);
            place.recipe(
                            name,
                            witness.recipe("definition: cron\npattern: '" + SECOND_OF_DAY.format(due) + " *'\n", ":"))
                    .recipe("often", witness.recipe("definition: schedule\nschedule: { sec: 1 }\n", ":"));
            RunningDaemon daemon = place.start();
            eventually(() -> assertThat(begun(name)).hasSize(1));
            daemon.killHard();
            clock.set(Duration.ofSeconds(-12));
            if (otherBoot) {
                clock.reboot();
            }
            RunningDaemon again = place.start();
            int before = begun("often").size();
            eventually(() -> assertThat(begun("often")).hasSizeGreaterThan(before + 1));
            eventually(() -> assertThat(clock.now()).isAfter(due.plusSeconds(2)));
            assertThat(begun(name)).hasSize(1);
            changes("start", Duration.ofSeconds(-12));
            assertThat(again.stop()).isZero();
            place.assertVerified();
        }
    }

    @Test
    void a_deadline_goes_by_elapsed_time_also_across_a_restart() throws Exception {
        place.recipe("late", "deadline: 30m\nsteps: [ 'until test -e go; do sleep 0.1; done' ]\n");
        var first = place.start();
        first.begin("late");
        long waits = first.begin("late");
        clock.set(Duration.ofHours(2));
        eventually(() -> changes("set", Duration.ofHours(2)));
        first.begin("late"); // a new run causes a check of all that wait
        assertThat(first.run(waits).get("state").asString()).isEqualTo("queued");
        first.killHard();
        clock.set(Duration.ofHours(1));
        place.touch("go");
        var next = place.start();
        assertThat(next.over(waits).get("state").asString()).isEqualTo("succeeded");
        assertThat(next.stop()).isZero();
        place.assertVerified();
    }

    @Test
    void a_daemon_that_is_killed_soon_after_the_clock_was_set_has_left_word_of_it() throws Exception {
        place.recipe("second", witness.recipe("definition: cron\npattern: '* * * * * *'\noverlap: parallel\n", ":"))
                .recipe(
                        "interval",
                        witness.recipe("definition: schedule\nschedule: { sec: 1 }\noverlap: parallel\n", ":"));
        for (int life = 0; life < 4; life++) {
            var daemon = place.start();
            clock.set(Duration.ofSeconds(30));
            eventually(() -> assertThat(daemon.log())
                    .contains("agent=cron saw the clock set forward", "agent=scheduler saw the clock set forward"));
            clock.set(Duration.ofSeconds(-30));
            eventually(() -> assertThat(daemon.log())
                    .contains("agent=cron saw the clock set back", "agent=scheduler saw the clock set back"));
            int before = begun("second").size();
            eventually(() -> assertThat(begun("second")).hasSizeGreaterThan(before + 1));
            daemon.killHard();
            place.assertVerified();
        }
        var last = place.start();
        assertThat(last.log()).doesNotContain("while no daemon was running");
        assertThat(last.stop()).isZero();
        place.assertVerified();
    }

    private void eachSecond() {
        place.recipe("second", witness.recipe("definition: cron\npattern: '* * * * * *'\noverlap: parallel\n", ":"))
                .recipe(
                        "caught",
                        witness.recipe(
                                "definition: cron\npattern: '* * * * * *'\noverlap: queue\ncatch_up: latest\n", ":"));
    }

    /** Runs a daemon while a recipe is due. */
    private void liveRightly() throws Exception {
        var right = place.start();
        int before = begun("second").size();
        eventually(() -> assertThat(begun("second")).hasSizeGreaterThan(before));
        assertThat(right.stop()).isZero();
    }

    @Test
    void what_is_due_while_a_doubted_clock_is_set_right_is_told_once() throws Exception {
        eachSecond();
        Duration wrong = Duration.ofDays(344);
        for (int life = 0; life < 3; life++) {
            liveRightly();
            clock.set(wrong);
            var doubting = place.start();
            eventually(() -> assertThat(health().err()).contains("the clock is in doubt"));
            clock.set(wrong.negated());
            becomesHealthy();
            int meanwhile = begun("second").size();
            eventually(() -> assertThat(begun("second")).hasSizeGreaterThan(meanwhile));
            assertThat(doubting.stop()).isZero();
            place.assertVerified();
        }
    }

    @Test
    void what_is_due_while_a_doubted_clock_is_set_right_before_a_start_is_told_once() throws Exception {
        place.recipe("second", witness.recipe("definition: cron\npattern: '* * * * * *'\noverlap: parallel\n", ":"));
        Duration wrong = Duration.ofDays(107);
        for (int life = 0; life < 3; life++) {
            liveRightly();
            clock.set(wrong);
            var doubting = place.start();
            int doubted = begun("second").size();
            eventually(() -> assertThat(begun("second")).hasSizeGreaterThan(doubted));
            assertThat(doubting.stop()).isZero();
            clock.set(wrong.negated());
        }
        place.start(); // a second and more after the last one: some instants are due in between
        becomesHealthy();
        place.assertVerified();
    }

    @Test
    void a_fixed_time_that_came_before_the_clock_was_set_back_does_not_come_again_in_the_next_life() throws Exception {
        Duration ahead = Duration.ofMinutes(2);
        Instant due = clock.now().plus(ahead).plusSeconds(20).truncatedTo(ChronoUnit.SECONDS);
        place.recipe(
                "fixed", witness.recipe("definition: cron\npattern: '" + SECOND_OF_DAY.format(due) + " *'\n", ":"));
        var first = place.start();
        clock.set(ahead);
        eventually(() -> assertThat(begun("fixed")).hasSize(1));
        clock.set(ahead.negated());
        eventually(() -> assertThat(first.log()).contains("agent=cron saw the clock set back"));
        assertThat(first.stop()).isZero();

        var second = place.start();
        clock.set(ahead.minusSeconds(20)); // short of the time, which comes by itself then
        eventually(() -> assertThat(clock.now()).isAfter(due.plusSeconds(2)));
        assertThat(by(second, "fixed", "cron")).hasSize(1);
        assertThat(begun("fixed")).hasSize(1);
        place.assertVerified();
    }

    @Test
    void set_back_by_a_second_between_two_lives_is_no_double() throws Exception {
        eachSecond();
        for (int life = 0; life < 6; life++) {
            var daemon = place.start();
            int before = begun("second").size();
            eventually(() -> assertThat(begun("second")).hasSizeGreaterThan(before));
            if (life % 2 == 0) {
                daemon.killHard();
            } else {
                assertThat(daemon.stop()).isZero();
            }
            place.assertVerified();
            clock.set(Duration.ofSeconds(-1));
        }
        assertThat(place.start().stop()).isZero();
        place.assertVerified();
    }

    @Test
    void a_clock_that_was_set_is_named_where_times_are_asked_for() throws Exception {
        place.recipe("good", "steps: [ echo out ]\n");
        var daemon = place.start();
        daemon.runToEnd("good");
        assertThat(place.client("runs").out()).doesNotContain("clock");
        for (Duration by : List.of(Duration.ofHours(-1), Duration.ofHours(2))) {
            clock.set(by);
            eventually(() -> changes("set", by));
            daemon.runToEnd("good");
        }
        assertThat(place.client("runs").out())
                .containsPattern("(?m)^after run 1, at .*, the clock was set back by 1h$")
                .containsPattern("(?m)^after run 2, at .*, the clock was set forward by 2h$");
        assertThat(place.json("runs").get("clock")).hasSize(2);
        assertThat(place.client("runs", "-n", "1").out()).doesNotContain("clock");
        Instant now = clock.now();
        assertThat(why(now.minus(Duration.ofMinutes(90))))
                .containsPattern("the clock was set forward by 2h at .*, after run 2: it did not show the time from");
        assertThat(why(now.minus(Duration.ofMinutes(110))))
                .containsPattern("the clock was set back by 1h at .*, after run 1: it shows the time from .* twice");
        assertThat(why(now.minus(Duration.ofHours(3)))).doesNotContain("the clock was");
        assertThat(place.client("why", "3").out()).doesNotContain("the clock was");
        assertThat(daemon.stop()).isZero();
        place.assertVerified();
    }

    private String why(Instant at) throws InterruptedException {
        return place.client(
                        "why",
                        "good",
                        "--at",
                        at.truncatedTo(ChronoUnit.SECONDS).toString())
                .out();
    }

    @Test
    void what_is_late_by_more_than_its_period_goes_by_catch_up() throws Exception {
        String each = "definition: cron\npattern: '* * * * * *'\noverlap: parallel\ncatch_up: ";
        place.recipe("none", witness.recipe(each + "none\n", ":"))
                .recipe("latest", witness.recipe(each + "latest\n", ":"))
                .recipe("all", witness.recipe(each + "all\n", ":"))
                .recipe(
                        "interval",
                        witness.recipe("definition: schedule\nschedule: { sec: 1 }\noverlap: parallel\n", ":"));
        RunningDaemon daemon = place.start();
        for (String recipe : List.of("none", "latest", "all", "interval")) {
            eventually(() -> assertThat(begun(recipe)).isNotEmpty());
        }
        Instant stopped = Instant.now();
        assertThat(place.shell("kill -STOP " + daemon.pid()).code()).isZero();
        eventually(() -> assertThat(Instant.now()).isAfter(stopped.plusSeconds(10)));
        assertThat(place.shell("kill -CONT " + daemon.pid()).code()).isZero();
        for (String recipe : List.of("none", "latest", "interval")) {
            eventually(() -> assertThat(daemon.runs(recipe))
                    .anySatisfy(run -> assertThat(run.get("count").asInt()).isBetween(5, 40)));
            assertThat(daemon.runs(recipe))
                    .filteredOn(run -> run.get("state").asString().equals("missed"))
                    .allSatisfy(run -> assertThat(run.get("reason").asString())
                            .contains("it was due again before the daemon handled it"));
        }
        eventually(() -> assertThat(by(daemon, "all", "catch-up").size()).isBetween(5, 40));
        assertThat(daemon.stop()).isZero();
        place.assertVerified();
    }
}
