package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.leprechaun.daemon.notify.delivery.SmtpServer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Mail of the built daemon to a server in this JVM. */
@Tag("proof")
@Timeout(180)
class MailIT extends MailFixture {
    MailIT() {
        super(new Installation());
    }

    private static final String PASSWORD = "correct horse battery";

    @Test
    void what_a_killed_daemon_was_running_is_mailed_as_lost() throws Exception {
        var server = greenMail();
        mailTo(server.getSmtp().getPort());
        place.recipe("long", "steps: [ 'touch begun; sleep 1000' ]");
        var first = place.start();
        first.begin("long");
        eventually(() -> assertThat(place.work().resolve("begun")).exists());
        first.killHard();
        var second = place.start();
        eventually(() -> assertThat(subjects(server))
                .containsExactly("[" + host() + "] long LOST (the daemon ended during the run)"));
        assertThat(second.stop()).isZero();
    }

    @Test
    void what_was_missed_while_the_daemon_was_down_is_one_mail() throws Exception {
        var server = greenMail();
        place.settings("notify: { on: [missed], mail: { smtp: \"smtp://127.0.0.1:"
                + server.getSmtp().getPort() + "\", from: leprechaun@example.org, to: ops@example.org } }");
        for (String recipe : List.of("one", "two")) {
            place.recipe(recipe, "definition: cron\npattern: '* * * * * *'\nsteps: [ 'true' ]");
        }
        var first = place.start();
        eventually(() -> assertThat(first.runs("two")).isNotEmpty());
        first.killHard();
        Instant down = Instant.now();
        eventually(() -> assertThat(Instant.now()).isAfter(down.plusSeconds(3)));
        var second = place.start();
        eventually(() -> assertThat(subjects(server)).hasSize(1));
        assertThat(subjects(server).getFirst()).startsWith("[" + host() + "] MISSED down ");
        assertThat(text(server.getReceivedMessages()[0]))
                .containsPattern("down .*s: [0-9]+ due, 0 caught up, [0-9]+ missed by policy: (one|two) [0-9]+")
                .contains("leprechaun runs --state missed");
        assertThat(second.stop()).isZero();
        assertThat(subjects(server)).hasSize(1);
    }

    @Test
    void who_knows_of_a_failure_is_left_alone_until_it_is_over_whatever_happens_to_the_daemon() throws Exception {
        var server = greenMail();
        mailTo(server.getSmtp().getPort());
        place.recipe("backup", "steps: [ '[ -e good ]' ]");
        var first = place.start();
        first.runToEnd("backup");
        var ack = place.client("ack", "backup", "--for", "3d", "--reason", "the disk is on its way");
        assertThat(ack.code()).isZero();
        assertThat(ack.out()).contains("backup: acknowledged, no failure notices until ", ": the disk is on its way");
        assertThat(place.client("notices").out()).contains("the disk is on its way");
        eventually(() -> assertThat(place.client("notices", "-q").out()).isEmpty()); // else it may be sent once more
        first.killHard();
        var second = place.start();
        second.runToEnd("backup");
        Files.createFile(place.work().resolve("good"));
        second.runToEnd("backup");
        Files.delete(place.work().resolve("good"));
        second.runToEnd("backup");
        assertThat(place.client("snooze", "backup", "--for", "1h").code()).isZero();
        second.runToEnd("backup");
        assertThat(place.client("snooze", "backup", "--off").out()).contains("backup is no longer silent");
        second.runToEnd("backup");
        String failed = "[" + host() + "] backup FAILED (exit 1)";
        eventually(() -> assertThat(subjects(server))
                .containsExactly(failed, "[" + host() + "] backup RECOVERED", failed, failed));
        assertThat(place.client("ack", "nobody").code()).isEqualTo(3);
        assertThat(place.client("snooze", "backup").err())
                .contains("--for is missing: use `leprechaun snooze backup --for 2h`");
        assertThat(second.stop()).isZero();
    }

