package io.leprechaun.daemon.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.leprechaun.daemon.posix.Self;
import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrustTest {
    private static final int BOB = 7001;
    private static final int STAFF = 7002;

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void writeAFile() throws IOException {
        file = write(folder.resolve("a.yml"));
    }

    private static Path write(Path file) throws IOException {
        return mode(Files.writeString(file, "text"), "rw-r--r--");
    }

    private static Path mode(Path path, String mode) throws IOException {
        return Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }

    private static void own(Path path, String attribute, int number) throws IOException {
        assumeTrue(Self.uid() == 0, "only root gives files away");
        Files.setAttribute(path, attribute, number, LinkOption.NOFOLLOW_LINKS);
    }

    private static void sticky(Path folder) throws IOException {
        Files.setAttribute(folder, "unix:mode", 01777);
    }

    private static String refusal(Path path) {
        return Trust.strict().distrust(path).orElse("");
    }

    @Test
    void a_file_that_only_we_can_change_is_read() throws IOException {
        Trust.Content content = Trust.strict().read(file, 3);

        assertThat(content.bytes()).asString().isEqualTo("tex");
        assertThat(content.warning()).isEmpty();
        assertThat(refusal(file)).isEmpty();
        assertThat(refusal(folder)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "rw-rw-rw-, is writable for all users, chmod go-w",
        "rw-r--rw-, is writable for all users, chmod o-w",
        "-w--w--w-, is writable for all users, chmod go-w",
    })
    void a_file_that_others_can_write_is_refused_with_the_command_that_closes_it(String mode, String why, String fix)
            throws IOException {
        mode(file, mode);

        assertThatThrownBy(() -> Trust.strict().read(file, 10))
                .isInstanceOf(UntrustedException.class)
                .hasMessageContaining(why)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("`" + fix + " " + file + "`");
    }

    @Test
    void a_folder_on_the_way_that_others_can_write_is_refused() throws IOException {
        Path deep = Files.createDirectories(folder.resolve("one/two"));
        Path inside = write(deep.resolve("b.yml"));
        mode(folder.resolve("one"), "rwxrwxrwx");

        assertThat(refusal(inside)).startsWith("the folder " + folder.resolve("one") + " is writable for all users");
        assertThat(refusal(deep)).startsWith("the folder " + folder.resolve("one"));

        sticky(folder.resolve("one"));
        assertThat(refusal(inside)).isEmpty();
    }

    @Test
    void a_group_that_can_write_is_refused_but_to_a_daemon_of_a_user_whose_own_it_is() throws IOException {
        mode(file, "rw-rw-r--");
        own(file, "unix:uid", BOB);
        own(file, "unix:gid", STAFF);

        assertThat(of(BOB, 7001).distrust(file)).get().asString().contains("is writable for the group 7002");
        assertThat(of(BOB, STAFF).distrust(file)).isEmpty();
        assertThat(of(BOB, STAFF).read(file, 10).warning()).get().asString().contains("`chmod g-w " + file + "`");
        assertThat(of(0, STAFF).distrust(file)).get().asString().contains("belongs to 7001");
    }

    private static Trust of(int uid, int gid) {
        return new Trust(new Trust.FileOwner("somebody", uid, gid, Set.of(0)), true);
    }

    @Test
    void files_and_folders_of_another_user_are_refused() throws IOException {
        own(file, "unix:uid", BOB);
        assertThat(refusal(file))
                .isEqualTo(file + " belongs to 7001, and a daemon of root uses files of root only: give it to root with"
                        + " `chown root " + file + "`");

        own(file, "unix:uid", 0);
        own(folder, "unix:uid", BOB);
        assertThat(refusal(file)).startsWith("the folder " + folder + " belongs to 7001");
        assertThat(of(BOB, BOB).distrust(file))
                .as("root's file in our own folder")
                .isEmpty();
    }

    @Test
    void links_are_followed_where_nobody_else_can_turn_them() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link.yml"), Path.of("a.yml"));
        Path way = Files.createSymbolicLink(folder.resolve("way"), folder);
        assertThat(Trust.strict()
                        .read(way.resolve("../" + folder.getFileName() + "/link.yml"), 10)
                        .bytes())
                .asString()
                .isEqualTo("text");

        own(link, "unix:uid", BOB);
        assertThat(refusal(link))
                .startsWith("the link " + link + " belongs to 7001")
                .contains("`chown -h root ");
    }

    @Test
    void a_link_does_not_hide_what_it_leads_to() throws IOException {
        Path open = Files.createDirectory(folder.resolve("open"));
        Path inside = write(open.resolve("b.yml"));
        Path link = Files.createSymbolicLink(folder.resolve("link.yml"), inside);
        mode(open, "rwxrwxrwx");

        assertThat(refusal(link)).startsWith("the folder " + open + " is writable for all users");
    }

    @Test
    void a_hard_link_of_root_s_is_judged_by_the_file_alone() throws IOException {
        Path other = Files.createLink(folder.resolve("hard.yml"), file);
        assertThat(refusal(file)).isEmpty();
        assertThat(refusal(other)).isEmpty();
    }

    @Test
    @Timeout(180)
    void what_is_no_file_is_not_waited_for() throws Exception {
        assertThat(new ProcessBuilder("mkfifo", folder.resolve("pipe").toString())
                        .start()
                        .waitFor())
                .isZero();

        assertThatThrownBy(() -> Trust.strict().read(folder.resolve("pipe"), 10))
                .isInstanceOf(NotRegularException.class);
        assertThatThrownBy(() -> Trust.strict().read(folder, 10)).isInstanceOf(NotRegularException.class);
        assertThatThrownBy(() -> Trust.lenient().read(Path.of("/dev/zero"), 10))
                .isInstanceOf(NotRegularException.class);
    }

    @Test
    @Timeout(180)
    void links_in_a_circle_and_to_nothing_end() throws IOException {
        Files.createSymbolicLink(folder.resolve("one"), Path.of("two"));
        Files.createSymbolicLink(folder.resolve("two"), Path.of("one"));
        Files.createSymbolicLink(folder.resolve("nothing"), Path.of("gone"));

        assertThatThrownBy(() -> Trust.strict().read(folder.resolve("one"), 10))
                .isInstanceOf(FileSystemLoopException.class);
        assertThatThrownBy(() -> Trust.strict().read(folder.resolve("nothing"), 10))
                .isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void a_lenient_look_reads_and_warns() throws IOException {
        mode(file, "rw-rw-rw-");

        Trust.Content content = Trust.lenient().read(file, 10);

        assertThat(content.bytes()).asString().isEqualTo("text");
        assertThat(content.warning()).get().asString().contains("is writable for all users");
        assertThat(Trust.lenient().distrust(file)).isEqualTo(content.warning());
    }

    @Test
    void one_look_knows_what_it_found_closed_and_the_next_one_looks_again() throws IOException {
        assertThat(refusal(file)).isEmpty();
        mode(folder, "rwxrwxrwx");
        assertThat(refusal(file)).startsWith("the folder " + folder);
        mode(folder, "rwx------");
        assertThat(refusal(file)).isEmpty();
    }
}
