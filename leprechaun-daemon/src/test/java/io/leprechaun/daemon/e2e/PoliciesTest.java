package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static io.leprechaun.daemon.e2e.RunningDaemon.list;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** Windows, deadlines, locks and jitter: the runs that they hold back, and the reasons by {@code why}. */
@Timeout(180)
class PoliciesTest {
    private static final String EACH_SECOND = "definition: cron\npattern: '* * * * * *'\n";
    private static final String UNTIL_GO = "until test -e go; do sleep 0.05; done";

    @RegisterExtension
    private final Installation place = Installation.here();

    private static String state(RunningDaemon daemon, long run) throws IOException {
        return daemon.run(run).get("state").asString();
    }

    private static String reason(JsonNode run) {
        return run.get("reason").asString();
    }

    @Test
    void what_is_due_outside_of_its_windows_is_skipped_in_one_record_and_says_so() throws Exception {
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        place.recipe("never", EACH_SECOND + "not: '00:00-24:00'\nsteps: [ pwd ]");
        place.recipe("always", EACH_SECOND + "only: [ mon-wed, thu-sun ]\nsteps: [ pwd ]");
        place.recipe("later", EACH_SECOND + "from: " + today.plusDays(2) + "\nsteps: [ pwd ]");
        place.recipe("over", EACH_SECOND + "until: " + today.minusDays(2) + "\nsteps: [ pwd ]");
        place.recipe("hook", "definition: hook\nid: knock\nonly: 01-01..01-02 00:00-00:01\nsteps: [ pwd ]");
        RunningDaemon daemon = place.start();

        for (String recipe : List.of("never", "later", "over")) {
            eventually(() -> assertThat(daemon.runs(recipe)).singleElement().satisfies(run -> {
                assertThat(run.get("state").asString()).isEqualTo("skipped");
                assertThat(run.get("count").asInt()).isGreaterThan(2);
            }));
        }
        eventually(() -> assertThat(daemon.runs("always"))
                .anyMatch(run -> run.get("state").asString().equals("succeeded")));
        assertThat(reason(daemon.runs("never").getFirst()))
                .isEqualTo("inside a window in which it does not run (not: 00:00-24:00)");
        assertThat(reason(daemon.runs("later").getFirst())).contains("runs from " + today.plusDays(2));
        assertThat(reason(daemon.runs("over").getFirst())).contains("ran until " + today.minusDays(2));
        assertThat(place.client("why", "never").out())
                .contains("was skipped: inside a window", "and will be skipped: inside a window");
        assertThat(place.client("next", "never", "-n", "1").out()).contains("will be skipped: inside a window");

        var answer = daemon.post("/hook?id=knock");
        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(answer.body()).contains("outside of its windows (only: 01-01..01-02 00:00-00:01)");
        var byHand = place.client("run", "never");
        assertThat(byHand.code()).isEqualTo(4);
        assertThat(byHand.err()).contains("not: 00:00-24:00", "leprechaun run never --force");
        assertThat(place.client("run", "never", "--force", "--wait").code()).isZero();
        assertThat(daemon.stop()).isZero();
        place.assertVerified();
    }

    @Test
    void what_cannot_start_in_time_is_skipped_wherever_it_waits() throws Exception {
        place.settings("workers: { max: 1 }");
        place.recipe("slow", "steps: [ '" + UNTIL_GO + "' ]");
        place.recipe("late", "deadline: 1s\nsteps: [ pwd ]");
        place.recipe("locked", "definition: hook\nid: knock\nlock: db\ndeadline: 1s\nsteps: [ pwd ]");
        place.recipe("holder", "definition: cron\npattern: '@yearly'\nlock: db\nsteps: [ '" + UNTIL_GO + "' ]");
        RunningDaemon daemon = place.start();
        long slow = daemon.begin("slow");
        long holder = daemon.begin("holder");
        long late = daemon.begin("late");
        assertThat(place.client("why", Long.toString(late)).out()).contains("waits for a worker", "(deadline)");
        long locked = RunningDaemon.ticket(daemon.post("/hook?id=knock"));
        for (long run : List.of(late, locked)) {
            assertThat(daemon.over(run).get("state").asString()).isEqualTo("skipped");
            assertThat(reason(daemon.run(run))).isEqualTo("not started within 1s (deadline)");
        }
        assertThat(daemon.over(late).get("started_at").isNull()).isTrue();

        long paused = daemon.begin("late");
        assertThat(place.client("scheduler", "pause").code()).isZero();
        place.touch("go");
        assertThat(daemon.over(slow).get("state").asString()).isEqualTo("succeeded");
        assertThat(daemon.over(paused).get("state").asString())
                .as("paused and overdue")
                .isEqualTo("skipped");
        assertThat(daemon.over(holder).get("state").asString()).isEqualTo("succeeded");
        place.assertVerified();
    }

