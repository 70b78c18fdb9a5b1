package io.leprechaun.daemon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * HTTP as health checks, proxies and senders of hooks speak it: HEAD, a slash at the end, byte order marks, ports
 * beside addresses, encodings that are not read.
 */
@Timeout(180)
class AsOthersSpeakTest {
    private static final String MARK = "\uFEFF";
    private static final String HOOK = """
        definition: hook
        id: %s
        hook: { params: { ref: { json: ref } } }
        steps: [ 'echo "$LEPRECHAUN_PARAM_REF"' ]
        """;

    @RegisterExtension
    private final Installation place = Installation.here();

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void head_is_get_without_a_body_and_starts_nothing() throws Exception {
        var daemon = place.recipe("hook", "definition: hook\nid: knock\nsteps: [ 'true' ]\n")
                .start();
        for (String path :
                List.of("/ping", "/ping/", "/hook/knock", "/hook/knock/", "/hook?id=knock", "/hook/?id=knock")) {
            var head = daemon.send("HEAD", path);
            assertThat(head.statusCode()).as(path).isEqualTo(200);
            assertThat(head.body()).as(path).isEmpty();
        }
        assertThat(daemon.send("HEAD", "/hook/nobody").statusCode()).isEqualTo(404);
        assertThat(daemon.send("HEAD", "/").statusCode()).isEqualTo(404);
        assertThat(daemon.runs("hook")).isEmpty();

        long run = RunningDaemon.ticket(daemon.post("/hook/knock/"));
        assertThat(daemon.over(run).get("state").asString()).isEqualTo("succeeded");
        for (String path : List.of(
                "/health",
                "/health/",
                "/daemon/info",
                "/daemon/info/",
                "/book/list",
                "/api/v1/runs/",
                "/api/v1/runs/" + run,
                "/api/v1/runs/" + run + "/",
                "/api/v1/runs/" + run + "/output",
                "/api/v1/recipes/hook/")) {
            var get = daemon.api().send("GET", path);
            var head = daemon.api().send("HEAD", path);
            assertThat(get.status()).as(path).isEqualTo(200);
            assertThat(head.status()).as(path).isEqualTo(200);
            assertThat(head.body()).as(path).isEmpty();
            assertThat(head.header("Content-Type")).as(path).isEqualTo(get.header("Content-Type"));
        }
        for (String path : List.of("/book/run?args=hook", "/daemon/kill", "/daemon/kill/")) {
            var head = daemon.api().send("HEAD", path);
            assertThat(head.status()).as(path).isEqualTo(405);
            assertThat(head.header("Allow")).as(path).hasValue("POST");
        }
        assertThat(daemon.api().send("POST", "/book/list").header("Allow")).hasValue("GET, HEAD");
        assertThat(daemon.runs("hook")).hasSize(1);
    }

    private String refOf(RunningDaemon daemon, byte[] body, String... headers) throws Exception {
        long run = RunningDaemon.ticket(daemon.post("/hook/deploy-hook", body, headers));
        assertThat(daemon.over(run).get("state").asString()).isEqualTo("succeeded");
        return daemon.output(run).strip();
    }

    @Test
    void a_byte_order_mark_is_passed_over() throws Exception {
        Path secret = secret(MARK + "key-of-the-hook\r\n");
        var daemon = place.recipe("deploy", HOOK.formatted("deploy-hook"))
                .recipe("form", """
                    definition: hook
                    id: form-hook
                    hook: { params: { ref: { form: ref } } }
                    steps: [ 'echo "$LEPRECHAUN_PARAM_REF"' ]
                    """)
                .recipe("proof", """
                    definition: hook
                    id: proof-hook
                    hook: { auth: { scheme: bearer, secret: { file: %s } } }
                    steps: [ 'true' ]
                    """.formatted(secret))
                .start();
        assertThat(refOf(daemon, bytes(MARK + "{\"ref\":\"main\"}"))).isEqualTo("main");
        assertThat(refOf(daemon, bytes("{\"ref\":\"" + MARK + "main\"}"))).isEqualTo(MARK + "main");
        assertThat(refOf(
                        daemon,
                        bytes("payload=%EF%BB%BF%7B%22ref%22%3A%22main%22%7D"),
                        "Content-Type",
                        "application/x-www-form-urlencoded"))
                .isEqualTo("main");
        long run = RunningDaemon.ticket(daemon.post(
                "/hook/form-hook",
                bytes(MARK + "ref=main"),
                "Content-Type",
                "application/x-www-form-urlencoded; charset=UTF-8"));
        daemon.over(run);
        assertThat(daemon.output(run)).isEqualTo("main\n");
        assertThat(daemon.post("/hook/proof-hook", new byte[0], "Authorization", "Bearer key-of-the-hook")
                        .statusCode())
                .isEqualTo(202);
        var broken = daemon.post("/hook/deploy-hook", bytes("{\n  \"ref\": main}"));
        assertThat(broken.statusCode()).isEqualTo(400);
        assertThat(broken.body())
                .contains("the body is not JSON: error at line 2, column")
                .doesNotContain("Reader");
    }