    @Test
    void a_mail_server_that_is_away_delays_no_webhook_and_both_get_each_failure_once() throws Exception {
        var bodies = new CopyOnWriteArrayList<String>();
        int port = http((path, body) -> bodies.add(body));
        Path url = Files.writeString(place.folder().resolve("url"), "http://127.0.0.1:" + port + "/T0/B0/hush\n");
        String webhooks = "webhooks: { preset: slack, url: { file: " + url + " } }";
        var silent = server(new SmtpServer(SmtpServer::silent));
        String mail = "mail: { smtp: \"smtp://127.0.0.1:%d\", from: leprechaun@example.org, to: ops@example.org }";
        place.settings("notify: { " + webhooks + ", " + mail.formatted(silent.port()) + " }");
        place.recipe("fail", "steps: [ 'exit 3' ]");
        place.recipe("chatty", "steps: [ 'exit 4' ]\nnotify: { by: slack }");
        var first = place.start();
        first.runToEnd("fail");
        first.runToEnd("chatty");
        eventually(() -> assertThat(bodies).hasSize(2));
        assertThat(bodies.getFirst()).startsWith("{\"text\":\"*[" + host() + "] fail FAILED (exit 3");
        eventually(() -> assertThat(place.client("notices").out())
                .contains("mail", "fail failed")
                .doesNotContain("slack"));
        assertThat(place.client("show", "chatty").out()).doesNotContain("hush");
        first.killHard();
        var server = greenMail();
        place.settings(
                "notify: { " + webhooks + ", " + mail.formatted(server.getSmtp().getPort()) + " }");
        var second = place.start();
        eventually(() -> assertThat(subjects(server)).containsExactly("[" + host() + "] fail FAILED (exit 3)"));
        var test = place.client("notify", "test");
        assertThat(test.out())
                .contains("mail: accepted for", "slack: accepted for http://127.0.0.1:")
                .doesNotContain("hush");
        assertThat(second.stop()).isZero();
        assertThat(bodies).hasSize(3);
    }

    @Test
    void what_could_not_be_mailed_is_mailed_by_the_next_daemon() throws Exception {
        var silent = server(new SmtpServer(SmtpServer::silent));
        mailTo(silent.port());
        place.recipe("fail", "steps: [ 'exit 3' ]");
        var first = place.start();
        for (int i = 0; i < 3; i++) {
            first.runToEnd("fail");
        }
        first.killHard();
        var server = greenMail();
        mailTo(server.getSmtp().getPort());
        place.start();
        eventually(() -> assertThat(subjects(server)).hasSize(3).containsOnly("[" + host() + "] fail FAILED (exit 3)"));
    }

    @Test
    void a_login_goes_over_tls_only_and_the_password_stays_where_it_was() throws Exception {
        Path keys = keys();
        var server = server(new SmtpServer());
        server.talk(server.protectedBy(tls(keys)));
        Path password = Files.writeString(place.folder().resolve("smtp"), PASSWORD + "\n");
        place.environment()
                .put(
                        "LEPRECHAUN_JAVA_OPTS",
                        "-Djavax.net.ssl.trustStorePassword=changeit -Djavax.net.ssl.trustStore=" + keys);
        place.settings("notify: { mail: { smtp: \"smtp://robot@localhost:" + server.port()
                + "\", security: starttls, password: { file: " + password
                + " }, from: leprechaun@example.org, to: ops@example.org } }");
        place.recipe("fail", "steps: [ 'env; exit 3' ]");
        var daemon = place.start();
        daemon.runToEnd("fail");
        eventually(() -> assertThat(server.taken()).hasSize(1));
        String login =
                Base64.getEncoder().encodeToString(("robot\0robot\0" + PASSWORD).getBytes(StandardCharsets.UTF_8));
        List<String> heard = server.heard();
        assertThat(heard.indexOf("AUTH PLAIN " + login)).isGreaterThan(heard.indexOf("STARTTLS"));
        assertThat(daemon.stop()).isZero();
        try (Stream<Path> files = Files.walk(place.folder())) {
            assertThat(files.filter(file -> Files.isRegularFile(file) && !file.equals(password)))
                    .isNotEmpty()
                    .allSatisfy(file -> assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                            .doesNotContain(PASSWORD)
                            .doesNotContain(login));
        }
    }

    /** A certificate for localhost with its key. */
    private Path keys() throws IOException, InterruptedException {
        Path keys = place.folder().resolve("keys.p12");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "mail",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        "changeit",
                        "-keystore",
                        keys.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return keys;
    }

    private static SSLContext tls(Path keys) throws Exception {
        var store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys)) {
            store.load(in, "changeit".toCharArray());
        }
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, "changeit".toCharArray());
        var tls = SSLContext.getInstance("TLS");
        tls.init(managers.getKeyManagers(), null, null);
        return tls;
    }
}