    @Test
    void one_holds_a_lock_or_many_share_it_and_nobody_is_overtaken() throws Exception {
        place.recipe("alone", "lock: db\nsteps: [ mkdir held, '" + UNTIL_GO + "', rmdir held ]");
        place.recipe("second", "lock: [ db, net ]\nsteps: [ ! mkdir held, rmdir held, echo second >> order ]");
        place.recipe(
                "shared",
                "lock: { name: db, mode: shared }\noverlap: parallel\nsteps: [ ! test ! -e held, '"
                        + UNTIL_GO.replace("go", "go2") + "', echo shared >> order ]");
        RunningDaemon daemon = place.start();
        long alone = daemon.begin("alone");
        long second = daemon.begin("second");
        long third = daemon.begin("shared");
        eventually(() -> assertThat(place.work().resolve("held")).exists());
        assertThat(state(daemon, second)).isEqualTo("waiting");
        assertThat(reason(daemon.run(second))).isEqualTo("run " + alone + " of alone holds the lock db");
        assertThat(place.client("why", Long.toString(second)).out())
                .contains("waits: run " + alone + " of alone holds the lock db");

        JsonNode locks = place.json("locks").get("locks");
        assertThat(list(locks)).extracting(lock -> lock.get("name").asString()).containsExactly("db", "net");
        assertThat(list(locks.get(0).get("holders")))
                .extracting(use -> use.get("run").asLong())
                .containsExactly(alone);
        assertThat(list(locks.get(0).get("waiters")))
                .extracting(use -> use.get("run").asLong())
                .containsExactly(second, third);
        assertThat(place.client("locks").out()).contains("held", "waiting", "exclusive", "shared");

        place.touch("go");
        assertThat(daemon.over(second).get("state").asString()).isEqualTo("succeeded");
        eventually(() -> assertThat(state(daemon, third)).isEqualTo("running"));
        long beside = daemon.begin("shared");
        eventually(() -> assertThat(state(daemon, beside)).isEqualTo("running"));
        long exclusive = daemon.begin("second");
        assertThat(state(daemon, exclusive)).isEqualTo("waiting");
        long behind = daemon.begin("shared");
        assertThat(state(daemon, behind)).as("it does not overtake").isNotEqualTo("running");
        place.touch("go2");
        for (long run : List.of(third, beside, exclusive, behind)) {
            assertThat(daemon.over(run).get("state").asString()).isEqualTo("succeeded");
        }
        assertThat(Installation.lines(place.work().resolve("order")))
                .containsExactly("second", "shared", "shared", "second", "shared");
        assertThat(place.client("locks").out()).contains("free");
    }

    @Test
    void jitter_is_a_recipes_own_and_stays() throws Exception {
        for (int i = 0; i < 8; i++) {
            place.recipe("r" + i, "definition: cron\npattern: '0 3 * * *'\njitter: 30m\nsteps: [ pwd ]");
        }
        place.recipe("each", EACH_SECOND + "jitter: 7s\nsteps: [ pwd ]");
        place.recipe("interval", "definition: schedule\nschedule: { sec: 1 }\njitter: 7s\nsteps: [ pwd ]");
        RunningDaemon first = place.start();
        List<Duration> delays = delays();
        assertThat(delays).allSatisfy(delay -> assertThat(delay).isBetween(Duration.ZERO, Duration.ofMinutes(30)));
        assertThat(new HashSet<>(delays)).as("%s", delays).hasSizeGreaterThan(4);
        eventually(() -> assertThat(first.runs("each")).hasSizeGreaterThan(1));
        eventually(() -> assertThat(first.runs("interval")).hasSizeGreaterThan(1));
        assertThat(first.stop()).isZero();
        RunningDaemon daemon = place.start();
        assertThat(delays()).isEqualTo(delays);
        for (String recipe : List.of("each", "interval")) {
            int before = daemon.runs(recipe).size();
            eventually(() -> assertThat(daemon.runs(recipe)).hasSizeGreaterThan(before + 1));
        }
        place.assertVerified();
    }

    private List<Duration> delays() throws InterruptedException {
        var delays = new ArrayList<Duration>();
        for (int i = 0; i < 8; i++) {
            var at = OffsetDateTime.parse(place.json("next", "r" + i, "-n", "1")
                    .get("next")
                    .get(0)
                    .get("at")
                    .asString());
            delays.add(Duration.between(at.withHour(3).withMinute(0).withSecond(0), at));
        }
        return delays;
    }
}
