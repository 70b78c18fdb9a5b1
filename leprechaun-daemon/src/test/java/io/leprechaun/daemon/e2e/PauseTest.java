package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static io.leprechaun.daemon.e2e.Installation.lines;
import static io.leprechaun.daemon.e2e.RunningDaemon.list;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** {@code pause} and {@code resume} of one recipe. */
@Timeout(180)
class PauseTest extends PauseFixture {
    PauseTest() {
        super(Installation.here());
    }

    private static final String USER = System.getProperty("user.name");

    /** Waits until runs that were accepted before are over. */
    private static void awaitQuiet(RunningDaemon daemon, String recipe) {
        eventually(() -> assertThat(daemon.runs(recipe))
                .allSatisfy(run -> assertThat(run.get("ended_at").isNull()).isFalse()));
    }

    @Test
    void what_becomes_due_is_one_held_record_with_its_count_and_other_recipes_go_on() throws Exception {
        var daemon = place.recipe("each", EACH_SECOND)
                .recipe("other", EACH_SECOND.replace("fired", "others"))
                .start();
        firesAgain(2);
        Instant begun = Instant.now();
        var paused = place.client("pause", "each", "--until", "2099-01-01", "--reason", "upgrade");
        assertThat(paused.code()).as(paused.err()).isZero();
        assertThat(paused.out()).isEqualTo("each paused: due runs are held until 2099-01-01 00:00:00\n");
        awaitQuiet(daemon, "each");
        var before = fired();
        int others = lines(place.work().resolve("others")).size();
        awaitHeld(daemon, "each", 3);
        assertThat(fired()).isEqualTo(before);
        assertThat(lines(place.work().resolve("others"))).hasSizeGreaterThan(others);
        assertThat(held(daemon, "each")).hasSize(1);
        JsonNode record = held(daemon, "each").getFirst();
        String why = "paused until 2099-01-01 00:00:00 by " + USER + ": upgrade";
        assertThat(record.get("reason").asString()).isEqualTo(why);
        assertThat(record.get("trigger").asString()).isEqualTo("cron");

        assertThat(listed("each").get("status").asString()).isEqualTo("paused");
        assertThat(listed("other").get("status").asString()).isEqualTo("ok");
        assertThat(listed("other").get("paused").isNull()).isTrue();
        JsonNode told = place.json("show", "each").get("recipe").get("paused");
        assertThat(told).isEqualTo(listed("each").get("paused"));
        assertThat(told.get("until").asString()).isEqualTo("2099-01-01T00:00:00Z");
        assertThat(told.get("by").asString()).isEqualTo(USER);
        assertThat(told.get("reason").asString()).isEqualTo("upgrade");
        assertThat(OffsetDateTime.parse(told.get("at").asString()).toInstant()).isBetween(begun, Instant.now());
        assertThat(place.client("show", "each").out()).contains(" until 2099-01-01 00:00:00 by " + USER + ": upgrade");
        assertThat(list(place.json("next", "each").get("next")))
                .hasSize(10)
                .allSatisfy(firing -> assertThat(firing.get("note").asString()).isEqualTo("will be held: " + why));
        assertThat(list(place.json("cron", "next").get("next")))
                .anySatisfy(firing -> assertThat(firing.get("note").asString()).isEqualTo("will be held: " + why));

        assertThat(place.client("resume", "each").out()).isEqualTo("each resumed\n");
        firesAgain(2);
        assertThat(listed("each").get("status").asString()).isEqualTo("ok");
        assertThat(new HashSet<>(fired())).as("no due instant fires twice").hasSameSizeAs(fired());
        JsonNode over = held(daemon, "each").getFirst();
        var first = OffsetDateTime.parse(over.get("due_at").asString());
        var last = OffsetDateTime.parse(over.get("due_until").asString());
        assertThat(fired())
                .as("what was held is not replayed")
                .noneSatisfy(at -> assertThat(OffsetDateTime.parse(at)).isBetween(first, last));
        place.assertVerified();
    }

