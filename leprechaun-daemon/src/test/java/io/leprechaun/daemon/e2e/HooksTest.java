package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.JSON;
import static io.leprechaun.daemon.e2e.Installation.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** The answers to senders of hooks. */
@Timeout(180)
class HooksTest {
    private static final String UNTIL_GO = "steps: [ 'until test -e go; do sleep 0.1; done' ]\n";

    @RegisterExtension
    private final Installation place = Installation.here();

    private static JsonNode json(String text) {
        return JSON.readTree(text);
    }

    @Test
    void a_hook_is_accepted_with_its_run_and_runs() throws Exception {
        var daemon = place.recipe("hook", "definition: hook\nid: knock\nsteps: [ echo $LEPRECHAUN_TRIGGER ]\n")
                .start();
        var answer = daemon.post("/hook?id=knock");
        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(json(answer.body()).propertyNames()).contains("run", "url");
        assertThat(json(answer.body()).get("url").isNull()).isTrue();
        long id = RunningDaemon.ticket(answer);
        assertThat(daemon.over(id).get("state").asString()).isEqualTo("succeeded");
        assertThat(daemon.run(id).get("agent").asString()).isEqualTo("server");
        assertThat(daemon.output(id)).isEqualTo("hook\n");
        for (var other :
                new java.net.http.HttpResponse<?>[] {daemon.get("/hook?id=knock"), daemon.post("/hook/knock")}) {
            assertThat(other.statusCode()).isEqualTo(202);
        }
        eventually(() -> assertThat(daemon.runs("hook"))
                .hasSize(3)
                .allSatisfy(run -> assertThat(run.get("state").asString()).isEqualTo("succeeded")));
    }

    /** The bodies would not all fit into the daemon's heap at once. */
    @Tag("proof")
    @Test
    void a_flood_of_large_bodies_is_taken_whole_and_does_not_end_the_daemon() throws Exception {
        var daemon = place.settings("workers: { max: 2, queue: 1000 }")
                .recipe(
                        "hook",
                        "definition: hook\nid: knock\noverlap: parallel\n"
                                + "steps: [ 'wc -c < \"$LEPRECHAUN_HOOK_BODY\" >> sizes' ]\n")
                .start();
        var answers = daemon.postMany("/hook?id=knock", new byte[900_000], 300, 150);
        assertThat(answers).extracting(answer -> answer.statusCode()).containsOnly(202);
        eventually(() -> assertThat(place.work().resolve("sizes")).content().isEqualTo("900000\n".repeat(300)));
    }

    @Test
    void an_unknown_or_missing_id_is_not_found_and_the_daemon_goes_on() throws Exception {
        var daemon = place.recipe("hook", "definition: hook\nid: knock\nsteps: [ 'true' ]\n")
                .recipe("tick", "definition: schedule\nschedule: { hour: 1 }\nsteps: [ 'true' ]\n")
                .start();
        for (String path :
                new String[] {"/hook?id=nobody", "/hook?id=", "/hook", "/hook/", "/hook/nobody", "/hook?id=tick"}) {
            assertThat(daemon.post(path).statusCode()).as(path).isEqualTo(404);
            assertThat(daemon.get(path).statusCode()).as(path).isEqualTo(404);
        }
        assertThat(daemon.post("/hook?id=knock").statusCode()).isEqualTo(202);
        assertThat(daemon.log()).doesNotContain("ERROR");
    }

    @Test
    void the_port_serves_hooks_and_a_ping_and_nothing_else() throws Exception {
        var daemon = place.recipe("hook", "definition: hook\nid: knock\nsteps: [ 'true' ]\n")
                .start();
        var ping = daemon.get("/ping");
        assertThat(ping.statusCode()).isEqualTo(200);
        assertThat(ping.body().strip()).isEqualTo("PONG");
        for (String path : new String[] {
            "/",
            "/daemon/info",
            "/scheduler/info",
            "/api/v1/runs",
            "/health",
            "/metrics",
            "/hooks",
            "/hook/knock/x",
            "/pingx"
        }) {
            assertThat(daemon.get(path).statusCode()).as(path).isEqualTo(404);
            assertThat(daemon.post(path).statusCode()).as(path).isEqualTo(404);
        }
        var delete = daemon.send("DELETE", "/hook?id=knock");
        assertThat(delete.statusCode()).isEqualTo(405);
        assertThat(delete.headers().firstValue("Allow")).hasValue("GET, HEAD, POST");
        assertThat(daemon.runs("hook")).isEmpty();
    }

