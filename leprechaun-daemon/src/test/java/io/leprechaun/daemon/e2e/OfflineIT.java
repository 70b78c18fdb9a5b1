package io.leprechaun.daemon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Commands without a daemon keep the client's contract: the named daemon, exit codes, documents, and complete output.
 */
@Tag("proof")
@Timeout(300)
class OfflineIT {
    private static final String CLIENT =
            Installation.TREE.resolve("bin/leprechaun").toString();

    @RegisterExtension
    private final Installation place = new Installation();

    /** Starts a daemon with its own state folder and recipes, beside the history that the settings name. */
    private RunningDaemon other(Path folder) throws Exception {
        Files.createDirectories(folder.resolve("recipes"));
        Files.writeString(folder.resolve("recipes/far.yml"), "steps: [ 'true' ]\n");
        Files.writeString(folder.resolve("settings.yml"), "agents: { server: { enabled: false } }\n");
        var begun = place.begin(
                Installation.TREE.resolve("bin/leprechaund").toString(),
                "--config",
                folder.resolve("settings.yml").toString(),
                "--recipes",
                folder.resolve("recipes").toString(),
                "--state",
                folder.resolve("state").toString(),
                "--socket",
                folder.resolve("x.sock").toString());
        return new RunningDaemon(place, begun).awaitReady();
    }

    private Installation.Ended of(Path folder, String... words) throws Exception {
        var all = new java.util.ArrayList<>(
                List.of(CLIENT, "--socket", folder.resolve("x.sock").toString()));
        all.addAll(List.of(words));
        return place.begin(all.toArray(String[]::new)).end();
    }

    @Test
    void the_store_and_the_recipes_are_those_of_the_daemon_that_was_named() throws Exception {
        var usual = place.recipe("near", "steps: [ 'true' ]\n").start();
        assertThat(place.client("run", "near", "--wait").code()).isZero();
        assertThat(usual.stop()).isZero();

        Path folder = Files.createDirectories(place.folder().resolve("a \"quoted\" place"));
        var daemon = other(folder);
        for (int i = 0; i < 3; i++) {
            assertThat(of(folder, "run", "far", "--wait").code()).isZero();
        }
        Path copy = place.work().resolve("copy.db");
        assertThat(of(folder, "backup", copy.toString()).code()).isZero();
        assertThat(place.json("verify", copy.toString())
                        .at("/verification/runs")
                        .asInt())
                .isEqualTo(3);
        var verified = of(folder, "verify", "--json");
        assertThat(verified.json().at("/verification/store").asString())
                .isEqualTo(folder.resolve("state/leprechaun.db").toString());
        assertThat(of(folder, "check").out()).contains("1 recipe, no problems");
        assertThat(of(folder, "new", "made", "--", "true").out().strip())
                .isEqualTo(folder.resolve("recipes/made.yml").toString());
        assertThat(of(folder, "simulate", "--json").code()).isZero();
        assertThat(daemon.stop()).isZero();

        assertThat(place.json("verify").at("/verification/runs").asInt())
                .as("without another daemon named")
                .isEqualTo(1);
    }

    @Test
    void output_that_cannot_be_written_is_an_error() throws Exception {
        place.recipe("good", "steps: [ 'true' ]\n");
        for (String line : List.of("check", "check --json", "next --pattern @daily", "next --pattern @daily --json")) {
            var full = place.shell(CLIENT + " " + line + " > /dev/full");
            assertThat(full.code()).as(line).isEqualTo(70);
            assertThat(full.err()).as(line).contains("cannot write the output: No space left on device");
            var gone = place.shell("{ " + CLIENT + " " + line + "; echo $? >&2; } | true");
            assertThat(gone.err().strip()).as(line).isIn("141", "0"); // 0: true had not gone yet
        }
    }
}
