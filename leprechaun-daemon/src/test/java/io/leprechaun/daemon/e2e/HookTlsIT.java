package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The hook port by TLS: the files that it accepts, and its messages to administrators and senders. */
@Timeout(120)
class HookTlsIT {
    private static final String HOOK = """
        definition: hook
        id: knock
        hook: { params: { m: { query: m } } }
        steps: [ 'printf %s "$LEPRECHAUN_PARAM_M"' ]
        """;

    @RegisterExtension
    private final Installation place = new Installation();

    @BeforeEach
    void tools() throws Exception {
        Tools.require("that hooks come by TLS is not checked", "openssl", "curl");
        print("openssl req -x509 -nodes -days 2 -subj /CN=localhost -newkey ec -pkeyopt ec_paramgen_curve:P-256"
                + " -addext subjectAltName=DNS:localhost,DNS:my_host -keyout key.pem -out cert.pem");
    }

    /** Returns the output of shell commands in the test's folder. */
    private String print(String commands) throws InterruptedException {
        return place.shell("cd " + place.folder() + " && { " + commands + "; } 2>&1")
                .out();
    }

    private String file(String name) {
        return place.folder().resolve(name).toString();
    }

    private RunningDaemon start(String certificate, String key) {
        return place.server("tls: { certificate: " + file(certificate) + ", key: " + file(key) + " }")
                .recipe("hook", HOOK)
                .start();
    }

    /** As haproxy, cockpit and webmin want it, and as openssl prints a chain. */
    @Test
    void certificate_and_key_may_stand_in_one_file_with_other_things() throws Exception {
        print("openssl ecparam -name prime256v1 > parameters; openssl x509 -in cert.pem -text > texts.pem;"
                + " cat key.pem cert.pem > key-first.pem; cat cert.pem key.pem > key-last.pem;"
                + " cat parameters key.pem parameters texts.pem > all.pem");
        for (String both : List.of("key-first.pem", "key-last.pem", "all.pem")) {
            var daemon = start(both, both);
            assertThat(print("curl -sS --cacert cert.pem https://localhost:" + daemon.port() + "/ping"))
                    .as(both)
                    .isEqualTo("PONG\n");
            assertThat(daemon.stop()).isZero();
        }
    }

    @Test
    void a_name_with_an_underscore_is_a_name() throws Exception {
        var daemon = start("cert.pem", "key.pem");
        for (String version : List.of("--http1.1", "--http2")) {
            assertThat(print("curl -sS --cacert cert.pem " + version + " --resolve my_host:" + daemon.port()
                            + ":127.0.0.1 https://my_host:" + daemon.port() + "/ping"))
                    .as(version)
                    .isEqualTo("PONG\n");
        }
    }

    @Test
    void raw_utf_8_in_the_query_arrives_exactly_whatever_the_version() throws Exception {
        var daemon = start("cert.pem", "key.pem");
        var runs = new ArrayList<String>();
        for (String version : List.of("--http1.1", "--http2")) {
            print("curl -g -sS --cacert cert.pem " + version + " 'https://localhost:" + daemon.port()
                    + "/hook?id=knock&wait=30s&m=łZoë日本🍀'");
        }
        for (var run : daemon.runs("hook")) {
            runs.add(daemon.output(run.get("id").asLong()));
        }
        assertThat(runs).containsExactly("łZoë日本🍀", "łZoë日本🍀");
    }

    private void say(int port, String text) throws IOException {
        try (var socket = new Socket("127.0.0.1", port)) {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
            var unused = socket.getInputStream().readAllBytes();
        } catch (IOException e) {
            // the daemon closes the connection
        }
    }

    @Test
    void who_does_not_come_to_speak_tls_is_logged_with_the_reason() throws Exception {
        var daemon = start("cert.pem", "key.pem");
        new Socket("127.0.0.1", daemon.port()).close(); // checks whether the port is open
        print("curl -sS --tls-max 1.2 https://localhost:" + daemon.port() + "/ping");
        print("curl -sS https://localhost:" + daemon.port() + "/ping");
        String begin = "from=127.0.0.1 connection refused: TLS failed: ";
        String untrusted = begin + "the sender does not trust the certificate of this port (unknown_ca)";
        eventually(() -> assertThat(daemon.log().lines().filter(line -> line.contains(untrusted)))
                .hasSize(2));
        print("openssl s_client -connect 127.0.0.1:" + daemon.port() + " -tls1_1 -cipher DEFAULT@SECLEVEL=0");
        eventually(() -> assertThat(daemon.log()).contains(begin).contains("TLSv1.1"));
        for (int i = 0; i < 20; i++) {
            say(daemon.port(), "GET /ping HTTP/1.1\r\nHost: x\r\n\r\n");
        }
        eventually(() ->
                assertThat(daemon.log()).contains(begin + "the sender does not use TLS: use https:// in its address"));
        assertThat(print("curl -sS --cacert cert.pem https://localhost:" + daemon.port() + "/ping"))
                .isEqualTo("PONG\n");
        assertThat(daemon.log().lines().filter(line -> line.contains(begin)))
                .as("ten a minute")
                .hasSizeLessThanOrEqualTo(20);
    }
}