    @Test
    void a_body_reaches_the_step_byte_for_byte() throws Exception {
        var daemon = place.recipe("hook", """
            definition: hook
            id: knock
            steps:
              - cat "$LEPRECHAUN_HOOK_BODY" > got
              - stat -c %a "$LEPRECHAUN_HOOK_BODY"
            """).start();
        byte[] body = new byte[200_000];
        new Random(42).nextBytes(body);
        long id = RunningDaemon.ticket(daemon.post("/hook?id=knock", body));
        assertThat(daemon.over(id).get("state").asString()).isEqualTo("succeeded");
        assertThat(place.work().resolve("got")).hasBinaryContent(body);
        assertThat(daemon.output(id)).isEqualTo("600\n");
    }

    @Test
    void a_body_that_is_too_large_is_refused_and_nothing_runs() throws Exception {
        var daemon = place.recipe("hook", "definition: hook\nid: knock\nsteps: [ 'true' ]\n")
                .start();
        assertThat(daemon.post("/hook?id=knock", new byte[1024 * 1024]).statusCode())
                .isEqualTo(202);
        eventually(() -> assertThat(daemon.runs("hook")).hasSize(1));
        assertThat(daemon.post("/hook?id=knock", new byte[1024 * 1024 + 1]).statusCode())
                .isEqualTo(413);
        assertThat(daemon.post("/hook?id=knock", new byte[4 * 1024 * 1024]).statusCode())
                .isEqualTo(413);
        assertThat(daemon.postOfUnknownLength("/hook?id=knock", new byte[4 * 1024 * 1024])
                        .statusCode())
                .isEqualTo(413);
        assertThat(daemon.runs("hook")).hasSize(1);
    }

    @Test
    void a_recipe_that_skips_names_the_run_in_the_way() throws Exception {
        var daemon = place.recipe("hook", "definition: hook\nid: knock\noverlap: skip\n" + UNTIL_GO)
                .start();
        long first = RunningDaemon.ticket(daemon.post("/hook?id=knock"));
        var second = daemon.post("/hook?id=knock");
        assertThat(second.statusCode()).isEqualTo(409);
        assertThat(json(second.body()).get("run").asLong()).isEqualTo(first);
        daemon.post("/hook?id=knock");
        var skipped = daemon.runs("hook").getLast();
        assertThat(skipped.get("state").asString()).isEqualTo("skipped");
        assertThat(skipped.get("count").asInt()).isEqualTo(2);
        assertThat(skipped.get("reason").asString()).contains(Long.toString(first));
        place.touch("go");
        daemon.over(first);
        assertThat(daemon.post("/hook?id=knock").statusCode()).isEqualTo(202);
    }

    @Test
    void who_waits_is_told_the_outcome() throws Exception {
        var daemon = place.recipe("good", "definition: hook\nid: good\nsteps: [ 'true' ]\n")
                .recipe("bad", "definition: hook\nid: bad\nsteps: [ exit 7 ]\n")
                .recipe("slow", "definition: hook\nid: slow\n" + UNTIL_GO)
                .start();
        var good = daemon.post("/hook?id=good&wait=30s");
        assertThat(good.statusCode()).isEqualTo(200);
        assertThat(json(good.body()).get("run").asLong()).isPositive();
        var bad = daemon.post("/hook?id=bad&wait=30s");
        assertThat(bad.statusCode()).isEqualTo(500);
        assertThat(bad.body()).contains("\"failed\"").contains("\"exit_code\":7");
        var slow = daemon.post("/hook?id=slow&wait=1s");
        assertThat(daemon.run(RunningDaemon.ticket(slow)).get("state").asString())
                .isEqualTo("running");
        assertThat(daemon.post("/hook?id=good&wait=soon").statusCode()).isEqualTo(400);
    }

    @Test
    void a_paused_or_stopped_server_keeps_its_port_and_says_when_to_try_again() throws Exception {
        var daemon = place.recipe("hook", "definition: hook\nid: knock\nsteps: [ 'echo x >> ran' ]\n")
                .start();
        Path ran = place.work().resolve("ran");
        for (String command : new String[] {"pause", "stop"}) {
            assertThat(place.client("server", command).code()).isZero();
            var answer = daemon.post("/hook?id=knock");
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.headers().firstValueAsLong("Retry-After").orElse(0))
                    .isPositive();
            assertThat(daemon.get("/ping").statusCode()).isEqualTo(200);
        }
        assertThat(Files.exists(ran)).isFalse();
        assertThat(place.client("server", "start").code()).isZero();
        assertThat(daemon.post("/hook?id=knock&wait=30s").statusCode()).isEqualTo(200);
        assertThat(ran).hasContent("x\n");
    }
}
