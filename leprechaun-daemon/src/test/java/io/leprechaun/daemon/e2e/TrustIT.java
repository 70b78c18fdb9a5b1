package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static io.leprechaun.daemon.e2e.Installation.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A daemon of root runs no file that another user wrote: that user tries each way that once worked. */
class TrustIT {
    /** Two users without an entry on this host. */
    private static final int BOB = 7001;

    private static final int EVE = 7002;
    private static final String BREAKS_IN =
            "user: root\ndefinition: schedule\nschedule: { sec: 1 }\nsteps: [ 'touch %s' ]\n";

    @RegisterExtension
    private final Installation place = new Installation();

    private Path broken;

    @BeforeEach
    void letOthersPass() throws Exception {
        assumeTrue(System.getProperty("user.name").equals("root"), "only root gives files away");
        broken = place.work().resolve("broken-in");
        root("chmod 755 " + place.folder());
    }

    private void root(String line) throws InterruptedException {
        assertThat(place.shell(line).code()).as(line).isZero();
    }

    private Installation.Ended as(int user, String line) throws InterruptedException {
        return place.begin("/usr/bin/setpriv", "--reuid=" + user, "--regid=" + user, "--clear-groups", "sh", "-c", line)
                .end();
    }

    private String health() throws InterruptedException {
        var health = place.client("daemon", "health");
        return health.out() + health.err();
    }

    @Tag("proof")
    @Test
    void what_a_user_can_change_is_broken_until_it_is_closed_and_the_last_good_version_stays() throws Exception {
        place.recipe("good", "steps: [ 'echo as it was' ]\n");
        place.recipe("hole", BREAKS_IN.formatted(broken));
        root("chmod 666 " + place.recipes().resolve("hole.yml"));
        place.recipe("given", "steps: [ true ]\n");
        root("chown " + BOB + " " + place.recipes().resolve("given.yml"));
        var daemon = place.start();

        String mend = "chmod go-w " + place.recipes().resolve("hole.yml");
        assertThat(place.client("ls").out()).contains("is writable for all users", mend);
        assertThat(place.client("show", "given").out()).contains("belongs to " + BOB, "chown root ");
        eventually(() -> assertThat(health())
                .contains("a recipe is not read: " + place.recipes().resolve("given.yml"), "chown root "));
        assertThat(daemon.log()).contains(mend);
        assertThat(place.client("run", "hole").code()).isNotZero();

        Path good = place.recipes().resolve("good.yml");
        root("chmod 666 " + good);
        assertThat(as(EVE, "echo \"steps: [ 'touch " + broken + "' ]\" > " + good)
                        .code())
                .isZero();
        assertThat(place.client("daemon", "reload").code()).isOne();
        assertThat(place.client("run", "good", "--follow").out()).isEqualTo("as it was\n");
        assertThat(broken).doesNotExist();

        place.recipe("good", "steps: [ 'echo new' ]\n");
        root("cd " + place.recipes() + " && chmod 644 *.yml && chown root *.yml && rm hole.yml");
        assertThat(place.client("daemon", "reload").code()).isZero();
        assertThat(place.client("run", "good", "--follow").out()).isEqualTo("new\n");
        eventually(() -> assertThat(place.client("daemon", "health").code()).isZero());
    }

    @Tag("proof")
    @ParameterizedTest
    @ValueSource(strings = {"config/leprechaun/recipes", "config/leprechaun", "config"})
    void nothing_is_read_from_a_folder_that_others_can_write_to(String open) throws Exception {
        place.recipe("good", "steps: [ 'echo as it was' ]\n");
        place.start();
        root("chmod 777 " + place.folder().resolve(open) + " " + place.recipes());

        assertThat(as(
                                BOB,
                                "printf '" + BREAKS_IN.formatted(broken) + "' > "
                                        + place.recipes().resolve("bobs.yml"))
                        .code())
                .isZero();
        eventually(() -> {
            assertThat(place.client("daemon", "reload").code()).isOne();
            assertThat(place.client("ls").out()).contains("bobs", "is writable for all users", "chmod go-w");
        });
        eventually(() -> assertThat(health()).contains("the folder ", "is writable for all users"));
        assertThat(place.client("run", "good", "--follow").out()).isEqualTo("as it was\n");

        root("chmod 755 " + place.folder().resolve(open) + " " + place.recipes());
        assertThat(place.client("daemon", "reload").code()).isOne();
        eventually(() -> assertThat(health()).contains("belongs to " + BOB));
        root("rm " + place.recipes().resolve("bobs.yml"));
        assertThat(place.client("daemon", "reload").code()).isZero();
        eventually(() -> assertThat(place.client("daemon", "health").code()).isZero());
        assertThat(broken).doesNotExist();
    }

    @Test
    void a_link_of_another_user_tells_nothing_of_what_it_leads_to() throws Exception {
        Path secret = place.folder().resolve("shadow");
        Files.writeString(secret, "root:canary:\n");
        root("chmod 600 " + secret + " && chmod 1777 " + place.recipes());
        assertThat(as(BOB, "ln -s " + secret + " " + place.recipes().resolve("x.yml"))
                        .code())
                .isZero();
        var daemon = place.start();

        var shown = place.client("show", "x");
        assertThat(shown.out() + shown.err())
                .contains("the link ", "belongs to " + BOB)
                .doesNotContain("canary");
        assertThat(place.client("ls").out() + daemon.log()).doesNotContain("canary");
    }

