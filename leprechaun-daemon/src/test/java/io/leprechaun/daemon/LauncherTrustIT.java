package io.leprechaun.daemon;

import static io.leprechaun.daemon.LauncherTree.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Root starts no file that others can write to; the message names the owner. Run as root. */
@Tag("proof")
@Timeout(180)
class LauncherTrustIT {
    private static final String BOB = "7003";
    private static final Map<String, String> STRICT = Map.of("LEPRECHAUN_TRUST_TREE", "");

    @TempDir
    private Path temp;

    private Path above;
    private Path tree;

    @BeforeEach
    void a_tree_of_roots() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root gives files away");
        Files.setPosixFilePermissions(temp, PosixFilePermissions.fromString("rwxr-xr-x"));
        above = Files.createDirectory(temp.toRealPath().resolve("above"));
        tree = above.resolve("a [tree]*");
        LauncherTree.lay(tree);
    }

    private LauncherTree.Called client() throws Exception {
        return call(temp, STRICT, tree.resolve("bin/leprechaun").toString());
    }

    private void shell(String line) throws Exception {
        var called = call(temp, Map.of("TREE", tree.toString(), "ABOVE", above.toString()), "/bin/sh", "-c", line);
        assertThat(called.code()).as(line + ": " + called.text()).isZero();
    }

    /**
     * Asserts that the message names the file and its owner, and a command that repairs it; no file of the tree was
     * executed.
     */
    private void assertRefused(Path file, String whose) throws Exception {
        for (String program : LauncherTree.PROGRAMS) {
            var called = call(temp, STRICT, tree.resolve("bin").resolve(program).toString());
            assertThat(called.code()).as(file + ": " + called.text()).isEqualTo(2);
            assertThat(called.lines()).hasSize(1);
            assertThat(called.text())
                    .startsWith(program + ": root starts no file that others can write to: " + file + " belongs to "
                            + whose);
        }
    }

    private void mendAsTold() throws Exception {
        String told = client().text();
        shell(told.substring(told.lastIndexOf(": ") + 2));
        assertThat(client().code()).isZero();
    }

    @Test
    void starts_what_is_roots_and_closed() throws Exception {
        assertThat(client().lines()).contains("word -Dleprechaun.home=" + tree);
    }

    @ParameterizedTest
    @ValueSource(strings = {"chown " + BOB, "chmod g+w", "chmod o+w"})
    void refuses_a_tree_of_which_others_may_write_one_file_or_folder(String spoil) throws Exception {
        Path jars = LauncherTree.jars(tree);
        for (Path file : List.of(
                tree,
                tree.resolve("bin"),
                tree.resolve("bin/leprechaund"),
                tree.resolve("lib"),
                jars,
                jars.resolve("some.jar"),
                tree.resolve("lib/native"),
                tree.resolve("lib/runtime"),
                tree.resolve("lib/runtime/bin/java"),
                tree.resolve("lib/runtime/conf/security"),
                tree.resolve("lib/runtime/lib/server/libjvm.so"))) {
            shell(spoil + " '" + file + "'");
            assertRefused(file, spoil.startsWith("chown") ? BOB + " and has the mode 755" : "root and has the mode 7");
            shell("chown root '" + file + "' && chmod 755 '" + file + "'");
        }
        shell(spoil + " '" + jars + "'/*");
        mendAsTold();
    }

    @ParameterizedTest
    @CsvSource({"chown 7003, 2", "chmod 0777, 2", "chmod 0775, 2", "chmod 1777, 0"})
    void refuses_a_folder_on_the_way_but_where_others_cannot_replace_what_is_in_it(String spoil, int code)
            throws Exception {
        shell(spoil + " \"$ABOVE\"");
        assertThat(client().code()).isEqualTo(code);
        if (code != 0) {
            assertRefused(above, "");
            mendAsTold();
        }
    }

    @Test
    void looks_at_what_a_link_in_the_tree_leads_to() throws Exception {
        Path jar = LauncherTree.jars(tree).resolve("some.jar");
        shell("mv '" + jar + "' \"$ABOVE/bobs.jar\" && ln -s \"$ABOVE/bobs.jar\" '" + jar + "'");
        assertThat(client().code()).isZero();
        shell("chown " + BOB + " \"$ABOVE/bobs.jar\"");
        assertRefused(jar, BOB);
    }

    /** The owner of a link could change its target after the check: it is not used again. */
    @Test
    void goes_by_the_path_without_links() throws Exception {
        Path link = Files.createSymbolicLink(temp.resolve("link"), tree);
        assertThat(call(temp, STRICT, link.resolve("bin/leprechaun").toString()).lines())
                .contains("word -Dleprechaun.home=" + tree);
        assertThat(call(above, STRICT, "../above/" + tree.getFileName() + "/bin/leprechaun")
                        .lines())
                .contains("word -Dleprechaun.home=" + tree);
    }

    @Test
    void shows_what_a_name_of_a_file_would_do_to_the_terminal() throws Exception {
        shell("f=$(printf '%s/lib/native/\\033]0;x\\007' \"$TREE\"); touch \"$f\"; chmod 666 \"$f\"");
        assertThat(client().text())
                .contains("/lib/native/^[]0;x^G belongs to root")
                .doesNotContain("\033");
    }

    @Test
    void starts_it_all_the_same_where_root_says_so() throws Exception {
        shell("chown -R " + BOB + " \"$TREE\"");
        assertThat(client().code()).isEqualTo(2);
        var trusting = Map.of("LEPRECHAUN_TRUST_TREE", "1");
        assertThat(call(temp, trusting, tree.resolve("bin/leprechaun").toString())
                        .code())
                .isZero();
    }

    @Test
    void users_start_what_they_like() throws Exception {
        shell("chown -R " + BOB + " \"$TREE\" && chmod -R g+w \"$TREE\"");
        String launcher = tree.resolve("bin/leprechaun").toString();
        assertThat(call(temp, STRICT, "setpriv", "--reuid=" + BOB, "--clear-groups", launcher)
                        .code())
                .isZero();
    }

    /** There the tree, and all files of root, seem to belong to the user nobody. */
    @ParameterizedTest
    @ValueSource(strings = {"", "--pid --fork --mount-proc"})
    void root_of_a_namespace_of_a_users_starts_what_is_the_hosts(String words) throws Exception {
        String line = "setpriv --reuid=" + BOB + " --clear-groups unshare --user --map-root-user " + words + " ";
        assumeTrue(call(temp, STRICT, "/bin/sh", "-c", line + "true").code() == 0, "no user namespaces");
        var called = call(
                temp,
                STRICT,
                "/bin/sh",
                "-c",
                line + "\"$1\"",
                "sh",
                tree.resolve("bin/leprechaun").toString());
        assertThat(called.code()).as(called.text()).isZero();
    }
}
