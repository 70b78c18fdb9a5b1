package io.leprechaun.daemon.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.leprechaun.api.Access;
import io.leprechaun.daemon.posix.Self;
import io.leprechaun.daemon.settings.AccessSettings;
import io.leprechaun.daemon.settings.SettingsReader;
import io.leprechaun.daemon.trust.Trust;
import io.leprechaun.daemon.yaml.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RolesTest {
    private static final int SOCKET = 61010;

    @TempDir
    private Path folder;

    private final Problems problems = new Problems();

    private AccessSettings settings(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("leprechaun.yml"), text);
        return new SettingsReader(ZoneOffset.UTC, Map.of())
                .read(file, Trust.lenient(), problems)
                .access();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "| 61002 | 61010 | CHANGE | the socket's group operates",
                "| 61002 | 61002 | | others have no role",
                "| 0 | 0 | ADMINISTER | root",
                "operate: [61003] | 61002 | 61010 | READ | operate narrows the socket's group",
                "operate: [61003] | 61003 | 61003 | CHANGE | a user by number",
                "operate: ['@61020'] | 61003 | 61020 | CHANGE | a group by number",
                "operate: [61003], read: [61004] | 61004 | 61004 | READ | a reader",
                "operate: [61003], read: [61004] | 61003 | 61003 | CHANGE | operate includes read",
                "operate: [61003], read: [61003] | 61003 | 61003 | CHANGE | the greater of two roles",
                "read: [61004] | 61004 | 61010 | CHANGE | read narrows nothing",
                "administer: ['@61020'] | 61005 | 61020 | ADMINISTER | an administrator",
                "operate: [root], administer: ['@61020'] | 61005 | 61020 | ADMINISTER | administer includes operate",
                "administer: ['@no-such-group-1'] | 61005 | 61020 | | an unknown group gives nothing",
                "operate: ['@no-such-group-1'] | 61005 | 61010 | READ | an unknown group narrows",
                "read: ['61010'] | 61005 | 61020 | | a user's number is no group's",
            })
    void the_role_of_a_user(String access, int uid, int gid, Access expected, String why) throws IOException {
        var settings = settings(access == null ? "" : "access: { " + access + " }");
        assertThat(problems.errors()).isEmpty();
        var roles = new Roles(settings, SOCKET, System::nanoTime);
        assertThat(roles.most(new Roles.UserGroups(uid, Set.of(gid)))).as(why).isEqualTo(Optional.ofNullable(expected));
    }

    @Test
    void the_daemons_own_user_may_do_everything() throws IOException {
        var roles = new Roles(settings("access: { operate: [root] }"), SOCKET, System::nanoTime);
        assertThat(roles.most(new Roles.UserGroups(Self.uid(), Set.of()))).contains(Access.ADMINISTER);
    }

    /** An old session may be in the group by its process alone, and the kernel has let it in. */
    @Test
    void whom_the_socket_admits_is_one_of_its_group() throws IOException {
        var roles = new Roles(settings(""), SOCKET, System::nanoTime);
        assertThat(roles.most("no-such-user-1", true)).contains(Access.CHANGE);
        assertThat(roles.most("no-such-user-1", false)).isEmpty();
        roles = new Roles(settings("access: { operate: [root] }"), SOCKET, System::nanoTime);
        assertThat(roles.most("no-such-user-1", true)).contains(Access.READ);
        assertThat(roles.most("root", true)).contains(Access.ADMINISTER);
    }

    @Test
    void a_name_that_is_not_on_this_host_is_warned_of_with_its_line() throws IOException {
        var settings =
                settings("timezone: UTC\naccess:\n  operate: [no-such-user-1, root]\n  read: '@no-such-group-1'\n");
        AccessSettings.warnOfAbsent(settings.all(), problems);
        assertThat(problems.errors()).isEmpty();
        assertThat(problems.all())
                .extracting(problem -> problem.line() + " " + problem.message())
                .containsExactly(
                        "3 access.operate: no user 'no-such-user-1' on this host; add it, or remove this entry",
                        "4 access.read: no group 'no-such-group-1' on this host; add it, or remove this entry");
    }

    @Test
    void what_is_no_name_is_a_mistake() throws IOException {
        settings("access: { administer: ['@', 'a:b', '@a/b'], operate: [], reed: [root] }");
        assertThat(problems.errors())
                .extracting(problem -> problem.message().replaceFirst(":.*", ""))
                .hasSize(5);
        assertThat(problems.errors().getFirst().message()).contains("invalid user or group '@'");
    }
}
