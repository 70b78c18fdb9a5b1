package io.leprechaun.daemon.notify.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.leprechaun.daemon.history.Notice;
import io.leprechaun.daemon.history.Outbox;
import io.leprechaun.daemon.lifecycle.Alarms;
import io.leprechaun.daemon.lifecycle.Threads;
import io.leprechaun.daemon.notify.NotSentException;
import io.leprechaun.daemon.notify.NotSentException.SendFault;
import io.leprechaun.daemon.notify.Samples;
import io.leprechaun.daemon.output.OutputFolder;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.run.StepState;
import io.leprechaun.daemon.secret.Secret;
import io.leprechaun.daemon.settings.notify.MailSettings;
import io.leprechaun.daemon.settings.notify.MailSettings.Security;
import io.leprechaun.daemon.settings.notify.NoticeEvent;
import jakarta.mail.BodyPart;
import jakarta.mail.Header;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(180)
class MailerTest {
    private static final Notice FAILURE = Samples.failure(1, "pg_dump app");
    private static final String PASSWORD = "correct horse battery";

    private final Alarms alarms = Alarms.open();
    private final List<AutoCloseable> servers = new ArrayList<>();

    @TempDir
    private Path folder;

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable server : servers) {
            server.close();
        }
        alarms.close();
    }

    private GreenMail greenMail(String protocol) {
        var setup = new ServerSetup(0, "127.0.0.1", protocol);
        setup.setServerStartupTimeout(20_000);
        var mail = new GreenMail(setup);
        mail.start();
        servers.add(mail::stop);
        return mail;
    }

    /** Returns a server that takes every mail. */
    private SmtpServer server() {
        var server = new SmtpServer();
        servers.add(server);
        return server;
    }

    private SmtpServer server(SmtpServer.Talk talk) {
        var server = new SmtpServer(talk);
        servers.add(server);
        return server;
    }

    private static MailSettings plain(int port) {
        return settings(port, Security.PLAIN, Optional.empty());
    }

    private static MailSettings settings(int port, Security security, Optional<String> user) {
        return new MailSettings(
                "127.0.0.1",
                port,
                security,
                user,
                user.map(unused -> new Secret(PASSWORD)),
                "leprechaun@web1",
                List.of("ops@example.org", "dev@example.org"));
    }

    private Mailer mailer(MailSettings settings) {
        return mailer(settings, "web1", Duration.ofSeconds(10), Duration.ofSeconds(20));
    }

    private Mailer mailer(MailSettings settings, String host, Duration answer, Duration conversation) {
        return mailer(settings, host, Samples.NOON, new Mailer.SmtpTimeouts(answer, answer, answer, conversation));
    }

    private Mailer mailer(MailSettings settings, String host, Instant now, Mailer.SmtpTimeouts limits) {
        var text = Samples.writer(host, folder);
        return new Mailer(settings, recipe -> List.of(), text, InstantSource.fixed(now), alarms, limits);
    }

    /** Returns a mailer with limits of 20 seconds but for the answer to the whole mail. */
    private Mailer mailer(int port, Duration answer, Duration verdict) {
        var limits = new Mailer.SmtpTimeouts(Duration.ofSeconds(20), answer, verdict, Duration.ofSeconds(20));
        return mailer(plain(port), "web1", Samples.NOON, limits);
    }

    private static NotSentException refused(Mailer mailer) {
        return catchThrowableOfType(NotSentException.class, () -> mailer.send(List.of(FAILURE)));
    }

    @Test
    void a_failure_arrives_whole() throws Exception {
        var server = greenMail("smtp");
        Samples.output(new OutputFolder(folder), 2, "no space left\n");
        mailer(plain(server.getSmtp().getPort())).send(List.of(FAILURE));
        assertThat(server.getReceivedMessages()).hasSize(2); // one for each of the two people
        MimeMessage mail = server.getReceivedMessages()[0];
        assertThat(headers(mail))
                .containsExactlyInAnyOrder(
                        "Date: Mon, 23 Nov 2026 12:00:00 +0000 (UTC)",
                        "From: leprechaun@web1",
                        "To: ops@example.org, dev@example.org",
                        "Message-ID: <leprechaun.42.FAILURE." + Samples.NOON.toEpochMilli() + "@web1>",
                        "Subject: [web1] backup FAILED (exit 2, 4m)",
                        "MIME-Version: 1.0",
                        "Content-Type: multipart/alternative",
                        "Auto-Submitted: auto-generated");
        assertThat(body(mail))
                .contains("Recipe:  backup\n", "Step:    2: pg_dump app\n", "Outcome: exit 2\n")
                .contains("    no space left\n", "Details: leprechaun logs 42\n");
        assertThat(part(mail, 1, "text/html; charset=UTF-8"))
                .startsWith("<!DOCTYPE html>\n")
                .contains(">no space left</pre>");
    }

    /** Returns the headers without those that the receiving server adds. */
    private static List<String> headers(MimeMessage mail) throws MessagingException {
        var headers = new ArrayList<String>();
        for (Header header : Collections.list(mail.getAllHeaders())) {
            if (!header.getName().equals("Return-Path") && !header.getName().equals("Received")) {
                headers.add(header.getName() + ": " + header.getValue().replaceFirst("(?s);\\s*boundary=.*", ""));
            }
        }
        return headers;
    }

    private static String body(MimeMessage mail) throws MessagingException, IOException {
        return part(mail, 0, "text/plain; charset=UTF-8");
    }

    /** Returns the content of one of a mail's two parts. */
    private static String part(MimeMessage mail, int index, String type) throws MessagingException, IOException {
        var parts = (MimeMultipart) mail.getContent();
        assertThat(parts.getCount()).isEqualTo(2);
        BodyPart part = parts.getBodyPart(index);
        assertThat(part.getContentType()).isEqualTo(type);
        assertThat(part.getHeader("Content-Transfer-Encoding")).containsExactly("quoted-printable");
        return ((String) part.getContent()).replace("\r\n", "\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x\r\nBcc: thief@example.org",
                "x\nBcc: thief@example.org",
                "x\rBcc: thief@example.org",
                "x\r\n\r\nforged body",
                "x\r\n.\r\nMAIL FROM:<thief@example.org>\r\n",
                "x\n.\nQUIT\n",
                "x\0y",
                "x\u2028Bcc: thief@example.org\u2029\u0085",
                "=?UTF-8?Q?x=0D=0ABcc:_thief@example.org?=",
                "Zoë \u202eevil\u2066 \ud83d\ude00",
                "\u001b[2J\u001b]0;owned\u0007",
                "x\ud800y",
            })
    void nothing_that_a_run_says_reaches_the_headers(String hostile) throws Exception {
        var server = greenMail("smtp");
        Samples.output(new OutputFolder(folder), 2, hostile.getBytes(StandardCharsets.UTF_8));
        var step = Samples.step(2, hostile, StepState.FAILED, 2);
        var notices = List.of(
                Samples.run(RunState.FAILED, Optional.of(hostile), step),
                Samples.run(RunState.LOST, Optional.of(hostile)),
                Samples.run(RunState.LOST, Optional.of(hostile.repeat(2000))));
        var mailer = mailer(
                plain(server.getSmtp().getPort()), "web1" + hostile, Duration.ofSeconds(10), Duration.ofSeconds(20));
        for (var run : notices) {
            mailer.send(List.of(new Notice(1, NoticeEvent.FAILURE, run)));
        }
        assertThat(server.getReceivedMessages()).hasSize(6);
        for (MimeMessage mail : server.getReceivedMessages()) {
            assertThat(headers(mail))
                    .extracting(header -> header.split(":", 2)[0])
                    .containsExactlyInAnyOrder(
                            "Date",
                            "From",
                            "To",
                            "Message-ID",
                            "Subject",
                            "MIME-Version",
                            "Content-Type",
                            "Auto-Submitted");
            assertThat(mail.getSubject())
                    .startsWith("[web1")
                    .doesNotContainPattern("[\\p{Cntrl}\u0085\u2028\u2029\u202e\u2066]");
            assertThat(body(mail)).contains("Details: leprechaun logs 42\n").doesNotContain("\nBcc");
            assertThat(mail.getMessageID()).matches("<[a-zA-Z0-9.]+@(web1|localhost)>");
        }
    }

    @Test
    void what_a_step_printed_arrives_as_it_is() throws Exception {
        var server = greenMail("smtp");
        String printed = ".\n..\n.hidden\nFrom x\ntrailing blanks  x\n" + "=3D".repeat(1500) + "\nZoë \ud83d\ude00\n";
        Samples.output(new OutputFolder(folder), 2, printed);
        mailer(plain(server.getSmtp().getPort())).send(List.of(FAILURE));
        MimeMessage mail = server.getReceivedMessages()[0];
        assertThat(body(mail)).contains(printed.indent(4));
        var raw = new ByteArrayOutputStream();
        mail.writeTo(raw);
        assertThat(raw.toString(StandardCharsets.US_ASCII).lines()).allMatch(line -> line.length() <= 998);
    }

    @Test
    void the_login_is_given() throws Exception {
        var server = greenMail("smtp");
        server.setUser("robot", PASSWORD);
        mailer(settings(server.getSmtp().getPort(), Security.PLAIN, Optional.of("robot")))
                .send(List.of(FAILURE));
        assertThat(server.getReceivedMessages()).hasSize(2);
    }

    @Test
    void a_refused_login_is_the_servers_fault_and_keeps_the_password() {
        String plain = base64("robot\0robot\0" + PASSWORD);
        var server = server();
        server.talk(server.obedient((command, usual) -> switch (command.split(" ", 2)[0]) {
            case "AUTH" -> "535 5.7.8 no: " + command + " " + PASSWORD + " " + base64(PASSWORD);
            default -> usual;
        }));
        var failure = refused(mailer(settings(server.port(), Security.PLAIN, Optional.of("robot"))));
        assertThat(failure.fault()).isEqualTo(SendFault.SERVER);
        assertThat(failure.getMessage())
                .isEqualTo("127.0.0.1:" + server.port() + ": the login of robot was refused (535)");
        assertThat(server.heard()).contains("AUTH PLAIN " + plain);
    }

    @Test
    void what_a_server_echoes_later_does_not_show_the_password_either() {
        String plain = base64("robot\0robot\0" + PASSWORD);
        var server = server();
        server.talk(server.obedient((command, usual) ->
                command.startsWith("MAIL") ? "550 " + plain + " " + PASSWORD + " " + base64(PASSWORD) : usual));
        var failure = refused(mailer(settings(server.port(), Security.PLAIN, Optional.of("robot"))));
        assertThat(failure.getMessage()).contains("550 *** *** ***").doesNotContain(PASSWORD, plain, base64(PASSWORD));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void a_server_without_starttls_hears_neither_login_nor_mail() {
        var server = server();
        var failure = refused(mailer(settings(server.port(), Security.STARTTLS, Optional.of("robot"))));
        assertThat(failure.fault()).isEqualTo(SendFault.SERVER);
        assertThat(failure).hasMessageContaining("STARTTLS is required");
        assertThat(server.heard()).allMatch(command -> command.matches("EHLO .*|QUIT"));
    }

    @Test
    void a_certificate_that_nobody_vouches_for_ends_the_talk() {
        var server = greenMail("smtps");
        var failure = refused(mailer(settings(server.getSmtps().getPort(), Security.TLS, Optional.empty())));
        assertThat(failure.fault()).isEqualTo(SendFault.SERVER);
        assertThat(failure).hasMessageContaining("unknown certificate authority; see notices.md");
        assertThat(server.getReceivedMessages()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "EHLO | ''                    | SERVER          | it hangs up",
                "MAIL | 550 not your address  | SERVER          | a wrong sender meets every mail",
                "MAIL | 451 later             | SERVER          | so does a server that has no time",
                "RCPT | 550 no such user      | NOTICE_FOR_GOOD | all people are refused",
                "RCPT | 451 greylisted        | NOTICE_FOR_NOW  | all people are refused for now",
                "RCPT | 421 shutting down     | SERVER          | it goes away",
                "DATA | 554 no                | NOTICE_FOR_GOOD | the mail is refused before it is said",
                "text | 554 5.7.1 spam        | NOTICE_FOR_GOOD | the mail is refused for what it says",
                "text | 452 disk full         | NOTICE_FOR_NOW  | the mail is refused for now",
                "text | 421 shutting down     | SERVER          | it goes away",
                "MAIL | ''                    | SERVER          | it hangs up",
                "RCPT | ''                    | SERVER          | it hangs up",
                "DATA | ''                    | SERVER          | it hangs up",
                "text | ''                    | NOTICE_UNANSWERED | it hangs up when nobody knows whether the mail"
                        + " was taken",
                "text | nonsense              | NOTICE_UNANSWERED | it says what nobody understands",
                "MAIL | nonsense              | SERVER          | it speaks something else",
            })
    void whose_fault_it_is(String at, String answer, SendFault fault, String why) {
        var server = server();
        server.talk(server.obedient((command, usual) -> {
            boolean text = command.contains("\n");
            return at.equals("text") && text || command.startsWith(at) ? answer : usual;
        }));
        var failure = refused(mailer(plain(server.port())));
        assertThat(failure.fault()).as(why + ": " + failure.getMessage()).isEqualTo(fault);
        assertThat(failure.getMessage())
                .startsWith("127.0.0.1:" + server.port() + ": ")
                .contains(answer)
                .doesNotContainPattern("\\p{Cntrl}");
    }

    @Test
    void who_is_refused_does_not_keep_it_from_the_others() throws Exception {
        var server = server();
        server.talk(server.obedient((command, usual) -> command.contains("<ops@") ? "550 no such user" : usual));
        mailer(plain(server.port())).send(List.of(FAILURE));
        assertThat(server.taken()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "450 4.2.0 greylisted, false",
        "451 4.3.2 later, false",
        "452 4.5.3 too many recipients, false",
        "550 5.1.1 no such user, true",
        "552 5.2.2 mailbox full, true",
        "553 5.1.3 no mailbox, true",
    })
    void who_is_refused_is_named_while_the_others_are_told(String answer, boolean forGood) throws Exception {
        var server = server();
        server.talk(server.obedient((command, usual) -> command.contains("<dev@") ? answer : usual));
        assertThat(mailer(plain(server.port())).send(List.of(FAILURE)))
                .containsExactly(new Outbox.Refusal("dev@example.org", answer, forGood));
        assertThat(server.taken()).hasSize(1);
    }

    @Test
    void who_is_left_gets_the_same_mail_and_the_others_no_second() throws Exception {
        var server = server();
        var mailer = mailer(plain(server.port()));
        assertThat(mailer.send(List.of(FAILURE))).isEmpty();
        assertThat(mailer.send(List.of(left(1, "dev@example.org")))).isEmpty();
        assertThat(server.heard().stream().filter(command -> command.startsWith("RCPT")))
                .containsExactly("RCPT TO:<ops@example.org>", "RCPT TO:<dev@example.org>", "RCPT TO:<dev@example.org>");
        assertThat(server.taken())
                .hasSize(2)
                .map(MailerTest::idLine)
                .containsOnly(idLine(server.taken().getFirst()));
    }

    private static Notice left(long id, String... addresses) {
        return new Notice(id, FAILURE.kind(), FAILURE.about(), List.of(addresses));
    }

    @Test
    void who_is_left_and_no_longer_in_the_settings_is_not_told() throws Exception {
        var server = server();
        assertThat(mailer(plain(server.port())).send(List.of(left(1, "gone@example.org"))))
                .isEmpty();
        assertThat(server.heard()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "4, dev@example.org, NOTICE_FOR_NOW",
        "6, dev@example.org, NOTICE_FOR_GOOD",
        "6, '', NOTICE_FOR_NOW",
    })
    void a_mailbox_that_takes_nothing_for_days_is_refused_for_good_when_others_were_told(
            int days, String left, SendFault fault) {
        var server = server();
        server.talk(server.obedient((command, usual) -> command.startsWith("RCPT") ? "452 4.2.2 full" : usual));
        var limits = new Mailer.SmtpTimeouts(
                Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(20));
        var mailer = mailer(plain(server.port()), "web1", Samples.NOON.plus(Duration.ofDays(days)), limits);
        var notice = left.isEmpty() ? FAILURE : left(1, left);
        assertThat(catchThrowableOfType(NotSentException.class, () -> mailer.send(List.of(notice)))
                        .fault())
                .isEqualTo(fault);
    }

    @Test
    void what_each_recipient_was_refused_for_is_said() {
        var server = server();
        server.talk(server.obedient((command, usual) -> command.contains("<ops@")
                ? "450 4.2.0 later"
                : command.contains("<dev@") ? "550 5.1.1 no such user" : usual));
        assertThat(refused(mailer(plain(server.port()))))
                .hasMessageContaining("ops@example.org: 450 4.2.0 later")
                .hasMessageContaining("; dev@example.org: 550 5.1.1 no such user");
    }

    @Test
    void a_server_may_look_longer_into_a_mail_than_it_takes_for_other_answers() throws Exception {
        var server = server();
        server.talk(server.obedient(MailerTest::late));
        mailer(server.port(), Duration.ofSeconds(2), Duration.ofSeconds(20)).send(List.of(FAILURE));
        assertThat(server.taken()).hasSize(1);
    }

    /** Answers to a mail's text after four seconds, and to all else at once. */
    private static String late(String command, String usual) {
        if (command.contains("\n")) {
            try {
                Thread.sleep(4000); // the server's pace, nothing that a test waits for
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return usual;
    }

    @ParameterizedTest
    @CsvSource({"200, 20000", "20000, 4000"})
    void a_whole_mail_without_an_answer_may_have_been_taken(int verdict, int conversation) {
        var server = server();
        var over = new CountDownLatch(1);
        servers.add(over::countDown);
        server.talk(server.obedient((command, usual) -> {
            if (command.contains("\n")) {
                await().atMost(Duration.ofMinutes(1)).until(() -> over.getCount() == 0);
            }
            return usual;
        }));
        var limits = new Mailer.SmtpTimeouts(
                Duration.ofSeconds(20),
                Duration.ofSeconds(20),
                Duration.ofMillis(verdict),
                Duration.ofMillis(conversation));
        var failure = refused(mailer(plain(server.port()), "web1", Samples.NOON, limits));
        assertThat(failure.fault()).isEqualTo(SendFault.NOTICE_UNANSWERED);
        assertThat(failure.getMessage())
                .matches("127\\.0\\.0\\.1:\\d+: no answer within [0-9.]+ ?m?s after the whole mail, which may have been"
                        + " accepted: .*")
                .doesNotContain("Exception");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CRAM-MD5 XOAUTH2 | the server offers no supported login (PLAIN, LOGIN), but CRAM-MD5, XOAUTH2",
                "XOAUTH2          | the server offers no supported login (PLAIN, LOGIN), but XOAUTH2",
            })
    void a_login_that_nobody_asked_for_was_not_refused(String offered, String why) {
        var server = server();
        server.talk(server.obedient(
                (command, usual) -> command.startsWith("EHLO") ? "250-ready\r\n250 AUTH " + offered : usual));
        var failure = refused(mailer(settings(server.port(), Security.PLAIN, Optional.of("robot"))));
        assertThat(failure.fault()).isEqualTo(SendFault.SERVER);
        assertThat(failure).hasMessage("127.0.0.1:" + server.port() + ": " + why);
        assertThat(server.heard()).noneMatch(command -> command.matches("(AUTH|MAIL).*"));
    }

    @Test
    void a_server_that_offers_no_login_is_told_without_one_and_it_is_said_when_that_is_refused() throws Exception {
        var server = server();
        server.talk(server.obedient((command, usual) -> command.startsWith("EHLO") ? "250 ready" : usual));
        var mailer = mailer(settings(server.port(), Security.PLAIN, Optional.of("robot")));
        mailer.send(List.of(FAILURE));
        assertThat(server.taken()).hasSize(1);
        server.talk(server.obedient((command, usual) -> command.startsWith("EHLO")
                ? "250 ready"
                : command.startsWith("MAIL") ? "530 5.7.0 authentication required" : usual));
        assertThat(refused(mailer))
                .hasMessageContaining("530 5.7.0 authentication required")
                .hasMessageEndingWith(" (the server offers no login, so none was sent)");
        assertThat(refused(mailer(plain(server.port())))).hasMessageEndingWith("authentication required");
    }

    @Test
    void a_server_that_speaks_no_tls_is_said_to() {
        var server = server();
        assertThat(refused(mailer(settings(server.port(), Security.TLS, Optional.empty()))))
                .hasMessageEndingWith(": no TLS on this port; use smtp:// and security: starttls");
    }

    @Test
    void a_mail_that_is_under_way_keeps_no_other_waiting_for_long() throws Exception {
        var silent = server(SmtpServer::silent);
        var slow = mailer(plain(silent.port()), "web1", Duration.ofMinutes(1), Duration.ofMinutes(1));
        var done = new CompletableFuture<NotSentException>();
        Threads.virtual("sender", () -> done.complete(refused(slow))).start();
        await().until(() -> silent.connections() == 1);
        var limits = new Mailer.SmtpTimeouts(
                Duration.ofMillis(100), Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofSeconds(20));
        assertThat(refused(mailer(plain(server().port()), "web1", Samples.NOON, limits)))
                .hasMessageEndingWith(": the previous mail has no answer yet");
        slow.close();
        assertThat(done.get(10, TimeUnit.SECONDS).fault()).isEqualTo(SendFault.SERVER);
    }

    @Test
    void both_mails_of_a_notice_have_one_id() throws Exception {
        var server = server();
        server.talk(server.obedient((command, usual) -> command.contains("\n") ? "" : usual));
        var mailer = mailer(plain(server.port()));
        assertThat(refused(mailer)).isNotNull();
        server.talk(server.obedient());
        mailer.send(List.of(FAILURE));
        assertThat(server.taken())
                .hasSize(2)
                .map(MailerTest::idLine)
                .containsOnly(idLine(server.taken().getFirst()));
    }

    private static String idLine(String mail) {
        return mail.lines()
                .filter(line -> line.startsWith("Message-ID:"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void nobody_listens() throws IOException {
        int port;
        try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = listener.getLocalPort();
        }
        var failure = refused(mailer(plain(port)));
        assertThat(failure.fault()).isEqualTo(SendFault.SERVER);
        assertThat(failure).hasMessageContaining("Connection refused");
    }

    @Test
    void a_silent_server_is_left() {
        var server = server(SmtpServer::silent);
        var failure = refused(mailer(plain(server.port()), "web1", Duration.ofMillis(200), Duration.ofMinutes(1)));
        assertThat(failure.fault()).isEqualTo(SendFault.SERVER);
        assertThat(failure).hasMessageEndingWith("no answer within 200 ms; try smtps:// (TLS from the start)");
    }

    @Test
    void a_server_that_is_never_done_is_left() {
        var server = server(SmtpServer::drip);
        var failure = refused(mailer(plain(server.port()), "web1", Duration.ofMinutes(1), Duration.ofMillis(500)));
        assertThat(failure.fault()).isEqualTo(SendFault.SERVER);
        assertThat(failure).hasMessageContaining("took longer than");
    }

    @Test
    void a_server_that_says_too_much_is_left() {
        var server = server(SmtpServer::flood);
        var failure = refused(mailer(plain(server.port()), "web1", Duration.ofMinutes(1), Duration.ofMinutes(1)));
        assertThat(failure.fault()).isEqualTo(SendFault.SERVER);
        assertThat(failure).hasMessageContaining("the server sent more than 262144 bytes");
    }

    @Test
    void closing_ends_a_send_that_waits_for_an_answer() throws Exception {
        assertClosingEndsSend(server(SmtpServer::silent).port());
    }

    @Test
    void closing_ends_a_send_that_waits_for_a_connection() throws Exception {
        var full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        servers.add(full);
        for (int i = 0; i < 2; i++) { // the backlog takes one more than it says; the next attempts get no answer
            var waiting = new Socket(InetAddress.getLoopbackAddress(), full.getLocalPort());
            servers.add(waiting);
        }
        assertClosingEndsSend(full.getLocalPort());
    }

    private void assertClosingEndsSend(int port) throws Exception {
        var mailer = mailer(plain(port), "web1", Duration.ofMinutes(1), Duration.ofMinutes(1));
        var failed = new CompletableFuture<NotSentException>();
        Thread sender = Threads.virtual("sender", () -> failed.complete(refused(mailer)));
        sender.start();
        await().until(() -> sender.getState() == Thread.State.WAITING
                || sender.getState() == Thread.State.TIMED_WAITING
                || sender.getState() == Thread.State.BLOCKED);
        assertThat(failed).isNotDone();
        mailer.close();
        assertThat(failed.get(3, TimeUnit.SECONDS).fault()).isEqualTo(SendFault.SERVER);
    }

    @Test
    void a_closed_mailer_sends_nothing() {
        var server = server();
        var mailer = mailer(plain(server.port()));
        mailer.close();
        assertThat(refused(mailer).fault()).isEqualTo(SendFault.SERVER);
        assertThat(server.heard()).isEmpty();
    }

    @Test
    void addresses_that_settings_allow_are_addresses() {
        for (String address : List.of("a@b", "ops+x@example.org", "a.b_c-d@mail-1.example.org", "o'neil=x/y@host")) {
            var server = server();
            var settings = new MailSettings(
                    "127.0.0.1",
                    server.port(),
                    Security.PLAIN,
                    Optional.empty(),
                    Optional.empty(),
                    address,
                    List.of(address));
            assertThatCode(() -> mailer(settings).send(List.of(FAILURE)))
                    .as(address)
                    .doesNotThrowAnyException();
        }
    }
}
