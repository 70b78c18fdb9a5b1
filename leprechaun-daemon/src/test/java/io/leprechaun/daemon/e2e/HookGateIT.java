package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.JSON;
import static io.leprechaun.daemon.e2e.Installation.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The permitted senders of hooks, the rules for requests, and repeated deliveries. */
@Tag("proof")
@Timeout(180)
class HookGateIT extends HookGateFixture {
    HookGateIT() {
        super(new Installation());
    }

    private static String[] standard(String id, Instant at, byte[] body) throws Exception {
        byte[] head = (id + "." + at.getEpochSecond() + ".").getBytes(StandardCharsets.UTF_8);
        byte[] text = new byte[head.length + body.length];
        System.arraycopy(head, 0, text, 0, head.length);
        System.arraycopy(body, 0, text, head.length, body.length);
        String signature = "v1," + Base64.getEncoder().encodeToString(hmac("s3cret", text));
        return new String[] {
            "webhook-id", id, "webhook-timestamp", Long.toString(at.getEpochSecond()), "webhook-signature", signature
        };
    }

    /** The sender has not received the answer and sends again: before, while and after the daemon was killed. */
    @Test
    void the_same_delivery_is_one_run_also_after_a_crash() throws Exception {
        deploy("auth: { scheme: standard-webhooks, secret: { file: " + secret("secret", "s3cret") + " } }");
        var daemon = place.start();
        String[] headers = standard("msg_1", Instant.now(), PUSH);
        long run = RunningDaemon.ticket(daemon.post("/hook/deploy-hook-id", PUSH, headers));
        assertThat(RunningDaemon.ticket(daemon.post("/hook/deploy-hook-id", PUSH, headers)))
                .isEqualTo(run);
        daemon.killHard();
        daemon = place.start();
        assertThat(RunningDaemon.ticket(daemon.post("/hook/deploy-hook-id", PUSH, headers)))
                .isEqualTo(run);
        String[] again = standard("msg_1", Instant.now().plusSeconds(1), PUSH);
        var waited = daemon.post("/hook/deploy-hook-id?wait=30s", PUSH, again);
        assertThat(waited.statusCode()).as(waited.body()).isIn(200, 500); // the crash may have cut the run off
        assertThat(JSON.readTree(waited.body()).get("run").asLong()).isEqualTo(run);
        assertThat(RunningDaemon.ticket(
                        daemon.post("/hook/deploy-hook-id", PUSH, standard("msg_2", Instant.now(), PUSH))))
                .isGreaterThan(run);
        assertThat(daemon.post(
                                "/hook/deploy-hook-id",
                                PUSH,
                                standard("msg_3", Instant.now().minusSeconds(310), PUSH))
                        .statusCode())
                .as("replayed later")
                .isEqualTo(401);
        place.assertVerified();
    }

    private void replayed(RunningDaemon daemon, String hook, long run, String[] headers) throws Exception {
        var answer = daemon.post("/hook/" + hook, PUSH, headers);
        assertThat(RunningDaemon.ticket(answer)).as(String.join(" ", headers)).isEqualTo(run);
    }