    private Path secret(String text) throws IOException {
        Path secret = Files.writeString(place.folder().resolve("secret"), text);
        return Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void an_encoding_or_form_that_is_not_read_is_415_and_named() throws Exception {
        var daemon = place.recipe("deploy", HOOK.formatted("deploy-hook"))
                .recipe("raw", "definition: hook\nid: raw-hook\nsteps: [ 'true' ]\n")
                .start();
        byte[] body = bytes("{\"ref\":\"main\"}");
        record Case(String name, String value, String named) {}
        for (var one : List.of(
                new Case("Content-Encoding", "gzip", "gzip"),
                new Case("Content-Encoding", "br", "br"),
                new Case("Content-Type", "multipart/form-data; boundary=x", "multipart/form-data"),
                new Case("Content-Type", "application/json; charset=\"UTF-16LE\"", "utf-16le"))) {
            var refused = daemon.post("/hook/deploy-hook", body, one.name(), one.value());
            assertThat(refused.statusCode()).as(one.value()).isEqualTo(415);
            assertThat(refused.body()).as(one.value()).contains(one.named());
            assertThat(daemon.post("/hook/raw-hook", body, one.name(), one.value())
                            .statusCode())
                    .as("nobody reads it: " + one.value())
                    .isEqualTo(202);
        }
        assertThat(refOf(daemon, body, "Content-Encoding", "identity")).isEqualTo("main");
        assertThat(refOf(daemon, body, "Content-Type", "text/plain")).isEqualTo("main");
    }

    @Test
    void a_port_beside_a_forwarded_address_is_passed_over() throws Exception {
        place.server("trusted_proxies: [127.0.0.0/8]");
        var daemon = place.recipe("hook", """
            definition: hook
            id: knock
            hook: { allow_from: [203.0.113.0/24, "2001:db8::/32"] }
            steps: [ 'true' ]
            """).start();
        for (String address : List.of(
                "203.0.113.7",
                "203.0.113.7:49152",
                "2001:db8::7",
                "[2001:db8::7]",
                "[2001:db8::7]:443",
                "198.51.100.1:80, 203.0.113.7:1, 127.0.0.1:2")) {
            assertThat(daemon.post("/hook/knock", new byte[0], "X-Forwarded-For", address)
                            .statusCode())
                    .as(address)
                    .isEqualTo(202);
        }
        for (String address :
                List.of("198.51.100.7:49152", "[2001:db9::7]:443", "203.0.113.7:", "203.0.113.7:x", "[203.0.113.7")) {
            assertThat(daemon.post("/hook/knock", new byte[0], "X-Forwarded-For", address)
                            .statusCode())
                    .as(address)
                    .isEqualTo(403);
        }
    }

    /** A service that wants 200 and signs the time, as Slack does. */
    @Test
    void a_signature_over_time_and_body_is_checked_and_answered_with_the_status_that_is_wanted() throws Exception {
        Path secret = place.work().resolve("secret");
        Files.writeString(secret, "s3cret\n");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
        var daemon = place.recipe("slack", """
            definition: hook
            id: slash-command
            hook:
              accepted: 200
              auth: { scheme: hmac, header: X-Slack-Signature, prefix: v0=, signed: 'v0:{header:X-Slack-Request-Timestamp}:{body}', secret: { file: %s } }
              params: { text: { form: text } }
            steps: [ 'echo "$LEPRECHAUN_PARAM_TEXT"' ]
            """.formatted(secret)).start();
        byte[] body = bytes("command=%2Fdeploy&text=to+production");
        long now = System.currentTimeMillis() / 1000;
        var taken = daemon.post("/hook/slash-command", body, slack(now, now, body));
        assertThat(taken.statusCode()).isEqualTo(200);
        long run = Installation.JSON.readTree(taken.body()).get("run").asLong();
        assertThat(daemon.over(run).get("state").asString()).isEqualTo("succeeded");
        assertThat(daemon.output(run)).isEqualTo("to production\n");

        assertThat(daemon.post("/hook/slash-command", body, slack(now + 1, now, body))
                        .statusCode())
                .as("at another time than was signed")
                .isEqualTo(401);
        assertThat(daemon.post("/hook/slash-command", body, slack(now - 400, now - 400, body))
                        .statusCode())
                .as("signed six minutes ago")
                .isEqualTo(401);
        assertThat(daemon.runs("slack")).hasSize(1);
    }

    private static String[] slack(long said, long signed, byte[] body) throws Exception {
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(bytes("s3cret"), "HmacSHA256"));
        mac.update(bytes("v0:" + signed + ":"));
        String signature = HexFormat.of().formatHex(mac.doFinal(body));
        return new String[] {
            "X-Slack-Request-Timestamp",
            Long.toString(said),
            "X-Slack-Signature",
            "v0=" + signature,
            "Content-Type",
            "application/x-www-form-urlencoded"
        };
    }

