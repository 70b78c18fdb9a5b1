package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.internet.MimeMessage;
import java.nio.file.Files;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Every way to fail is one clear sentence, the same in {@code runs}, {@code logs} and the mail. */
@Timeout(180)
class FailuresTest {
    @RegisterExtension
    private final Installation place = Installation.here();

    static Stream<Arguments> failures() {
        return Stream.of(
                failure("an exit code", "steps: [ exit 3 ]", "step 1: exit 3", 3),
                failure("the largest exit code", "steps: [ exit 255 ]", "step 1: exit 255", 255),
                failure("a signal", "steps: [ 'kill -SEGV $$' ]", "step 1: 139 (SEGV)", 139),
                failure(
                        "time of a step",
                        "steps: [ { run: sleep 600, timeout: 1s } ]",
                        "step 1: timed out after 1s",
                        143),
                failure("time of the run", "timeout: 1s\nsteps: [ sleep 600 ]", "timed out after 1s", 143),
                failure("not found by the shell", "steps: [ 'no-such-program; exit $?' ]", "step 1: exit 127", 127),
                failure(
                        "not found",
                        "steps: [ no-such-program --x ]",
                        "step 1: cannot run 'no-such-program': not found in PATH"
                                + " (/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin)",
                        127),
                failure(
                        "not executable",
                        "steps: [ { argv: [ ./plain ] } ]",
                        "step 1: cannot run './plain': ./plain is not executable: permission denied; use chmod +x",
                        126),
                failure(
                        "no interpreter",
                        "steps: [ ./script ]",
                        "step 1: cannot run './script': the interpreter in the first line of ./script, /no/such, does"
                                + " not exist",
                        126),
                failure(
                        "no folder",
                        "dir: /no/such/folder\nsteps: [ 'true' ]",
                        "step 1: cannot run '/bin/sh': the folder /no/such/folder does not exist",
                        126),
                failure(
                        "no user",
                        "user: no-such-user\nsteps: [ 'true' ]",
                        "unknown user 'no-such-user' on this host",
                        -1),
                failure(
                        "no secret",
                        "secrets: { TOKEN: { env: NO_SUCH_VARIABLE } }\nsteps: [ 'true' ]",
                        "the secret TOKEN is missing or empty; set NO_SUCH_VARIABLE in the daemon's environment",
                        -1),
                failure("too short", "expect: { min: 10m }\nsteps: [ 'true' ]", " expected at least 10m", 0),
                failure("too long a run", "expect: { max: 1ms }\nsteps: [ sleep 0.1 ]", " expected at most 1ms", 0),
                failure(
                        "the wrong output",
                        "expect: { output: 'rows: [1-9]' }\nsteps: [ 'echo \"rows: 0\"' ]",
                        "no line of its output matches the expected rows: [1-9]",
                        0),
                failure(
                        "output over the cap",
                        "history: { output: 64k }\nsteps: [ 'seq 100000; exit 4' ]",
                        "step 1: exit 4; step 1 printed 575.1 KiB, dropped ",
                        4));
    }

    private static Arguments failure(String name, String recipe, String reason, int code) {
        return Arguments.of(name, recipe, reason, code);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("failures")
    void is_told_in_one_sentence(String name, String recipe, String reason, int code) throws Exception {
        var mail = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        mail.start();
        try {
            place.settings("notify: { mail: { smtp: \"smtp://127.0.0.1:"
                    + mail.getSmtp().getPort() + "\", from: leprechaun@example.org, to: ops@example.org } }");
            Files.writeString(place.work().resolve("plain"), "");
            var script = Files.writeString(place.work().resolve("script"), "#!/no/such\n")
                    .toFile();
            assertThat(script.setExecutable(true)).isTrue();
            var daemon = place.recipe("failing", recipe + "\n").start();

            JsonNode run = daemon.runToEnd("failing");
            assertThat(run.get("state").asString()).isEqualTo(name.startsWith("time ") ? "timed_out" : "failed");
            assertThat(run.get("reason").asString()).contains(reason);
            assertThat(run.get("exit_code").isNull() ? -1 : run.get("exit_code").asInt())
                    .isEqualTo(code);
            String told = run.get("reason").asString();
            assertThat(place.client("runs").out()).contains(told);
            assertThat(place.client("logs", "failing").err()).contains(told);
            assertThat(place.client("show", run.get("id").asString()).out()).contains(told);
            eventually(() -> assertThat(mail.getReceivedMessages()).hasSize(1));
            MimeMessage message = mail.getReceivedMessages()[0];
            assertThat(MailIT.text(message)).contains(told);
            assertThat(message.getSubject()).contains(name.startsWith("time ") ? "TIMED OUT" : "FAILED");
        } finally {
            mail.stop();
        }
    }

    @Test
    void what_is_as_expected_has_succeeded() throws Exception {
        var daemon = place.recipe(
                        "good",
                        "expect: { min: 1ms, max: 10m, output: '^rows: [1-9]' }\n"
                                + "steps: [ 'echo begin', 'echo \"rows: 12\"', 'true' ]\n")
                .start();
        assertThat(daemon.runToEnd("good").get("state").asString()).isEqualTo("succeeded");
    }
}
