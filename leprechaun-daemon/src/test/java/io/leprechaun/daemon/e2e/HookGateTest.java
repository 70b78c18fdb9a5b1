package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.JSON;
import static io.leprechaun.daemon.e2e.Installation.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The permitted senders of hooks, the rules for requests, and repeated deliveries. */
@Timeout(180)
class HookGateTest extends HookGateFixture {
    HookGateTest() {
        super(Installation.here());
    }

    private static String github(String secret, byte[] body) throws Exception {
        return "sha256=" + HexFormat.of().formatHex(hmac(secret, body));
    }

    @Test
    void github_is_let_in_and_whoever_else_hears_what_who_knows_no_id_hears() throws Exception {
        var daemon = deploy(
                        "auth: { scheme: github, secret: { file: " + secret("secret", "s3cret") + " } }",
                        "params: { branch: { json: ref } }")
                .start();
        String signature = github("s3cret", PUSH);
        long id = RunningDaemon.ticket(daemon.post(
                "/hook?id=deploy-hook-id", PUSH, "X-Hub-Signature-256", signature, "X-GitHub-Event", "push"));
        assertThat(daemon.over(id).get("state").asString()).isEqualTo("succeeded");
        assertThat(ran()).isEqualTo("refs/heads/main\n");

        var unknown = daemon.post("/hook?id=no-such-hook-id", PUSH, "X-Hub-Signature-256", signature);
        assertThat(unknown.statusCode()).isEqualTo(404);
        for (String forged : List.of(
                github("other", PUSH), signature.toUpperCase(java.util.Locale.ROOT), signature.substring(7), "x")) {
            var answer = daemon.post("/hook?id=deploy-hook-id", PUSH, "X-Hub-Signature-256", forged);
            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(answer.body()).isEqualTo(unknown.body());
        }
        assertThat(daemon.post("/hook?id=deploy-hook-id", PUSH).statusCode()).isEqualTo(401);
        assertThat(daemon.get("/hook?id=deploy-hook-id&secret=s3cret").statusCode())
                .isEqualTo(401);
        assertThat(daemon.post(
                                "/hook?id=deploy-hook-id",
                                "{}".getBytes(StandardCharsets.UTF_8),
                                "X-Hub-Signature-256",
                                signature)
                        .statusCode())
                .as("another body")
                .isEqualTo(401);
        assertThat(daemon.runs("deploy")).hasSize(1);
        assertThat(daemon.log())
                .contains("run=" + id + " recipe=deploy from=127.0.0.1 hook answered: 202")
                .doesNotContain("s3cret")
                .doesNotContain("deploy-hook-id")
                .doesNotContain(signature.substring(7))
                .doesNotContain(
                        github("s3cret", "{}".getBytes(StandardCharsets.UTF_8)).substring(7));
    }

    @Test
    void a_secret_is_rotated_while_the_daemon_runs() throws Exception {
        Path file = secret("secret", "old");
        var daemon = deploy("auth: { scheme: bearer, secret: { file: " + file + " } }")
                .start();
        assertThat(bearer(daemon, "old")).isEqualTo(202);
        Files.writeString(file, "new\n");
        eventually(() -> assertThat(bearer(daemon, "new")).isEqualTo(202));
        assertThat(bearer(daemon, "old")).isEqualTo(401);
        Files.writeString(file, "\n");
        eventually(() -> assertThat(bearer(daemon, "new")).isEqualTo(503));
        assertThat(bearer(daemon, "")).isEqualTo(503);
        assertThat(daemon.log()).contains("recipe=deploy cannot take hooks: missing or empty secret; store it");
        var check = place.client("check");
        assertThat(check.code()).isEqualTo(1);
        assertThat(check.out()).contains("deploy.yml:1:1: error: hook.auth: empty secret; store it in " + file);
    }

    private static int bearer(RunningDaemon daemon, String token) throws Exception {
        return daemon.post("/hook/deploy-hook-id", new byte[0], "Authorization", "Bearer " + token)
                .statusCode();
    }

    /** The sender gives no ids, or the recipe accepts each delivery. */
    @Test
    void equal_deliveries_of_an_honest_sender_each_run() throws Exception {
        var daemon = deploy(
                        "auth: { scheme: github, secret: { file: " + secret("secret", "s3cret") + " } }",
                        "params: { branch: { json: after } }")
                .recipe(
                        "all",
                        "definition: hook\n"
                                + "id: all-hook-id\n"
                                + "hook: { dedupe: none, auth: { scheme: github, secret: { file: "
                                + place.folder().resolve("secret") + " } } }\nsteps: [ 'echo all >> ran' ]\n")
                .start();
        String signature = github("s3cret", PUSH);
        var runs = new HashSet<Long>();
        for (int i = 0; i < 3; i++) {
            runs.add(RunningDaemon.ticket(daemon.post("/hook/deploy-hook-id", PUSH, "X-Hub-Signature-256", signature)));
            runs.add(RunningDaemon.ticket(daemon.post(
                    "/hook/all-hook-id",
                    PUSH,
                    headers("X-Hub-Signature-256", signature, "X-GitHub-Delivery", "" + i))));
        }
        assertThat(runs).hasSize(6);
        daemon.awaitIdle("server");
        assertThat(ran().lines()).hasSize(6);
    }