    @Test
    void a_hook_is_told_to_try_again_and_is_taken_after_resume() throws Exception {
        var daemon = place.recipe("hook", "definition: hook\nid: knock\nsteps: [ 'echo x >> ran' ]\n")
                .start();
        assertThat(place.client("pause", "hook").code()).isZero();
        var answer = daemon.post("/hook?id=knock");
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).contains("paused by " + USER);
        assertThat(answer.headers().firstValueAsLong("Retry-After").orElse(0)).isPositive();
        assertThat(held(daemon, "hook")).hasSize(1);
        assertThat(place.work().resolve("ran")).doesNotExist();
        assertThat(place.client("resume", "hook").code()).isZero();
        assertThat(daemon.post("/hook?id=knock&wait=30s").statusCode()).isEqualTo(200);
        assertThat(place.work().resolve("ran")).hasContent("x\n");
        place.assertVerified();
    }

    @Test
    void by_hand_it_is_refused_unless_it_is_forced_and_what_runs_goes_on() throws Exception {
        var daemon = place.recipe("slow", "overlap: skip\nsteps: [ 'until test -e go; do sleep 0.1; done' ]\n")
                .start();
        long running = daemon.begin("slow");
        assertThat(place.client("pause", "slow").code()).isZero();
        var held = place.client("run", "slow");
        assertThat(held.code()).isEqualTo(4);
        assertThat(held.err()).contains("paused by " + USER, "leprechaun run slow --force");
        var beside = place.client("run", "slow", "--force", "-q");
        assertThat(beside.code()).as("past overlap, too").isZero();
        assertThat(daemon.run(Long.parseLong(beside.out().strip())).get("state").asString())
                .isEqualTo("running");
        assertThat(daemon.run(running).get("state").asString()).isEqualTo("running");
        place.touch("go");
        assertThat(daemon.over(running).get("state").asString()).isEqualTo("succeeded");
        assertThat(place.client("run", "slow", "--force", "--wait").code()).isZero();
        assertThat(place.client("run", "slow", "--force", "--follow").code()).isZero();
        assertThat(place.client("run", "slow").code()).as("it is paused still").isEqualTo(4);
        place.assertVerified();
    }

    @Test
    void an_agent_stays_paused_through_a_restart_until_its_moment_has_come() throws Exception {
        var first = place.recipe("each", EACH_SECOND)
                .recipe("hook", "definition: hook\nid: knock\nsteps: [ pwd ]")
                .start();
        firesAgain(1);
        var paused = place.client("pause", "all", "--until", "1h", "--reason", "the disk is replaced");
        assertThat(paused.out()).contains("cron paused: due runs are held until", "server paused");
        assertThat(first.stop()).isZero();
        var daemon = place.start();
        awaitHeld(daemon, "each", 2);
        assertThat(held(daemon, "each").getLast().get("reason").asString())
                .startsWith("cron is paused until ")
                .endsWith(" by " + USER + ": the disk is replaced");
        assertThat(daemon.post("/hook?id=knock").statusCode()).isEqualTo(503);
        assertThat(place.json("cron", "info").get("paused").get("reason").asString())
                .isEqualTo("the disk is replaced");
        assertThat(place.client("why", "each").out()).contains("will be held: cron is paused until ");
        assertThat(place.client("next", "each", "-n", "1").out()).contains("will be held: cron is paused");

        assertThat(place.client("pause", "cron", "--until", "2s").out()).contains("paused again");
        firesAgain(1);
        assertThat(place.json("cron", "info").get("status").asString()).isEqualTo("started");
        assertThat(place.json("server", "info").get("status").asString()).isEqualTo("paused");
        assertThat(place.client("resume", "all").code()).isZero();
        assertThat(daemon.post("/hook?id=knock").statusCode()).isEqualTo(202);
        assertThat(daemon.stop()).isZero();
        assertThat(place.start().post("/hook?id=knock").statusCode()).isEqualTo(202);
        place.assertVerified();
    }

    @Test
    void when_its_moment_has_come_a_pause_is_over_by_itself() throws Exception {
        var daemon = place.recipe("each", EACH_SECOND).start();
        firesAgain(1);
        assertThat(place.client("pause", "each", "--until", "4s").code()).isZero();
        eventually(() -> assertThat(held(daemon, "each")).isNotEmpty());
        var until = OffsetDateTime.parse(place.json("show", "each")
                .get("recipe")
                .get("paused")
                .get("until")
                .asString());
        awaitQuiet(daemon, "each");
        var before = fired();
        eventually(() -> assertThat(fired()).hasSizeGreaterThan(before.size() + 1));
        assertThat(fired().subList(before.size(), fired().size()))
                .allSatisfy(at -> assertThat(OffsetDateTime.parse(at)).isAfterOrEqualTo(until));
        assertThat(listed("each").get("status").asString()).isEqualTo("ok");
        assertThat(listed("each").get("paused").isNull()).isTrue();
        place.assertVerified();
    }

    @Test
    void an_agent_and_all_of_them_are_paused_and_resumed_by_the_same_words() throws Exception {
        place.recipe("backup", "steps: [ 'true' ]\n").start();
        assertThat(place.client("pause", "cron").code()).isZero();
        assertThat(statuses()).containsExactly("started", "paused", "started");
        assertThat(place.client("pause", "all").code()).isZero();
        assertThat(statuses()).containsOnly("paused");
        assertThat(place.client("resume", "all").code()).isZero();
        assertThat(statuses()).containsOnly("started");
        assertThat(place.client("pause", "all", "--until", "2020-01-01").code()).isEqualTo(2);
        assertThat(statuses()).containsOnly("started");

        var unknown = place.client("pause", "bakup");
        assertThat(unknown.code()).isEqualTo(3);
        assertThat(unknown.err()).contains("there is no recipe 'bakup'; did you mean 'backup'?");
        assertThat(place.client("pause", "backup", "--until", "2020-01-01").code())
                .isEqualTo(2);
        assertThat(place.client("resume", "backup").out()).isEqualTo("backup was not paused\n");
    }

    private List<String> statuses() throws InterruptedException {
        return list(place.json("daemon", "services").get("services")).stream()
                .map(service -> service.get("status").asString())
                .toList();
    }
}