    @ParameterizedTest
    @CsvSource({
        "chmod 666 SETTINGS, is writable for all users",
        "chown 7001 SETTINGS, belongs to 7001",
        "chmod 777 CONFIG, the folder CONFIG is writable for all users",
        "chmod 775 CONFIG; chgrp 7001 CONFIG, the folder CONFIG is writable for the group 7001",
        "mv SETTINGS SETTINGS.real; ln -s SETTINGS.real SETTINGS; chown -h 7001 SETTINGS, the link SETTINGS belongs",
        "mkdir STATE; chown 7001 STATE, the folder STATE belongs to 7001",
        "mkdir STATE; chmod 777 STATE, the folder STATE is writable for all users",
        "chmod 757 PARENT, the folder PARENT is writable for all users",
        "mkdir STATE; echo mine > VICTIM; ln -s VICTIM STATE/lock, cannot use the state folder STATE",
    })
    void a_daemon_does_not_start_on_what_others_can_change(String attack, String why) throws Exception {
        root(placed(attack));

        var ended = place.daemon();

        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err()).contains(placed(why));
        assertThat(ended.err().lines()).hasSize(1);
        if (attack.contains("VICTIM")) {
            assertThat(text(place.work().resolve("victim"))).isEqualTo("mine\n");
        }
    }

    private String placed(String text) {
        return text.replace("SETTINGS", place.settingsFile().toString())
                .replace("CONFIG", place.settingsFile().resolveSibling("").toString())
                .replace("PARENT", place.state().resolveSibling("").toString())
                .replace("STATE", place.state().toString())
                .replace("VICTIM", place.work().resolve("victim").toString());
    }

    @Test
    void a_secret_that_others_can_write_is_given_to_nobody() throws Exception {
        Path secret = place.work().resolve("secret");
        Files.writeString(secret, "hunter2-hunter2\n");
        place.recipe("keeper", "secrets: { PW: { file: " + secret + " } }\nsteps: [ 'echo ran' ]\n");
        root("chmod 666 " + secret);
        place.start();

        var refused = place.client("run", "keeper", "--wait");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.out() + refused.err()).contains("is writable for all users", "chmod go-w " + secret);

        root("chmod 644 " + secret);
        assertThat(place.client("run", "keeper", "--follow").out()).isEqualTo("ran\n");
    }

    @Test
    void a_certificate_that_others_can_write_stops_the_start() throws Exception {
        root("cd " + place.work() + " && openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=localhost -days 2 -keyout"
                + " key.pem -out cert.pem && chmod 666 key.pem");
        place.server("tls: { certificate: " + place.work().resolve("cert.pem") + ", key: "
                + place.work().resolve("key.pem") + " }");

        var ended = place.daemon();

        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err()).contains("key.pem is writable for all users");
    }

    @Test
    void check_warns_of_programs_that_others_can_change() throws Exception {
        Path script = place.work().resolve("script");
        Files.writeString(script, "#!/bin/sh\n");
        root("chmod 777 " + script);
        place.recipe("a", "steps: [ '" + script + " --now' ]\n");

        var checked = place.client("check");

        assertThat(checked.code()).isZero();
        assertThat(checked.out()).contains("step 1: " + script + " is writable for all users");
    }

    /** Names of recipes and numbers of runs are never paths: no file outside is read or made (T23). */
    @Test
    void no_name_leads_out_of_the_folders() throws Exception {
        Files.writeString(place.work().resolve("canary.log"), "canary");
        String above = "../../" + place.folder().relativize(broken);
        place.recipe("a", "name: " + above + "\nsteps: [ true ]\n");
        place.recipe("b", "name: b\nlock: " + above + "\nsteps: [ 'echo b' ]\n");
        place.start();
        assertThat(place.client("ls").out()).contains("invalid recipe name");
        place.client("run", "b", "--wait");
        String climb = "../".repeat(8) + place.work().toString().substring(1) + "/canary";
        var api = new Api(place.socket());
        for (String name :
                new String[] {climb, climb + ".log", "1/" + climb, "/" + climb, "..", ".", "1%00", "1/../1"}) {
            String word = URLEncoder.encode(name, StandardCharsets.UTF_8);
            for (String route :
                    new String[] {"GET /history/logs", "GET /book/show", "POST /book/run", "GET /history/show"}) {
                String[] line = route.split(" ");
                var answer = api.send(line[0], line[1] + "?args=" + word);
                assertThat(answer.status()).as("%s %s", route, name).isBetween(400, 499);
                assertThat(answer.body()).doesNotContain("canary\"", "unknown command", "unknown agent");
            }
        }
        assertThat(broken).doesNotExist();
        assertThat(Installation.text(place.work().resolve("canary.log"))).isEqualTo("canary");
    }
}
