package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The hook port against senders with invalid, slow or excessive requests, and by TLS. */
@Tag("proof")
@Timeout(180)
class HookListenerIT extends HookListenerFixture {
    HookListenerIT() {
        super(new Installation());
    }

    // ---- TLS

    private void openssl(String... words) throws Exception {
        var command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(words));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }

    /** Makes a pair of files as `openssl req` and most issuers of certificates write them. */
    private void certificate(String name, String serial, String... kind) throws Exception {
        var words = new ArrayList<>(List.of("req", "-x509", "-nodes", "-days", "2", "-subj", "/CN=localhost"));
        words.addAll(List.of("-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-set_serial", serial));
        words.addAll(List.of("-keyout", file(name + ".key"), "-out", file(name + ".pem")));
        words.addAll(List.of(kind));
        openssl(words.toArray(String[]::new));
    }

    private String file(String name) {
        return place.folder().resolve(name).toString();
    }

    private void put(String from, String to) throws IOException {
        Files.copy(Path.of(file(from)), Path.of(file(to + ".new")));
        Files.move(Path.of(file(to + ".new")), Path.of(file(to)), StandardCopyOption.ATOMIC_MOVE);
    }

    private SSLContext trusting(String... names) throws Exception {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        for (String name : names) {
            try (InputStream in = new ByteArrayInputStream(Files.readAllBytes(Path.of(file(name + ".pem"))))) {
                store.setCertificateEntry(
                        name, CertificateFactory.getInstance("X.509").generateCertificate(in));
            }
        }
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        var context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    private static long serial(SSLContext context, int port) throws IOException {
        try (var socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port)) {
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
                    .getSerialNumber()
                    .longValue();
        }
    }

    @Test
    void hooks_come_by_tls_and_http2_and_a_certificate_is_renewed_without_a_word() throws Exception {
        Tools.require("that hooks come by TLS is not checked", "openssl");
        certificate("one", "101", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256");
        certificate("two", "102", "-newkey", "rsa:2048");
        put("one.pem", "live.pem");
        put("one.key", "live.key");
        var daemon = place.server("tls: { certificate: " + file("live.pem") + ", key: " + file("live.key") + " }")
                .recipe("hook", HOOK)
                .start();
        SSLContext context = trusting("one", "two");
        assertThat(serial(context, daemon.port())).isEqualTo(101);
        var request = HttpRequest.newBuilder(
                        URI.create("https://127.0.0.1:" + daemon.port() + "/hook?id=knock&wait=30s"))
                .timeout(Duration.ofSeconds(60));
        for (var version : HttpClient.Version.values()) {
            if (version.name().equals("HTTP_3")) {
                continue;
            }
            try (var client =
                    HttpClient.newBuilder().sslContext(context).version(version).build()) {
                var answer = client.send(
                        request.POST(BodyPublishers.ofString("body")).build(), BodyHandlers.ofString());
                assertThat(answer.version()).isEqualTo(version);
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            }
        }
        var plain = daemon.port();
        try (var socket = new Socket("127.0.0.1", plain)) {
            socket.getOutputStream().write("GET /ping HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
                    .as("nothing is served unencrypted")
                    .doesNotContain("PONG");
        }
        put("two.key", "live.key"); // in the middle of a renewal
        eventually(() -> assertThat(daemon.log())
                .contains("still using the earlier certificate: the key in " + file("live.key")));
        assertThat(serial(context, daemon.port())).isEqualTo(101);
        put("two.pem", "live.pem");
        eventually(() -> assertThat(serial(context, daemon.port())).isEqualTo(102));
        Files.writeString(Path.of(file("live.pem")), "no certificate\n");
        eventually(() -> assertThat(daemon.log()).contains("no certificate in " + file("live.pem")));
        assertThat(serial(context, daemon.port())).isEqualTo(102);
    }

    @Test
    void what_is_wrong_with_the_files_is_said_before_anything_starts() throws Exception {
        Tools.require("that wrong files for TLS are told is not checked", "openssl");
        certificate("one", "101", "-newkey", "rsa:2048");
        certificate("two", "102", "-newkey", "rsa:2048");
        openssl("rsa", "-in", file("one.key"), "-traditional", "-out", file("old.key"));
        refuses("one.pem", "two.key", "the key in " + file("two.key") + " does not match the certificate in ");
        refuses("one.pem", "nowhere.key", file("nowhere.key") + " does not exist: tls needs a certificate");
        refuses("one.key", "one.key", "no certificate in " + file("one.key"));
        refuses("one.pem", "one.pem", "no private key in " + file("one.pem"));
        refuses("one.pem", "old.key", "openssl pkcs8 -topk8 -nocrypt -in " + file("old.key") + " -out NEW");
        place.server("tls: { certificate: x.pem }");
        var checked = place.beginDaemon("--check").end();
        assertThat(checked.code()).isEqualTo(2);
        assertThat(checked.out() + checked.err()).contains("agents.server.tls: `key` is missing");
    }

    private void refuses(String certificate, String key, String sentence) throws Exception {
        place.server("tls: { certificate: " + file(certificate) + ", key: " + file(key) + " }");
        var ended = place.beginDaemon().end();
        assertThat(ended.code()).isNotZero();
        assertThat(ended.err()).contains(sentence).doesNotContain("\tat ");
    }

    // ---- slowness

    private static long descriptors(RunningDaemon daemon) throws IOException {
        try (var all = Files.list(Path.of("/proc/" + daemon.pid() + "/fd"))) {
            return all.count();
        }
    }

    private static long threads(RunningDaemon daemon) throws IOException {
        try (var all = Files.list(Path.of("/proc/" + daemon.pid() + "/task"))) {
            return all.count();
        }
    }

    /** Such senders send a byte now and then, in the head or in the body, and would hold their connections for ever. */
    @Test
    void who_is_slow_is_cut_off_and_delays_nobody() throws Exception {
        var daemon = place.recipe("hook", HOOK).start();
        daemon.postMany("/hook?id=knock", 50, 5);
        long descriptors = descriptors(daemon);
        long threads = threads(daemon);
        List<String> begins = List.of(
                "POST /hook?id=knock HTTP/1.1\r\nHost: x\r\nX: ",
                "POST /hook?id=knock HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n",
                "POST /hook?id=knock HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
                "");
        var sockets = new ArrayList<Socket>();
        try {
            for (int i = 0; i < 200; i++) {
                var socket = new Socket("127.0.0.1", daemon.port());
                socket.setSoTimeout(1);
                socket.getOutputStream().write(begins.get(i % 4).getBytes(StandardCharsets.US_ASCII));
                sockets.add(socket);
            }
            var honest = new ArrayList<Long>();
            long begun = System.nanoTime();
            while (sockets.stream().anyMatch(HookListenerIT::isOpen)) {
                assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(120));
                for (Socket socket : sockets) {
                    trickle(socket);
                }
                for (int i = 0; i < 20; i++) {
                    long sent = System.nanoTime();
                    assertThat(daemon.post("/hook?id=knock").statusCode()).isIn(202, 429);
                    honest.add(System.nanoTime() - sent);
                }
                Thread.sleep(200); // the slow ones' pace, and nothing that is waited for
            }
            assertThat(Duration.ofNanos(Collections.max(honest)))
                    .as("none waited until a slow one was cut off")
                    .isLessThan(Duration.ofSeconds(10));
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
        daemon.awaitIdle("server");
        eventually(() -> assertThat(descriptors(daemon)).isLessThanOrEqualTo(descriptors + 5));
        eventually(() -> assertThat(threads(daemon)).isLessThanOrEqualTo(threads + 20));
        assertThat(daemon.log()).doesNotContain("ERROR").doesNotContain("\tat ");
    }

    private static void trickle(Socket socket) {
        try {
            socket.getOutputStream().write('1');
        } catch (IOException e) {
            // it was cut off
        }
    }
}