    @Test
    void the_same_delivery_a_hundred_times_at_once_is_one_run() throws Exception {
        var daemon = deploy("params: { branch: { query: b } }").start();
        Set<Long> runs = new HashSet<>();
        var threads = new ArrayList<Thread>();
        var answers = java.util.Collections.synchronizedList(new ArrayList<HttpResponse<String>>());
        for (int i = 0; i < 100; i++) {
            threads.add(Thread.startVirtualThread(() -> {
                try {
                    answers.add(daemon.post("/hook/deploy-hook-id?b=x", new byte[0], "Idempotency-Key", "one"));
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(answers).hasSize(100).allSatisfy(answer -> runs.add(RunningDaemon.ticket(answer)));
        assertThat(runs).hasSize(1);
        daemon.awaitIdle("server");
        assertThat(ran()).isEqualTo("x\n");
    }

    @Test
    void of_those_that_wait_with_one_key_the_newest_stays() throws Exception {
        var daemon = place.settings("workers: { max: 1, queue: 2 }")
                .recipe("deploy", """
                    definition: hook
                    id: deploy-hook-id
                    hook: { params: { branch: { query: b }, n: { query: n } }, coalesce: branch }
                    steps:
                      - echo $LEPRECHAUN_PARAM_BRANCH $LEPRECHAUN_PARAM_N >> ran
                      - until test -e go; do sleep 0.1; done
                    """)
                .start();
        long first = RunningDaemon.ticket(daemon.post("/hook/deploy-hook-id?b=main&n=0"));
        eventually(() -> assertThat(ran()).isEqualTo("main 0\n"));
        long last = 0;
        for (int n = 1; n <= 20; n++) {
            last = RunningDaemon.ticket(daemon.post("/hook/deploy-hook-id?b=main&n=" + n));
        }
        long other = RunningDaemon.ticket(daemon.post("/hook/deploy-hook-id?b=dev&n=1"));
        long newest = RunningDaemon.ticket(daemon.post("/hook/deploy-hook-id?b=main&n=21"));
        assertThat(daemon.post("/hook/deploy-hook-id?n=no-branch").statusCode())
                .as("the queue is full, and it has no key")
                .isEqualTo(429);
        place.touch("go");
        daemon.awaitIdle("server");
        assertThat(ran()).isEqualTo("main 0\ndev 1\nmain 21\n");
        assertThat(daemon.run(last).get("state").asString()).isEqualTo("skipped");
        assertThat(daemon.run(last).get("reason").asString()).contains("replaced by the newer run " + newest);
        assertThat(List.of(first, other, newest))
                .allSatisfy(run ->
                        assertThat(daemon.run(run).get("state").asString()).isEqualTo("succeeded"));
        place.assertVerified();
    }

    @Test
    void what_the_rules_do_not_take_is_recorded_with_the_rule() throws Exception {
        var daemon = deploy(
                        "rules:",
                        "- { header: X-GitHub-Event, match: push }",
                        "- { json: ref, regex: '^refs/heads/(main|release-.*)$' }",
                        "otherwise: 204",
                        "params: { branch: { json: ref } }")
                .start();
        assertThat(daemon.post("/hook/deploy-hook-id", PUSH, "X-GitHub-Event", "ping")
                        .statusCode())
                .isEqualTo(204);
        byte[] dev = "{\"ref\":\"refs/heads/dev\"}".getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 3; i++) {
            assertThat(daemon.post("/hook/deploy-hook-id", dev, "X-GitHub-Event", "push")
                            .statusCode())
                    .isEqualTo(204);
        }
        assertThat(daemon.post(
                                "/hook/deploy-hook-id",
                                "no json".getBytes(StandardCharsets.UTF_8),
                                "X-GitHub-Event",
                                "push")
                        .statusCode())
                .isEqualTo(400);
        eventually(() -> assertThat(RunningDaemon.texts(daemon.runs("deploy"), "reason"))
                .containsExactly(
                        "a rule of the hook is not met: header X-GitHub-Event is push",
                        "a rule of the hook is not met: json ref fits ^refs/heads/(main|release-.*)$"));
        eventually(() ->
                assertThat(daemon.runs("deploy").getLast().get("count").asInt()).isEqualTo(3));
        assertThat(daemon.post("/hook/deploy-hook-id?wait=30s", PUSH, "X-GitHub-Event", "push")
                        .statusCode())
                .isEqualTo(200);
        assertThat(place.client("why", "deploy").out()).contains("succeeded");
    }

    @Test
    void a_sender_is_who_the_trusted_proxy_says() throws Exception {
        var daemon = place.server("trusted_proxies: [ 127.0.0.1 ]")
                .recipe(
                        "deploy",
                        "definition: hook\n"
                                + "id: deploy-hook-id\n"
                                + "hook: { allow_from: [ 192.0.2.0/24 ] }\n"
                                + "steps: [ 'true' ]\n")
                .start();
        assertThat(forwarded(daemon, "192.0.2.7")).isEqualTo(202);
        assertThat(forwarded(daemon, "10.0.0.1, 192.0.2.7")).isEqualTo(202);
        assertThat(forwarded(daemon, "192.0.2.7, 10.0.0.1"))
                .as("the proxy spoke to another")
                .isEqualTo(403);
        assertThat(forwarded(daemon, "192.0.2.7, nonsense")).isEqualTo(403);
        assertThat(daemon.post("/hook/deploy-hook-id").statusCode()).isEqualTo(403);
        assertThat(daemon.runs("deploy").getFirst().get("requested_by").asString())
                .isEqualTo("192.0.2.7");
    }

    private static int forwarded(RunningDaemon daemon, String chain) throws Exception {
        return daemon.post("/hook/deploy-hook-id", new byte[0], "X-Forwarded-For", chain)
                .statusCode();
    }

    /** Bytes with a meaning for shells, environments, JSON, terminals or readers. */
    @Test
    void hostile_values_reach_the_step_byte_for_byte_and_run_nothing() throws Exception {
        var daemon = place.recipe("deploy", """
            definition: hook
            id: deploy-hook-id
            hook: { params: { j: { json: v, max: 65536 }, q: { query: v }, h: { header: X-V } } }
            steps:
              - printf %s "$LEPRECHAUN_PARAM_J" > j
              - printf %s "$LEPRECHAUN_PARAM_Q" > q
              - printf %s "$LEPRECHAUN_PARAM_H" > h
              - env | grep -c "^LD_PRELOAD\\|^BASH_ENV\\|^BASH_FUNC" > names || true
            """).start();
        for (String value : List.of(
                "'; touch pwned; '",
                "\"; touch pwned; \"",
                "$(touch pwned)",
                "`touch pwned`",
                "a\nb\ttouch pwned",
                "; touch pwned #",
                "|touch pwned",
                "&& touch pwned",
                "--help",
                "-rf /",
                "${IFS}",
                "%s%n%x",
                "\\u0000 \\x00",
                "\u001b[31mred\u0007",
                "\u202eright to left",
                "ünï – 🍀 – \uD83C\uDDEE\uD83C\uDDEA",
                "LD_PRELOAD=/tmp/x.so",
                "() { :;}; touch pwned",
                "../../../../etc/passwd",
                " spaces ",
                "x".repeat(60_000))) {
            byte[] body = JSON.writeValueAsBytes(java.util.Map.of("v", value, "LD_PRELOAD", "x", "BASH_ENV", "x"));
            String inHeader = value.length() > 4000
                    ? ""
                    : value.replaceAll("[\\p{Cntrl}]", "").strip();
            String inQuery = value.length() > 4000 ? "" : value;
            byte[] sent = ("POST /hook/deploy-hook-id?wait=60s&LD_PRELOAD=x&BASH_FUNC_x%25%25=y&v="
                            + java.net.URLEncoder.encode(inQuery, StandardCharsets.UTF_8)
                            + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nLD_PRELOAD: x\r\nX-V: " + inHeader
                            + "\r\nContent-Length: " + body.length + "\r\n\r\n")
                    .getBytes(StandardCharsets.UTF_8);
            String answer = raw(daemon, sent, body);
            assertThat(answer).as(value).startsWith("HTTP/1.1 200");
            assertThat(place.work().resolve("j")).as("json").hasBinaryContent(value.getBytes(StandardCharsets.UTF_8));
            assertThat(place.work().resolve("q"))
                    .as("query")
                    .hasBinaryContent(inQuery.getBytes(StandardCharsets.UTF_8));
            assertThat(place.work().resolve("h"))
                    .as("header")
                    .hasBinaryContent(inHeader.getBytes(StandardCharsets.UTF_8));
            assertThat(Installation.text(place.work().resolve("names"))).isEqualTo("0\n");
        }
        assertThat(place.work().resolve("pwned")).doesNotExist();
        for (byte[] bad : List.of(
                "{\"v\":\"a\\u0000b\"}".getBytes(StandardCharsets.UTF_8),
                "{\"v\":\"\\udc00\"}".getBytes(StandardCharsets.UTF_8),
                new byte[] {'{', '"', 'v', '"', ':', '"', (byte) 0xc3, '"', '}'},
                JSON.writeValueAsBytes(java.util.Map.of("v", "x".repeat(1_000_000))))) {
            assertThat(daemon.post("/hook/deploy-hook-id", bad).statusCode()).isEqualTo(400);
        }
        for (String query : List.of("v=%00", "v=%ff", "v=%C3")) {
            assertThat(daemon.post("/hook/deploy-hook-id?" + query, "{}".getBytes(StandardCharsets.UTF_8))
                            .statusCode())
                    .as(query)
                    .isEqualTo(400);
        }
        assertThat(raw(
                        daemon,
                        "POST /hook/deploy-hook-id HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-V: \u00ff\r\nContent-Length: 2\r\n\r\n"
                                .getBytes(StandardCharsets.ISO_8859_1),
                        "{}".getBytes(StandardCharsets.UTF_8)))
                .startsWith("HTTP/1.1 400");
    }

    private static String raw(RunningDaemon daemon, byte[] head, byte[] body) throws Exception {
        try (var socket = new java.net.Socket("127.0.0.1", daemon.port())) {
            socket.getOutputStream().write(head);
            socket.getOutputStream().write(body);
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void a_hook_is_tested_without_a_daemon_and_replayed_with_one() throws Exception {
        deploy(
                "auth: { scheme: github, secret: { file: " + secret("secret", "s3cret") + " } }",
                "rules:",
                "- { header: X-GitHub-Event, match: push }",
                "- not: { json: ref, match: refs/heads/dev }",
                "params: { branch: { json: ref } }");
        Path body = Files.write(place.folder().resolve("push.json"), PUSH);
        String signature = "X-Hub-Signature-256: " + github("s3cret", PUSH);
        var good = place.client(
                "hook",
                "test",
                "deploy",
                "--body",
                body.toString(),
                "--header",
                signature,
                "--header",
                "X-GitHub-Event: push");
        assertThat(good.out()).isEqualTo("""
            ok  secret    valid
            ok  method    allowed: POST
            ok  rules     all met
                ok  all of
                    ok  header X-GitHub-Event is push: 'push'
                    ok  not json ref is refs/heads/dev: 'refs/heads/main'
            ok  branch    'refs/heads/main' (json ref)
            deploy would run
            """);
        assertThat(good.code()).isZero();
        var bad = place.client("hook", "test", "deploy", "--body", body.toString(), "--header", "X-GitHub-Event: ping");
        assertThat(bad.code()).isEqualTo(1);
        assertThat(bad.out()).isEqualTo("""
            no  secret    the header X-Hub-Signature-256 is missing
            ok  method    allowed: POST
            no  rules     not header X-GitHub-Event is push
                no  all of
                    no  header X-GitHub-Event is push: 'ping'
                    ok  not json ref is refs/heads/dev: 'refs/heads/main'
            ok  branch    'refs/heads/main' (json ref)
            deploy would not run (401): the header X-Hub-Signature-256 is missing
            """);
        var json = place.client("hook", "test", "deploy", "--body", body.toString(), "--json")
                .json()
                .get("hook");
        assertThat(json.get("status").asInt()).isEqualTo(401);
        assertThat(place.client("hook", "test", "nothing").code()).isEqualTo(3);
        assertThat(place.client("hook", "test", "deploy", "--body", "/nowhere").code())
                .isEqualTo(2);

        var daemon = place.start();
        long run = RunningDaemon.ticket(daemon.post(
                "/hook/deploy-hook-id",
                PUSH,
                "X-Hub-Signature-256",
                github("s3cret", PUSH),
                "X-GitHub-Event",
                "push",
                "X-GitHub-Delivery",
                "d1"));
        daemon.over(run);
        var replayed =
                place.json("hook", "replay", Long.toString(run), "--wait").get("run");
        assertThat(replayed.get("id").asLong()).isGreaterThan(run);
        assertThat(replayed.get("trigger").asString()).isEqualTo("hook");
        assertThat(replayed.get("agent").asString()).isEqualTo("server");
        assertThat(replayed.get("requested_by").asString()).startsWith("replay of run " + run + " by ");
        assertThat(ran()).isEqualTo("refs/heads/main\nrefs/heads/main\n");
        var given =
                place.json("run", "deploy", "-p", "branch=by hand", "--wait").get("run");
        assertThat(given.get("trigger").asString()).isEqualTo("manual");
        assertThat(ran()).endsWith("by hand\n");
        assertThat(place.client("hook", "replay", given.get("id").asString()).code())
                .isEqualTo(2);
        assertThat(place.client("hook", "replay", "999").code()).isEqualTo(3);
        assertThat(place.client("run", "deploy", "-p", "1x=2").code()).isEqualTo(2);
    }
}
