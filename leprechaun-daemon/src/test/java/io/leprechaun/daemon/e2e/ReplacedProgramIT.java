package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A daemon whose program was replaced, or is gone, continues as before: an upgrade is not a restart. */
@Tag("proof")
@Timeout(180)
class ReplacedProgramIT {
    @RegisterExtension
    private final Installation place = new Installation();

    @Test
    void a_daemon_needs_no_file_of_its_program_once_it_runs() throws Exception {
        var mail = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        mail.start();
        try {
            Path tree = place.folder().resolve("tree");
            assertThat(place.shell("cp -a " + Installation.TREE + " " + tree).code())
                    .isZero();
            Path secret = Files.writeString(place.work().resolve("secret"), "s3cret\n");
            Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
            place.settings("notify: { mail: { smtp: \"smtp://127.0.0.1:"
                    + mail.getSmtp().getPort() + "\", from: a@example.org, to: b@example.org } }");
            place.recipe(
                    "signed",
                    "definition: hook\nid: signed-hook\nhook: { auth: { scheme: github, secret: { file: " + secret
                            + " } } }\nsteps: [ 'true' ]\n");
            place.recipe("fails", "steps: [ 'false' ]\n");
            Path initialized = place.work().resolve("initialized");
            place.environment().put("LEPRECHAUN_JAVA_OPTS", "-Xlog:class+init=info:file=" + initialized);
            var daemon = new RunningDaemon(
                            place, place.begin(tree.resolve("bin/leprechaund").toString()))
                    .awaitReady();
            place.environment().remove("LEPRECHAUN_JAVA_OPTS");
            eventually(() -> assertThat(
                            Files.readString(initialized).contains("Initializing 'sun/net/spi/DefaultProxySelector'"))
                    .isTrue());
            assertThat(place.shell("rm -r " + tree).code()).isZero();

            byte[] body = "{}".getBytes(StandardCharsets.UTF_8);
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec("s3cret".getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            String signature = "sha256=" + HexFormat.of().formatHex(mac.doFinal(body));
            long run = RunningDaemon.ticket(daemon.post("/hook/signed-hook", body, "X-Hub-Signature-256", signature));
            assertThat(daemon.over(run).get("state").asString()).isEqualTo("succeeded");
            assertThat(place.client("run", "fails", "--wait").code()).isEqualTo(1);
            assertThat(mail.waitForIncomingEmail(20_000, 1)).isTrue();
            for (var command : List.of(
                    List.of("notify", "test"),
                    List.of("ls"),
                    List.of("show", "fails"),
                    List.of("runs"),
                    List.of("logs", "1"),
                    List.of("why", "fails"),
                    List.of("next"),
                    List.of("usage"),
                    List.of("notices"),
                    List.of("daemon", "info"),
                    List.of("daemon", "health"),
                    List.of("daemon", "reload"),
                    List.of("hook", "replay", Long.toString(run), "--wait"))) {
                var ended = place.client(command.toArray(String[]::new));
                assertThat(ended.code())
                        .as("%s: %s%s", command, ended.err(), daemon.log())
                        .isZero();
            }
            place.recipe("new", "steps: [ 'echo new' ]\n");
            eventually(() ->
                    assertThat(place.client("run", "new", "--wait").code()).isZero());
            assertThat(mail.waitForIncomingEmail(20_000, 2)).isTrue();
            assertThat(daemon.log()).doesNotContain("internal error", "Exception");
            assertThat(place.client("daemon", "kill").code()).isZero();
            assertThat(daemon.awaitExit()).isZero();
        } finally {
            mail.stop();
        }
    }
}
