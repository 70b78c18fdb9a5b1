package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import com.sun.net.httpserver.HttpServer;
import io.leprechaun.daemon.notify.SmtpServer;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Mail of the built daemon to a server in this JVM. */
@Timeout(180)
class MailIT {
    private static final String PASSWORD = "correct horse battery";

    @RegisterExtension
    private final Installation place = new Installation();

    private final List<AutoCloseable> servers = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable server : servers) {
            server.close();
        }
    }

    private GreenMail greenMail() {
        var mail = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        mail.start();
        servers.add(mail::stop);
        return mail;
    }

    private SmtpServer server(SmtpServer server) {
        servers.add(server);
        return server;
    }

    private void mailTo(int port) {
        place.settings("notify: { mail: { smtp: \"smtp://127.0.0.1:" + port
                + "\", from: leprechaun@example.org, to: ops@example.org } }");
    }

    /** Without how long it took. */
    private static List<String> subjects(GreenMail server) throws Exception {
        var subjects = new ArrayList<String>();
        for (MimeMessage mail : server.getReceivedMessages()) {
            subjects.add(
                    mail.getSubject().replaceFirst(", [0-9.]+m?s\\)$", ")").replaceFirst(" \\([0-9.]+m?s\\)$", ""));
        }
        return subjects;
    }

    /** The plain text of a mail. */
    static String text(MimeMessage mail) throws Exception {
        var parts = (MimeMultipart) mail.getContent();
        return ((String) parts.getBodyPart(0).getContent()).replace("\r\n", "\n");
    }

    private static String host() throws IOException {
        return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    }

    @Test
    void a_failure_and_the_recovery_from_it_are_mailed() throws Exception {
        var server = greenMail();
        mailTo(server.getSmtp().getPort());
        place.recipe("backup", """
            steps:
              - echo fine
            """);
        var daemon = place.start();
        daemon.runToEnd("backup");
        daemon.runToEnd("backup");
        place.recipe("backup", """
            steps:
              - echo fine
              - "[ -e good ] || { echo 'no space left'; exit 2; }"
            """);
        place.client("daemon", "reload");
        long failed = daemon.runToEnd("backup").get("id").asLong();
        Files.createFile(place.work().resolve("good"));
        daemon.runToEnd("backup");
        daemon.runToEnd("backup"); // of which nobody hears
        eventually(() -> assertThat(subjects(server))
                .containsExactly("[" + host() + "] backup FAILED (exit 2)", "[" + host() + "] backup RECOVERED"));
        assertThat(server.getReceivedMessages()[0].getSubject()).matches(".*\\(exit 2, [0-9.]+m?s\\)");
        assertThat(text(server.getReceivedMessages()[1]))
                .contains("Before it, 1 run in a row had failed, since run 3, ");
        assertThat(text(server.getReceivedMessages()[0]))
                .contains("run " + failed + " of backup failed")
                .contains("Recipe:  backup")
                .contains("Step:    2: [ -e good ]")
                .contains("Outcome: exit 2")
                .contains("It is the first failure after 2 successes. The last success was run 2, ")
                .contains("The recipe was changed since then.\n\n    +   - \"[ -e good ] || { echo 'no space")
                .contains("    no space left")
                .contains("To look closer:  leprechaun logs " + failed);
        assertThat(daemon.stop()).isZero();
    }

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
                .containsExactly("[" + host() + "] long LOST (the daemon ended while it ran)"));
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
    void a_storm_of_failures_is_a_few_mails_that_name_each() throws Exception {
        var server = greenMail();
        mailTo(server.getSmtp().getPort());
        place.recipe("fail", "{ definition: hook, id: FAIL, overlap: parallel, steps: [ { argv: [ /none ] } ] }");
        var daemon = place.start();
        for (int i = 0; i < 200; i++) {
            assertThat(daemon.post("/hook?id=FAIL").statusCode()).isEqualTo(202);
        }
        eventually(() -> assertThat(daemon.runs("fail"))
                .hasSize(200)
                .allMatch(run -> run.get("state").asString().equals("failed")));
        eventually(() -> assertThat(place.client("notices", "-q").out()).isEmpty());
        MimeMessage[] mails = server.getReceivedMessages();
        assertThat(mails.length).isLessThanOrEqualTo(20);
        var named = new TreeSet<Integer>();
        for (MimeMessage mail : mails) {
            Matcher run = Pattern.compile("run (\\d+) of fail failed").matcher(text(mail));
            while (run.find()) {
                named.add(Integer.parseInt(run.group(1)));
            }
        }
        assertThat(named).hasSize(200);
        assertThat(mails[mails.length - 1].getSubject()).matches("\\[.*\\] \\d+ NOTICES \\(\\d+ failure\\)");
        assertThat(daemon.stop()).isZero();
    }

    @Test
    void a_recipe_says_itself_who_is_told_of_what_and_when() throws Exception {
        var server = greenMail();
        mailTo(server.getSmtp().getPort());
        place.recipe("noisy", "steps: [ 'exit 3' ]\nnotify: { on: none }");
        place.recipe("second", "steps: [ 'exit 4' ]\nnotify: { after: 2, repeat: never, to: dba@example.org }");
        var daemon = place.start();
        for (int i = 0; i < 3; i++) {
            daemon.runToEnd("noisy");
            daemon.runToEnd("second");
        }
        place.recipe("plain", "steps: [ 'exit 5' ]");
        place.client("daemon", "reload");
        daemon.runToEnd("plain");
        eventually(() -> assertThat(subjects(server))
                .containsExactly("[" + host() + "] second FAILED (exit 4)", "[" + host() + "] plain FAILED (exit 5)"));
        MimeMessage[] mails = server.getReceivedMessages();
        assertThat(mails[0].getAllRecipients()).extracting(Object::toString).containsExactly("dba@example.org");
        assertThat(mails[1].getAllRecipients()).extracting(Object::toString).containsExactly("ops@example.org");
        assertThat(text(mails[0])).contains("It is failure 2 in a row. No success of it is known.");
        assertThat(daemon.stop()).isZero();
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
        assertThat(ack.out()).contains("backup: its trouble is known and not told until ", ": the disk is on its way");
        assertThat(place.client("notices").out()).contains("the disk is on its way");
        eventually(() -> assertThat(place.client("notices", "-q").out()).isEmpty()); // else it may be told once more
        first.killHard();
        var second = place.start();
        second.runToEnd("backup");
        Files.createFile(place.work().resolve("good"));
        second.runToEnd("backup");
        Files.delete(place.work().resolve("good"));
        second.runToEnd("backup");
        assertThat(place.client("snooze", "backup", "--for", "1h").code()).isZero();
        second.runToEnd("backup");
        assertThat(place.client("snooze", "backup", "--off").out()).contains("backup is told of again");
        second.runToEnd("backup");
        String failed = "[" + host() + "] backup FAILED (exit 1)";
        eventually(() -> assertThat(subjects(server))
                .containsExactly(failed, "[" + host() + "] backup RECOVERED", failed, failed));
        assertThat(place.client("ack", "nobody").code()).isEqualTo(3);
        assertThat(place.client("snooze", "backup").err())
                .contains("for how long? write `leprechaun snooze backup --for 2h`");
        assertThat(second.stop()).isZero();
    }

    @Test
    void in_quiet_hours_notices_wait_also_through_a_restart() throws Exception {
        var server = greenMail();
        String mail = "mail: { smtp: \"smtp://127.0.0.1:" + server.getSmtp().getPort()
                + "\", from: leprechaun@example.org, to: ops@example.org }";
        LocalTime now = LocalTime.now(ZoneOffset.UTC);
        var hours = DateTimeFormatter.ofPattern("HH:mm");
        place.settings("notify: { quiet: \"" + hours.format(now.minusHours(1)) + "-" + hours.format(now.plusHours(2))
                + "\", " + mail + " }");
        place.recipe("fail", "steps: [ 'exit 3' ]");
        var quiet = place.start();
        for (int i = 0; i < 3; i++) {
            quiet.runToEnd("fail");
        }
        assertThat(place.client("notices").out()).contains("waits", "quiet hours");
        assertThat(quiet.stop()).isZero();
        assertThat(subjects(server)).isEmpty();
        place.settings("notify: { quiet: \"" + hours.format(now.plusHours(5)) + "-" + hours.format(now.plusHours(6))
                + "\", " + mail + " }");
        var awake = place.start();
        eventually(() -> assertThat(place.client("notices", "-q").out()).isEmpty());
        assertThat(subjects(server)).hasSize(3).containsOnly("[" + host() + "] fail FAILED (exit 3)");
        assertThat(awake.stop()).isZero();
    }

    /** A server that takes everything; gives its port. */
    private int http(BiConsumer<String, String> asked) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        servers.add(() -> server.stop(0));
        server.createContext("/", exchange -> {
            asked.accept(
                    exchange.getRequestURI().toString(),
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
        return server.getAddress().getPort();
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
                .contains("mail: taken for", "slack: taken for http://127.0.0.1:")
                .doesNotContain("hush");
        assertThat(second.stop()).isZero();
        assertThat(bodies).hasSize(3);
    }

    @Test
    void a_command_and_an_address_are_told_each_in_its_way() throws Exception {
        var asked = new CopyOnWriteArrayList<String>();
        int port = http(
                (path, body) -> asked.add(path + " " + body.lines().findFirst().orElse("")));
        Path told = place.folder().resolve("told");
        place.settings("notify: { command: [ /bin/sh, -c, 'echo \"$LEPRECHAUN_SUBJECT\" >> " + told + "' ] }");
        place.recipe("backup", "steps: [ '[ -e good ]' ]\nnotify: { ping: \"http://127.0.0.1:" + port + "/uuid\" }");
        place.recipe("quiet", "steps: [ 'true' ]");
        var daemon = place.start();
        daemon.runToEnd("backup");
        Files.createFile(place.work().resolve("good"));
        daemon.runToEnd("backup");
        daemon.runToEnd("quiet");
        eventually(() -> assertThat(asked).hasSize(4));
        assertThat(asked.get(0)).startsWith("/uuid/start run 1 of backup ");
        assertThat(asked.get(1)).startsWith("/uuid/fail run 1 of backup failed after ");
        assertThat(asked.get(2)).startsWith("/uuid/start run 2 of backup ");
        assertThat(asked.get(3)).startsWith("/uuid run 2 of backup succeeded after ");
        eventually(() -> assertThat(told).exists().content().contains("backup FAILED (exit 1", "backup RECOVERED ("));
        assertThat(place.client("notify", "test").out())
                .isEqualTo("command: taken for /bin/sh -c echo \"$LEPRECHAUN_SUBJECT\" >> " + told + "\n");
        assertThat(daemon.stop()).isZero();
    }

    @Test
    void what_waits_is_listed_and_a_test_says_what_is_wrong() throws Exception {
        var refusing = server(new SmtpServer(
                socket -> socket.getOutputStream().write("554 no mail today\r\n".getBytes(StandardCharsets.US_ASCII))));
        mailTo(refusing.port());
        place.recipe("fail", "steps: [ 'exit 3' ]");
        var daemon = place.start();
        daemon.runToEnd("fail");
        eventually(() -> assertThat(place.client("notices").out())
                .contains("failure", "run 1 of fail failed", "waits", "554 no mail today"));
        var test = place.client("notify", "test");
        assertThat(test.code()).isEqualTo(1);
        assertThat(test.out()).contains("mail: not sent to ops@example.org by 127.0.0.1:" + refusing.port(), "554");
        assertThat(daemon.stop()).isZero();

        var server = greenMail();
        mailTo(server.getSmtp().getPort());
        var again = place.start();
        eventually(() -> assertThat(place.client("notices").out()).contains("nothing waits to be told"));
        assertThat(place.client("notify", "test").code()).isZero();
        assertThat(subjects(server)).hasSize(2).last().asString().contains("TEST this is a test that ");
        assertThat(again.stop()).isZero();

        place.settings("");
        var silent = place.start();
        var nobody = place.client("notify", "test");
        assertThat(nobody.code()).isEqualTo(4);
        assertThat(nobody.err())
                .contains("nobody is told: the settings have no `notify: { mail: ... }` and no webhooks");
        assertThat(silent.stop()).isZero();
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
    void a_server_that_never_answers_delays_no_run_and_no_stop() throws Exception {
        place.recipe("fail", "{ definition: hook, id: FAIL, steps: [ 'exit 3' ] }");
        Duration without = medianOfRuns();
        var silent = server(new SmtpServer(SmtpServer::silent));
        mailTo(silent.port());
        Duration with = medianOfRuns();
        assertThat(with).isLessThan(without.multipliedBy(3).plusMillis(20));
    }

    /** Of twenty runs through a hook that waits for their end, on a daemon that is then told to stop. */
    private Duration medianOfRuns() throws Exception {
        var daemon = place.start();
        var times = new ArrayList<Duration>();
        for (int i = 0; i < 40; i++) {
            long begin = System.nanoTime();
            assertThat(daemon.post("/hook?id=FAIL&wait=30s").statusCode()).isEqualTo(500);
            times.add(Duration.ofNanos(System.nanoTime() - begin));
        }
        long begin = System.nanoTime();
        assertThat(daemon.stop()).isZero();
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
        return times.subList(20, 40).stream().sorted().toList().get(10); // the first twenty warm it up
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
