package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static io.leprechaun.daemon.e2e.Installation.lines;
import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The daemon connects only to the mail server of its settings, and resolves no names. Its system calls are traced by
 * strace.
 */
@Tag("proof")
@Timeout(180)
class NoCallHomeIT {
    @RegisterExtension
    private final Installation place = new Installation();

    private final GreenMail mail = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));

    @BeforeEach
    void open() {
        Tools.require("that the daemon speaks to nobody is not checked", "strace");
        mail.start();
    }

    @AfterEach
    void close() {
        mail.stop();
    }

    @Test
    void through_start_work_failure_crash_and_stop_it_speaks_to_the_mail_server_alone() throws Exception {
        int port = mail.getSmtp().getPort();
        place.settings("notify: { mail: { smtp: \"smtp://127.0.0.1:" + port
                        + "\", from: leprechaun@example.org, to: ops@example.org } }")
                .recipe("good", "definition: hook\nid: the-id-of-good\nsteps: [ 'true' ]\n")
                .recipe("bad", "definition: hook\nid: the-id-of-bad\nsteps: [ exit 3, /not/there ]\n")
                .recipe("tick", "definition: cron\npattern: '* * * * * *'\nsteps: [ 'true' ]\n")
                .recipe("interval", "definition: schedule\nschedule: { sec: 1 }\nsteps: [ 'true' ]\n")
                .recipe("long", "steps: [ sleep 600 ]\n")
                .recipe("broken", "stepz: [ 'true' ]\n");
        Path first = place.folder().resolve("first");
        Path second = place.folder().resolve("second");

        var daemon = startUnder(first);
        work(daemon);
        daemon.begin("long");
        eventually(() -> assertThat(place.stepsAlive()).isNotEmpty());
        daemon.killHard();
        var again = startUnder(second);
        eventually(() -> assertThat(mail.getReceivedMessages())
                .as("a failure, and what the first one lost")
                .hasSizeGreaterThanOrEqualTo(2));
        work(again);
        assertThat(again.stop()).isZero();

        for (Path trace : List.of(first, second)) {
            eventually(() -> assertThat(lines(trace).getLast()).containsAnyOf("+++ exited with", "+++ killed by"));
            List<Call> calls = lines(trace).stream()
                    .map(Call::new)
                    .filter(Call::asksOrSpeaks)
                    .toList();
            assertThat(calls)
                    .as("the mail server is spoken to, and seen to be")
                    .anyMatch(call -> call.isTo("127.0.0.1", port));
            assertThat(calls).allMatch(call -> call.isTo("127.0.0.1", port));
        }
    }

    /** Triggers every kind of event. */
    private void work(RunningDaemon daemon) throws Exception {
        int mails = mail.getReceivedMessages().length;
        daemon.over(RunningDaemon.ticket(daemon.post("/hook?id=the-id-of-good", new byte[100])));
        daemon.over(RunningDaemon.ticket(daemon.post("/hook?id=the-id-of-bad")));
        assertThat(daemon.post("/hook?id=nobody").statusCode()).isEqualTo(404);
        sendGarbage(daemon.port());
        assertThat(place.client("daemon", "reload").code()).isZero();
        assertThat(place.client("show", "nobody").code()).isEqualTo(3);
        long run = daemon.begin("long");
        assertThat(place.client("kill", Long.toString(run)).code()).isZero();
        eventually(() -> {
            assertThat(daemon.runs("tick")).hasSizeGreaterThanOrEqualTo(2);
            assertThat(daemon.runs("interval")).isNotEmpty();
            assertThat(mail.getReceivedMessages()).hasSizeGreaterThan(mails);
        });
    }

    private static void sendGarbage(int port) throws IOException {
        try (var socket = new Socket("127.0.0.1", port)) {
            socket.getOutputStream().write("\0\1 no HTTP\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .contains(" 400 ");
        }
    }

    @Test
    void the_check_sees_who_is_spoken_to() {
        var toMail = new Call("7 connect(48, {sa_family=AF_INET6, sin6_port=htons(2525), sin6_flowinfo=htonl(0),"
                + " inet_pton(AF_INET6, \"::ffff:127.0.0.1\", &sin6_addr), sin6_scope_id=0}, 28) = 0");
        assertThat(toMail.asksOrSpeaks()).isTrue();
        assertThat(toMail.isTo("127.0.0.1", 2525)).isTrue();
        assertThat(toMail.isTo("127.0.0.1", 25)).isFalse();
        var toAnother = new Call(
                "7 connect(48, {sa_family=AF_INET, sin_port=htons(443), sin_addr=inet_addr(\"192.0.2.1\")}, 16) = 0");
        assertThat(toAnother.asksOrSpeaks()).isTrue();
        assertThat(toAnother.isTo("127.0.0.1", 443)).isFalse();
        var datagram = new Call("7 sendto(48, \"x\", 1, 0, {sa_family=AF_INET, sin_port=htons(53),"
                + " sin_addr=inet_addr(\"127.0.0.53\")}, 16) = 1");
        assertThat(datagram.asksOrSpeaks()).isTrue();
        assertThat(datagram.isTo("127.0.0.53", 53)).isTrue();
        var name = new Call("7 openat(AT_FDCWD, \"/etc/resolv.conf\", O_RDONLY|O_CLOEXEC) = 5");
        assertThat(name.asksOrSpeaks()).isTrue();
        assertThat(name.isTo("127.0.0.1", 53)).isFalse();
        assertThat(new Call("7 connect(3, {sa_family=AF_UNIX, sun_path=\"/run/x\"}, 110) = 0").asksOrSpeaks())
                .isFalse();
        assertThat(new Call("7 openat(AT_FDCWD, \"/etc/passwd\", O_RDONLY|O_CLOEXEC) = 5").asksOrSpeaks())
                .isFalse();
    }

    /** A line of a trace. */
    private record Call(String line) {
        private static final Pattern TO =
                Pattern.compile("htons\\((\\d+)\\).*?inet_(?:addr\\(|pton\\(AF_INET6, )\"(?:::ffff:)?([^\"]*)\"");

        /** Returns whether it names an address on a network, or begins to resolve a name. */
        boolean asksOrSpeaks() {
            return line.contains("sa_family=AF_INET") || line.contains("\"/etc/resolv.conf\"");
        }

        boolean isTo(String address, int port) {
            Matcher to = TO.matcher(line);
            return to.find()
                    && to.group(1).equals(Integer.toString(port))
                    && to.group(2).equals(address);
        }
    }

    private RunningDaemon startUnder(Path trace) {
        var begun = place.beginDaemonBy(
                "strace",
                "-D", // strace is detached: the process that was begun is the daemon itself
                "-f",
                "--seccomp-bpf",
                "-q",
                "-e",
                "trace=connect,sendto,sendmsg,sendmmsg,openat",
                "-o",
                trace.toString());
        return new RunningDaemon(place, begun).awaitReady();
    }
}
