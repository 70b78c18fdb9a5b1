package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMailUtil;
import io.leprechaun.daemon.notify.delivery.SmtpServer;
import jakarta.mail.internet.MimeMessage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Mail of the built daemon to a server in this JVM. */
@Timeout(180)
class MailTest extends MailFixture {
    MailTest() {
        super(Installation.here());
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
        daemon.runToEnd("backup"); // without a notice
        eventually(() -> assertThat(subjects(server))
                .containsExactly("[" + host() + "] backup FAILED (exit 2)", "[" + host() + "] backup RECOVERED"));
        assertThat(server.getReceivedMessages()[0].getSubject()).matches(".*\\(exit 2, [0-9.]+ ?m?s\\)");
        assertThat(text(server.getReceivedMessages()[1])).contains("Before it, 1 run in a row failed, since run 3, ");
        assertThat(text(server.getReceivedMessages()[0]))
                .contains("run " + failed + " of backup failed")
                .contains("Recipe:  backup")
                .contains("Step:    2: [ -e good ]")
                .contains("Outcome: exit 2")
                .contains("First failure after 2 successes. The last success was run 2, ")
                .contains("The recipe has changed since then.\n\n    +   - \"[ -e good ] || { echo 'no space")
                .contains("    no space left")
                .contains("Details: leprechaun logs " + failed);
        assertThat(daemon.stop()).isZero();
    }

    @Test
    void a_mail_hides_the_secrets_of_its_recipe() throws Exception {
        var server = greenMail();
        mailTo(server.getSmtp().getPort());
        Path token = Files.writeString(place.folder().resolve("token"), "canary-8fK3-Qx\n");
        Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-------"));
        place.recipe("leaks", "secrets: { TOKEN: { file: " + token + " } }\n" + """
            steps:
              - run: 'echo "denied to $TOKEN"; exit 3'
            """);
        var daemon = place.start();
        daemon.runToEnd("leaks");
        eventually(() -> assertThat(server.getReceivedMessages()).hasSize(1));
        var mail = server.getReceivedMessages()[0];
        assertThat(text(mail)).contains("denied to ***").doesNotContain("canary", "8fK3");
        assertThat(GreenMailUtil.getWholeMessage(mail)).doesNotContain("canary", "8fK3");
        assertThat(daemon.stop()).isZero();
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
        assertThat(text(mails[0])).contains("Failure 2 in a row. No earlier success is known.");
        assertThat(daemon.stop()).isZero();
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
        assertThat(place.client("notices").out()).contains("waiting", "quiet hours");
        assertThat(quiet.stop()).isZero();
        assertThat(subjects(server)).isEmpty();
        place.settings("notify: { quiet: \"" + hours.format(now.plusHours(5)) + "-" + hours.format(now.plusHours(6))
                + "\", " + mail + " }");
        var awake = place.start();
        eventually(() -> assertThat(place.client("notices", "-q").out()).isEmpty());
        assertThat(subjects(server)).hasSize(3).containsOnly("[" + host() + "] fail FAILED (exit 3)");
        assertThat(awake.stop()).isZero();
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
                .isEqualTo("command: accepted for /bin/sh -c echo \"$LEPRECHAUN_SUBJECT\" >> " + told + "\n");
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
                .contains("failure", "run 1 of fail failed", "waiting", "554 no mail today"));
        var test = place.client("notify", "test");
        assertThat(test.code()).isEqualTo(1);
        assertThat(test.out()).contains("mail: not sent to ops@example.org by 127.0.0.1:" + refusing.port(), "554");
        assertThat(daemon.stop()).isZero();

        var server = greenMail();
        mailTo(server.getSmtp().getPort());
        var again = place.start();
        eventually(() -> assertThat(place.client("notices").out()).contains("no notices are waiting"));
        assertThat(place.client("notify", "test").code()).isZero();
        assertThat(subjects(server)).hasSize(2).last().asString().contains("TEST test notice requested by ");
        assertThat(again.stop()).isZero();

        place.settings("");
        var silent = place.start();
        var nobody = place.client("notify", "test");
        assertThat(nobody.code()).isEqualTo(4);
        assertThat(nobody.err()).contains("no notification target: `notify` in the settings has no `mail`, `webhooks`");
        assertThat(silent.stop()).isZero();
    }

    @Test
    void each_recipient_who_is_refused_is_named_and_the_next_daemon_tells_who_is_left() throws Exception {
        var server = server(new SmtpServer());
        server.talk(server.obedient((command, usual) -> command.contains("<night@")
                ? "450 4.2.0 greylisted"
                : command.contains("<gone@") ? "550 5.1.1 no such user" : usual));
        place.settings("notify: { mail: { smtp: \"smtp://127.0.0.1:" + server.port()
                + "\", from: leprechaun@example.org, to: [ops@example.org, night@example.org, gone@example.org] } }");
        place.recipe("fail", "steps: [ 'exit 3' ]");
        var daemon = place.start();
        daemon.runToEnd("fail");
        eventually(() -> assertThat(place.client("notices").out())
                .containsPattern("mail to night@example.org .* waiting .*450 4.2.0 greylisted")
                .containsPattern("mail to gone@example.org .* given up .*550 5.1.1 no such user"));
        var test = place.client("notify", "test");
        assertThat(test.code()).isEqualTo(1);
        assertThat(test.out())
                .contains("mail: accepted for ops@example.org, night@example.org, gone@example.org by 127.0.0.1:")
                .contains(", except:\n")
                .contains("mail: not accepted for night@example.org now: 450 4.2.0 greylisted\n")
                .contains("mail: not accepted for gone@example.org: 550 5.1.1 no such user\n");
        assertThat(daemon.stop()).isZero();

        int before = server.heard().size();
        server.talk(server.obedient());
        var next = place.start();
        eventually(() -> assertThat(place.client("notices").out())
                .contains("mail to gone@example.org")
                .doesNotContain("night@example.org"));
        assertThat(server.heard().stream().skip(before).filter(command -> command.startsWith("RCPT")))
                .containsExactly("RCPT TO:<night@example.org>");
        assertThat(next.stop()).isZero();
    }

    @Test
    void a_server_that_never_answers_delays_no_run_and_no_stop() throws Exception {
        place.recipe("fail", "{ definition: hook, id: FAIL, steps: [ 'exit 3' ] }");
        var silent = server(new SmtpServer(SmtpServer::silent)); // the daemon waits for it for five minutes
        mailTo(silent.port());
        var daemon = place.start();
        for (int i = 0; i < 40; i++) {
            assertThat(daemon.post("/hook?id=FAIL&wait=30s").statusCode()).isEqualTo(500);
        }
        assertThat(place.client("notices").out().lines().filter(line -> line.contains(" waiting ")))
                .hasSize(40);
        assertThat(daemon.stop()).isZero();
    }
}