    @Test
    void a_delivery_that_comes_again_after_its_run_failed_is_recorded_and_told_what_to_do() throws Exception {
        Path works = place.work().resolve("works");
        var daemon = place.recipe("flaky", "definition: hook\nid: flaky-hook\nsteps: [ 'test -e " + works + "' ]\n")
                .start();
        long run = RunningDaemon.ticket(daemon.post("/hook/flaky-hook", bytes("{}"), "X-GitHub-Delivery", "d1"));
        assertThat(daemon.over(run).get("state").asString()).isEqualTo("failed");

        var again = daemon.post("/hook/flaky-hook", bytes("{}"), "X-GitHub-Delivery", "d1");
        String known = "duplicate delivery: run " + run + " ended failed; to run it again, use `leprechaun hook replay "
                + run + "`";
        assertThat(again.statusCode()).isEqualTo(202);
        var answer = Installation.JSON.readTree(again.body());
        assertThat(answer.get("run").asLong()).isEqualTo(run);
        assertThat(answer.get("outcome").get("state").asString()).isEqualTo("failed");
        assertThat(answer.get("note").asString()).isEqualTo(known);
        Installation.eventually(() ->
                assertThat(RunningDaemon.texts(daemon.runs("flaky"), "state")).containsExactly("failed", "skipped"));
        var newest = daemon.runs("flaky").getLast();
        assertThat(newest.get("reason").asString()).isEqualTo(known);
        assertThat(daemon.post("/hook/flaky-hook?wait=30s", bytes("{}"), "X-GitHub-Delivery", "d1")
                        .statusCode())
                .isEqualTo(500);

        Files.createFile(works);
        assertThat(place.client("hook", "replay", Long.toString(run), "--wait").code())
                .isZero();
        long two = RunningDaemon.ticket(daemon.post("/hook/flaky-hook", bytes("{}"), "X-GitHub-Delivery", "d2"));
        assertThat(daemon.over(two).get("state").asString()).isEqualTo("succeeded");
        int records = daemon.runs("flaky").size();
        var after = daemon.post("/hook/flaky-hook", bytes("{}"), "X-GitHub-Delivery", "d2");
        assertThat(after.body()).isEqualTo("{\"run\":" + two + ",\"url\":null}\n");
        assertThat(daemon.runs("flaky")).as("one that went well is no news").hasSize(records);
        place.assertVerified();
    }

    /** As curl, busybox and old browsers send the text of an address. */
    @Test
    void raw_utf_8_in_the_query_arrives_exactly() throws Exception {
        var daemon = place.recipe("ask", """
            definition: hook
            id: ask-hook
            hook: { rules: { query: m, in: [ ł, Łł, Zoë, 日本, B ] }, params: { m: { query: m } } }
            steps: [ 'printf %s "$LEPRECHAUN_PARAM_M" >> got' ]
            """).start();
        for (String sent : List.of("ł", "Łł", "Zoë", "日本")) {
            try (var socket = new Socket("127.0.0.1", daemon.port())) {
                socket.getOutputStream()
                        .write(bytes("GET /hook?id=ask-hook&wait=30s&x=100%&m=" + sent
                                + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
                assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                        .as(sent)
                        .startsWith("HTTP/1.1 200");
            }
        }
        assertThat(place.work().resolve("got")).content().isEqualTo("łŁłZoë日本");
    }
}