    /**
     * Neither the id nor the event is signed: an attacker with a captured delivery can change them, or leave them out.
     */
    @Test
    void a_captured_delivery_is_one_run_whatever_id_it_comes_under() throws Exception {
        Path key = secret("secret", "s3cret");
        for (String scheme : List.of("github", "gitlab", "hmac, header: Sig")) {
            String name = scheme.replaceAll(",.*", "");
            place.recipe(
                    name,
                    "definition: hook\nid: " + name + "-hook-id\nhook: { auth: { scheme: " + scheme
                            + ", secret: { file: " + key + " } } }\nsteps: [ 'echo " + name + " >> ran' ]\n");
        }
        var daemon = place.start();
        String hmac = HexFormat.of().formatHex(hmac("s3cret", PUSH));
        String[] github = {"X-Hub-Signature-256", "sha256=" + hmac};
        String[] gitlab = {"X-Gitlab-Token", "s3cret"};
        String[] own = {"Sig", hmac};
        long one = RunningDaemon.ticket(daemon.post(
                "/hook/github-hook-id",
                PUSH,
                headers(github[0], github[1], "X-GitHub-Delivery", "1", "X-GitHub-Event", "push")));
        long two = RunningDaemon.ticket(
                daemon.post("/hook/gitlab-hook-id", PUSH, headers(gitlab[0], gitlab[1], "X-Gitlab-Event-UUID", "1")));
        long three = RunningDaemon.ticket(
                daemon.post("/hook/hmac-hook-id", PUSH, headers(own[0], own[1], "Idempotency-Key", "1")));
        for (int life = 1; life <= 2; life++) {
            daemon.awaitIdle("server");
            replayed(daemon, "github-hook-id", one, headers(github[0], github[1], "X-GitHub-Delivery", "2"));
            replayed(
                    daemon,
                    "github-hook-id",
                    one,
                    headers(github[0], github[1], "X-GitHub-Delivery", "3", "X-GitHub-Event", "ping"));
            replayed(daemon, "github-hook-id", one, github);
            replayed(daemon, "github-hook-id", one, headers(github[0], github[1], "Idempotency-Key", "4"));
            replayed(daemon, "gitlab-hook-id", two, headers(gitlab[0], gitlab[1], "X-Gitlab-Event-UUID", "2"));
            replayed(daemon, "hmac-hook-id", three, headers(own[0], own[1], "Idempotency-Key", "2"));
            replayed(daemon, "hmac-hook-id", three, own);
            assertThat(daemon.log())
                    .contains("recipe=github from=127.0.0.1 hook answered: 202, run " + one
                            + ": replay: this body was already"
                            + " delivered with another id (hook.dedupe)");
            if (life == 1) {
                daemon.killHard();
                daemon = place.start();
            }
        }
        assertThat(ran().lines()).containsExactlyInAnyOrder("github", "gitlab", "hmac");
        var waited = daemon.post("/hook/hmac-hook-id?wait=30s", PUSH, headers(own[0], own[1], "Idempotency-Key", "9"));
        assertThat(waited.statusCode()).as(waited.body()).isEqualTo(200);
        assertThat(JSON.readTree(waited.body()).get("run").asLong()).isEqualTo(three);
        assertThat(place.client("why", "hmac").out()).contains("replay: this body was already delivered");
        var record = daemon.runs("github").getLast();
        assertThat(record.get("state").asString()).isEqualTo("skipped");
        assertThat(record.get("reason").asString()).contains("delivered with another id (hook.dedupe)");
        place.assertVerified();
    }

    @Test
    void what_waits_is_coalesced_with_what_comes_after_a_restart() throws Exception {
        place.settings("workers: { max: 1, queue: 5 }").recipe("deploy", """
            definition: hook
            id: deploy-hook-id
            on_stop: kill
            hook: { params: { branch: { query: b } }, coalesce: branch }
            steps: [ 'until test -e go; do sleep 0.1; done' ]
            """);
        var daemon = place.start();
        RunningDaemon.ticket(daemon.post("/hook/deploy-hook-id?b=cut-off"));
        long next = RunningDaemon.ticket(daemon.post("/hook/deploy-hook-id?b=next"));
        long waits = RunningDaemon.ticket(daemon.post("/hook/deploy-hook-id?b=main"));
        daemon.killHard();
        var restarted = place.start();
        eventually(() -> assertThat(restarted.run(next).get("state").asString()).isEqualTo("running"));
        long newest = RunningDaemon.ticket(restarted.post("/hook/deploy-hook-id?b=main"));
        assertThat(restarted.over(waits).get("state").asString()).isEqualTo("skipped");
        place.touch("go");
        restarted.awaitIdle("server");
        assertThat(restarted.run(newest).get("state").asString()).isEqualTo("succeeded");
    }
}
