package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** Every outcome of a due instant has its true reason. */
class WhyTest {
    private static final String SECONDLY = "definition: cron\npattern: '* * * * * *'\n";
    private static final DateTimeFormatter LOCAL =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);

    @RegisterExtension
    private final Installation place = Installation.here();

    private String why(String... words) throws Exception {
        var all = new String[words.length + 1];
        all[0] = "why";
        System.arraycopy(words, 0, all, 1, words.length);
        var said = place.client(all);
        assertThat(said.code()).as(said.err()).isZero();
        assertThat(said.out()).hasLineCount(1);
        return said.out().strip();
    }

    /** Returns the due instant of the newest record in a state. */
    private static Instant last(RunningDaemon daemon, String recipe, String state) {
        var dues = new ArrayList<Instant>();
        eventually(() -> {
            daemon.runs(recipe).stream()
                    .filter(run -> run.get("state").asString().equals(state))
                    .forEach(run -> dues.add(Instant.parse(run.get("due_at").asString())));
            assertThat(dues).isNotEmpty();
        });
        return dues.getLast();
    }

    @Test
    void what_was_due_has_its_reason() throws Exception {
        place.recipe("good", SECONDLY + "steps: [ 'true' ]\n")
                .recipe("bad", SECONDLY + "steps: [ exit 3 ]\n")
                .recipe("long", SECONDLY + "steps: [ sleep 600 ]\n")
                .recipe("paused", SECONDLY + "steps: [ 'true' ]\n")
                .recipe("rare", "definition: cron\npattern: '0 0 29 2 *'\nsteps: [ 'true' ]\n");
        RunningDaemon daemon = place.start();
        Instant good = last(daemon, "good", "succeeded");
        assertThat(why("good", "--at", good.toString()))
                .startsWith("good was due at " + LOCAL.format(good) + " by its pattern: run ")
                .contains(" of good succeeded after ");
        assertThat(why("bad", "--at", last(daemon, "bad", "failed").toString())).endsWith(": step 1: exit 3");
        assertThat(why("long", "--at", last(daemon, "long", "skipped").toString()))
                .containsPattern(
                        "long was due (at|[0-9]+ times from) .* was skipped: run [0-9]+ has not ended \\(overlap:"
                                + " skip\\)$");
        assertThat(why("long"))
                .contains("was skipped")
                .containsPattern("It is next due at .*; if run [0-9]+ has not ended by then, it will be skipped");

        assertThat(place.client("pause", "paused", "--reason", "upgrade", "--until", "1h")
                        .code())
                .isZero();
        assertThat(why("paused", "--at", last(daemon, "paused", "held").toString()))
                .containsPattern("was held: paused until .* by " + System.getProperty("user.name") + ": upgrade$");
        String soon = Instant.now().plusSeconds(600).toString();
        assertThat(why("paused", "--at", soon))
                .containsPattern("paused will be due at .*, and will be held: paused until .*: upgrade$");

        assertThat(why("rare"))
                .startsWith(
                        "rare has not run and has no record of a due time. It is next due at 2028-02-29" + " 00:00:00");
        assertThat(why("rare", "--at", "2020-01-01"))
                .isEqualTo("rare was not due at 2020-01-01 00:00:00, and has no earlier record");
        assertThat(why("rare", "--at", "2031-01-01"))
                .startsWith("rare will not be due at 2031-01-01 00:00:00. It is next due at 2032-02-29");
        JsonNode facts = place.json("why", "bad");
        assertThat(facts.get("run").get("recipe").asString()).isEqualTo("bad");
        assertThat(facts.get("next").isNull()).isFalse();
        assertThat(why(facts.get("run").get("id").asString())).startsWith("bad was due ");

        assertThat(place.client("why", "nobody").code()).isEqualTo(3);
        assertThat(place.client("why", "999999").code()).isEqualTo(3);
        assertThat(place.client("why", "1", "--at", "09:00").code()).isEqualTo(2);
        assertThat(place.client("kill", "long").code()).isZero();
    }

    @Test
    void what_the_daemon_was_not_there_for_and_what_nothing_makes_due_has_its_reason() throws Exception {
        place.recipe("none", SECONDLY + "steps: [ 'true' ]\n")
                .recipe("latest", SECONDLY + "catch_up: latest\nsteps: [ 'true' ]\n")
                .recipe("off", "enabled: false\n" + SECONDLY + "steps: [ 'true' ]\n")
                .recipe("by-hand", "steps: [ 'true' ]\n");
        RunningDaemon first = place.start();
        last(first, "none", "succeeded");
        assertThat(first.stop()).isZero();
        Instant down = Instant.now().plusSeconds(2);
        eventually(() -> assertThat(Duration.between(down, Instant.now())).isPositive());
        RunningDaemon daemon = place.start();
        Instant missed = last(daemon, "none", "missed");
        assertThat(why("none", "--at", missed.toString())).endsWith("was missed: the daemon was not running");
        eventually(() -> assertThat(daemon.runs("latest"))
                .anySatisfy(run -> assertThat(run.get("trigger").asString()).isEqualTo("catch-up")));
        Instant made = daemon.runs("latest").stream()
                .filter(run -> run.get("trigger").asString().equals("catch-up"))
                .map(run -> Instant.parse(run.get("due_at").asString()))
                .findFirst()
                .orElseThrow();
        assertThat(why("latest", "--at", made.toString())).contains(" by its pattern, and was caught up at ");

        assertThat(why("off"))
                .isEqualTo("off has not run and has no record of a due time. off is disabled and never due");
        assertThat(why("by-hand")).endsWith(". by-hand has no due time");
        daemon.runToEnd("by-hand");
        assertThat(why("by-hand")).startsWith("by-hand was requested by " + System.getProperty("user.name") + " at ");

        assertThat(place.client("cron", "pause").code()).isZero();
        assertThat(why("none"))
                .contains("It is next due at ")
                .endsWith(", and will be held: cron is paused by " + System.getProperty("user.name"));
        assertThat(place.client("cron", "stop").code()).isZero();
        assertThat(why("none")).endsWith(". none is not due: cron is stopped");
    }

    @Test
    void what_waits_says_for_what() throws Exception {
        place.settings("workers: { max: 1, queue: 1 }")
                .recipe("one", "definition: hook\nid: the-id-of-one\nsteps: [ sleep 600 ]\n")
                .recipe("other", "definition: hook\nid: the-id-of-other\nsteps: [ 'true' ]\n")
                .recipe("again", "retry: { times: 1, delay: 1h }\nsteps: [ exit 1 ]\n");
        RunningDaemon daemon = place.start();
        long one = RunningDaemon.ticket(daemon.post("/hook?id=the-id-of-one"));
        long other = RunningDaemon.ticket(daemon.post("/hook?id=the-id-of-other"));
        assertThat(why(String.valueOf(other)))
                .startsWith("other was requested by a hook from 127.0.0.1 at ")
                .endsWith("is queued; it waits for a worker: all 1 of server are busy");
        assertThat(daemon.post("/hook?id=the-id-of-other").statusCode()).isEqualTo(429);
        assertThat(why("other")).contains("was rejected: the queue is full");
        assertThat(place.client("kill", String.valueOf(other)).code()).isZero();
        long behind = RunningDaemon.ticket(daemon.post("/hook?id=the-id-of-one"));
        assertThat(why(String.valueOf(behind))).endsWith("is queued; it waits for the end of run " + one);
        daemon.begin("again");
        eventually(() ->
                assertThat(why("again")).contains("waits for its next attempt").contains("; its next attempt is at "));
        assertThat(place.client("kill", "one").code()).isZero();
    }
}
