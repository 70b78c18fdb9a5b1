package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The API over TCP, from outside: by the client that makes tokens, and by curl that uses them. */
@Timeout(180)
class TcpIT {
    private static final Pattern PORT = Pattern.compile("listening for API calls on [^ ]*:([0-9]+)");

    @RegisterExtension
    private final Installation place = new Installation();

    @BeforeEach
    void tools() throws Exception {
        Tools.require("that the API answers over TCP is not checked", "openssl", "curl");
        print("openssl req -x509 -nodes -days 2 -subj /CN=localhost -newkey ec -pkeyopt ec_paramgen_curve:P-256"
                + " -addext subjectAltName=DNS:localhost,DNS:runs.example.org -keyout key.pem -out cert.pem");
        place.recipe("say", "steps: [ 'echo begins; sleep 600' ]\n");
    }

    private String print(String commands) throws InterruptedException {
        return place.shell("cd " + place.folder() + " && { " + commands + "; } 2>&1")
                .out();
    }

    private String tls() {
        return "tls: { certificate: " + place.folder().resolve("cert.pem") + ", key: "
                + place.folder().resolve("key.pem") + " }";
    }

    static int port(RunningDaemon daemon) {
        Matcher found = PORT.matcher(daemon.log());
        assertThat(found.find()).as(daemon.log()).isTrue();
        return Integer.parseInt(found.group(1));
    }

    @Test
    void a_token_works_by_either_version_of_http_and_after_a_restart_until_it_is_revoked() throws Exception {
        place.settings("console: { open: always, listen: \"127.0.0.1:0\", " + tls() + " }");
        var daemon = place.start();
        String token = place.client("token", "new", "deploy", "--scope", "operate")
                .out()
                .strip();
        for (String version : new String[] {"--http1.1", "--http2"}) {
            assertThat(curl(daemon, version + " -w ' %{http_version} %{http_code}'", token, "/scheduler/info"))
                    .contains("\"agent\":\"scheduler\"")
                    .endsWith(version.equals("--http2") ? " 2 200" : " 1.1 200");
        }
        assertThat(curl(daemon, "-X POST", token, "/book/run?args=say")).contains("\"requested_by\":\"token:deploy\"");
        assertThat(curl(daemon, "-X POST", token, "/daemon/kill")).contains("requires a token with the scope admin");
        String reader = place.client("token", "new", "reader").out().strip();
        assertThat(curl(daemon, "", reader, "/book/env?args=say"))
                .contains("requires a token or session with the scope operate");
        assertThat(curl(daemon, "", token, "/book/env?args=say")).contains("LEPRECHAUN_RECIPE");
        assertThat(place.client("changes", "--by", "token:deploy").out()).contains("token", "run say", "done");
        assertThat(place.client("token", "revoke", "reader").code()).isZero();
        assertThat(curl(daemon, "-X POST", token, "/token/new?args=more")).contains("\"status\":403");
        assertThat(daemon.stop()).isZero();

        var next = place.start();
        assertThat(curl(next, "", token, "/api/v1/runs/1")).contains("\"recipe\":\"say\"");
        assertThat(place.client("token", "revoke", "deploy").code()).isZero();
        assertThat(curl(next, "", token, "/api/v1/runs/1")).contains("\"status\":401");
        assertThat(place.client("token", "ls").out()).contains("no tokens");
        assertThat(next.log()).doesNotContain(token);
    }

    private String curl(RunningDaemon daemon, String options, String token, String path) throws Exception {
        return print("curl -sS --cacert cert.pem " + options + " -H 'Authorization: Bearer " + token
                + "' https://localhost:" + port(daemon) + path);
    }

    @Test
    void a_followed_log_ends_when_its_token_is_revoked() throws Exception {
        place.settings("console: { open: always, listen: \"127.0.0.1:0\" }");
        var daemon = place.start();
        String token = place.client("token", "new", "reader").out().strip();
        long run = daemon.begin("say");
        var curl = new ProcessBuilder(
                        "curl",
                        "-sN",
                        "-H",
                        "Authorization: Bearer " + token,
                        "http://localhost:" + port(daemon) + "/api/v1/runs/" + run + "/output?follow=true")
                .redirectOutput(place.folder().resolve("followed").toFile())
                .start();
        try {
            eventually(() -> assertThat(place.folder().resolve("followed")).hasContent("begins"));
            assertThat(place.client("token", "revoke", "reader").code()).isZero();
            assertThat(curl.waitFor()).as("curl: partial file").isEqualTo(18);
        } finally {
            curl.destroyForcibly();
        }
        assertThat(daemon.run(run).get("state").asString()).isEqualTo("running");
    }

    @Test
    void nothing_listens_unless_it_is_asked_for() throws Exception {
        place.settings("console: { listen: \"127.0.0.1:0\" }");
        var daemon = place.start();
        assertThat(daemon.log()).doesNotContainPattern(PORT);
        assertThat(place.state().resolve("access")).doesNotExist();
    }

    @Test
    void what_is_wrong_with_the_settings_stops_the_start_and_a_taken_port_does_not() throws Exception {
        place.settings("console: { open: always, listen: \"0.0.0.0:0\" }");
        assertThat(place.daemon()).satisfies(refused -> {
            assertThat(refused.code()).isEqualTo(2);
            assertThat(refused.err()).contains("send their tokens unencrypted");
        });
        print("echo > cert.pem");
        place.settings("console: { open: always, listen: \"127.0.0.1:0\", " + tls() + " }");
        assertThat(place.daemon()).satisfies(refused -> {
            assertThat(refused.code()).isEqualTo(2);
            assertThat(refused.err()).contains("cert.pem");
        });
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            place.settings("console: { open: always, listen: \"127.0.0.1:" + taken.getLocalPort() + "\" }");
            var daemon = place.start();
            var health = place.client("daemon", "health");
            assertThat(health.code()).isEqualTo(1);
            assertThat(health.err()).contains("cannot listen for API calls on", "console: listen:");
            daemon.begin("say");
            assertThat(daemon.isAlive()).isTrue();
        }
    }
}
