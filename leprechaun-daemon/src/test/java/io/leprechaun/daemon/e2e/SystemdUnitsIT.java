package io.leprechaun.daemon.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The shipped unit, user and folders, as systemd's own tools read them. Without those tools it is skipped, but not in
 * continuous integration.
 */
@Timeout(180)
class SystemdUnitsIT {
    private static final Path SHIPPED = Installation.TREE.resolve("systemd");
    private static final String PLACE = "/opt/leprechaun/bin/";

    @TempDir
    private Path folder;

    private Path unit = Path.of("/");

    @BeforeEach
    void a_unit_whose_programs_are_there() throws IOException {
        Tools.require("the systemd units are not checked", "systemd-analyze", "systemd-sysusers", "systemd-tmpfiles");
        String shipped = Files.readString(SHIPPED.resolve("leprechaun.service"));
        assertThat(shipped).contains("\nExecStart=" + PLACE + "leprechaund ");
        // By a link: in a unit, the path of the tree would end at its first blank.
        Path tree = Files.createSymbolicLink(folder.resolve("tree"), Installation.TREE);
        unit = Files.writeString(folder.resolve("leprechaun.service"), shipped.replace(PLACE, tree + "/bin/"));
    }

    @Test
    void the_unit_is_understood_to_the_last_line() throws Exception {
        var said = run("systemd-analyze", "verify", "--man=no", "--recursive-errors=no", unit.toString());
        assertThat(said.code()).as(said.text()).isZero();
        assertThat(said.about("leprechaun")).isEmpty();
    }

    /**
     * As Debian's cron: a restart ends no job that a step has left behind, and a temporary failure leaves no service
     * down.
     */
    @Test
    void a_restart_leaves_alone_what_steps_have_left_behind_and_only_mistakes_end_the_service() throws Exception {
        assertThat(Files.readAllLines(unit))
                .contains("KillMode=process", "Restart=on-failure", "RestartPreventExitStatus=2")
                .contains("StartLimitIntervalSec=0")
                .filteredOn(line -> line.startsWith("After="))
                .singleElement()
                .asString()
                .contains("remote-fs.target", "nss-user-lookup.target", "time-sync.target");
    }

    @Test
    void a_mistake_in_the_unit_would_be_seen() throws Exception {
        Files.writeString(unit, Files.readString(unit).replace("KillMode=", "KilMode="));
        var said = run("systemd-analyze", "verify", "--man=no", "--recursive-errors=no", unit.toString());
        assertThat(said.about("leprechaun")).anyMatch(line -> line.contains("KilMode"));
    }

    /**
     * The exposure is 1.9 with systemd 252; the open settings are those that jobs need, and the unit documents them.
     */
    @Test
    void the_service_is_not_more_exposed_than_it_was() throws Exception {
        var said = run("systemd-analyze", "security", "--offline=yes", "--no-pager", "--threshold=20", unit.toString());
        assertThat(said.code()).as(said.text()).isZero();
    }

    @Test
    void the_user_is_made_and_owns_no_settings() throws Exception {
        Path root = Files.createDirectory(folder.resolve("root"));
        Files.createDirectory(root.resolve("etc"));
        var users = run(
                "systemd-sysusers",
                "--root=" + root,
                SHIPPED.resolve("sysusers.d/leprechaun.conf").toString());
        assertThat(users.code()).as(users.text()).isZero();
        assertThat(Files.readString(root.resolve("etc/passwd")))
                .containsPattern("(?m)^leprechaun:x:\\d+:\\d+:Leprechaun:/var/lib/leprechaun/home:/usr/sbin/nologin$");
        assertThat(Files.readString(root.resolve("etc/group")))
                .as("the group of the socket is not the service's own, and the service may give the socket to it")
                .containsPattern("(?m)^leprechaun-operators:x:\\d+:leprechaun$")
                .containsPattern("(?m)^leprechaun:x:\\d+:$");
        assumeTrue("root".equals(System.getProperty("user.name")), "only root gives folders away");
        var folders = run(
                "systemd-tmpfiles",
                "--root=" + root,
                "--create",
                SHIPPED.resolve("tmpfiles.d/leprechaun.conf").toString());
        assertThat(folders.code()).as(folders.text()).isZero();
        for (String made : List.of("etc/leprechaun", "etc/leprechaun/recipes")) {
            assertThat(Files.getAttribute(root.resolve(made), "unix:mode"))
                    .as(made)
                    .isEqualTo(made.endsWith("recipes") ? 042750 : 040750);
            assertThat(Files.getAttribute(root.resolve(made), "unix:uid")).isEqualTo(0);
        }
    }

    private record Said(int code, String text) {
        /** Returns the lines about one unit: systemd-analyze reports every unit of the machine. */
        List<String> about(String unit) {
            return text.lines().filter(line -> line.contains(unit)).toList();
        }
    }

    private static Said run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Said(process.waitFor(), text);
    }
}
