package io.leprechaun.daemon.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The documented installation as a system service: the page's own lines, by a builder with sudo on a copy of this host
 * that is discarded afterwards, and then every attack that the builder may try. Root only. systemd is not running
 * there, so that the service is enabled and not started.
 */
@Tag("proof")
@Timeout(300)
class SystemInstallIT {
    @RegisterExtension
    private final Installation place = new Installation();

    /** The page with the installation. */
    private static final String PAGE = "docs/how-to/install.md";

    /** Returns the shell commands of a section of the page. */
    private static String commands(String section) throws IOException {
        Path here = Path.of("").toAbsolutePath();
        Path page = Files.exists(here.resolve(PAGE))
                ? here.resolve(PAGE)
                : here.resolve("..").resolve(PAGE);
        String text = Files.readString(page);
        String block = text.substring(text.indexOf("\n## " + section + "\n"));
        block = block.substring(block.indexOf("\n```sh\n") + "\n```sh\n".length());
        return block.substring(0, block.indexOf("\n```") + 1);
    }

    /** A builder's umask, which sudo takes over where it forbids more than its own. */
    @ParameterizedTest
    @ValueSource(strings = {"002", "077"})
    void leaves_nothing_to_the_builder(String umask) throws Exception {
        assumeThat(SmallDisk.mayBeMounted()).as("only root mounts").isTrue();
        Tools.require(
                "the documented installation is not tried",
                "unshare",
                "setpriv",
                "systemd-sysusers",
                "systemd-tmpfiles");
        Path folder = place.folder();
        Files.writeString(folder.resolve("install.sh"), commands("As a system service"));
        Files.writeString(folder.resolve("walk.sh"), WALK);
        var walked = place.shell("unshare --mount --fork sh -eu " + folder + "/walk.sh " + folder + " "
                + Installation.TREE.toRealPath() + " " + umask);
        assumeThat(walked.code())
                .as("overlays and setuid programs: %s", walked.err())
                .isNotEqualTo(77);
        assertThat(walked.code()).as("%s%s", walked.out(), walked.err()).isZero();
        assertThat(walked.out().lines())
                .filteredOn(line -> line.startsWith("! "))
                .as(walked.err())
                .isEmpty();
        assertThat(walked.out()).endsWith("walked and attacked\n");
    }

    /** Prints a line with "! " for each thing that is not as it should be. */
    private static final String WALK = """
        PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
        export PATH SYSTEMD_OFFLINE=1 LEPRECHAUN_TRUST_TREE=
        folder=$1 tree=$2 umask=$3
        """ + HostCopy.SCRIPT + """
        mkdir -p root/home/builder root/checkout/leprechaun-daemon/target
        cp -a "$tree" root/checkout/leprechaun-daemon/target/leprechaun
        cp "$folder/install.sh" root/checkout/
        cat > root/usr/bin/sudo << 'END'
        #!/bin/sh
        [ "$(umask)" = 0077 ] || umask 022
        exec /usr/bin/setuid --reuid=0 --regid=0 --clear-groups -- "$@"
        END
        chmod 755 root/usr/bin/sudo
        install -m 4755 root/usr/bin/setpriv root/usr/bin/setuid
        cat > root/usr/local/sbin/systemctl << 'END'
        #!/bin/sh
        for word; do
            shift
            [ "$word" = --now ] || set -- "$@" "$word"
        done
        exec /usr/bin/systemctl "$@"
        END
        chmod 755 root/usr/local/sbin/systemctl
        cat > root/check.sh << 'END'
        umask 022
        useradd --uid 7003 --no-create-home --home-dir /home/builder builder
        builder() { setpriv --reuid=7003 --regid=7003 --clear-groups env HOME=/home/builder USER=builder "$@"; }
        builder sudo true || exit 77
        case $1 in
            002) chmod -R g+w /checkout ;;
            077) chmod -R go= /checkout ;;
        esac
        chown -R 7003:7003 /checkout /home/builder
        rm -rf /opt/leprechaun

        cd /checkout
        builder sh -euc "umask $1; . ./install.sh" || echo "! the page's lines: $?"

        installed=$(echo /opt/leprechaun /usr/local/bin/leprechaun* /etc/leprechaun /etc/systemd/system/leprechaun.service \\
            /etc/sysusers.d/leprechaun.conf /etc/tmpfiles.d/leprechaun.conf)
        find $installed ! -uid 0 -printf '! %p is of %u\\n'
        find $installed ! -type l -perm /022 -printf '! %p may be written by others: %m\\n'
        find $installed -type l ! -lname '../*' ! -lname '/opt/leprechaun/*' -printf '! %p leads to %l\\n'
        systemctl is-enabled leprechaun > /dev/null || echo '! the service is not enabled'
        id -Gn builder | grep -q leprechaun || echo '! the builder may not use the client'
        version=$(cd / && leprechaun version) || echo "! root's client: $version"
        setpriv --reuid=leprechaun --regid=leprechaun --init-groups \\
            env LEPRECHAUN_JAVA_OPTS=-XX:AOTMode=on leprechaund --version > /dev/null || echo '! the daemon has no cache'
        setpriv --reuid=leprechaun --regid=leprechaun --init-groups sh -c \\
            'test -r /etc/leprechaun/leprechaun.yml && test -x /etc/leprechaun/recipes' || echo '! the daemon may not read its settings'

        builder find $installed -writable -printf '! the builder may write %p\\n' 2> /dev/null
        find /opt/leprechaun /checkout/leprechaun-daemon -type f > /all
        while read -r file; do
            builder sh -c 'echo "echo owned" >> "$1"' sh "$file" 2> /dev/null
            builder chmod 777 "$file" 2> /dev/null
        done << LIST
        $(grep -e /bin/ -e '/lib/[0-9a-f]*/lep' -e libjvm -e native /all)
        LIST
        # The caches still name the jars that they were made of.
        builder sh -c 'for jar in /checkout/leprechaun-daemon/target/leprechaun/lib/*/*.jar; do echo owned >> "$jar"; done'
        [ "$(cd / && leprechaun version)" = "$version" ] || echo "! with the builder's jars: $(leprechaun version)"
        builder mv /opt/leprechaun /opt/mine 2> /dev/null && echo '! the builder moves the tree away'
        builder sh -c 'rm -rf /checkout/leprechaun-daemon; ln -sfn /home/builder /usr/local/bin/leprechaun' 2> /dev/null
        [ "$(cd / && leprechaun version)" = "$version" ] || echo "! after the attack: $(leprechaun version)"

        chown -R builder:builder /opt/leprechaun # as cp -a would have left it
        leprechaun version 2> /refused && echo "! root starts the builder's"
        [ "$(grep -c '/opt/leprechaun.* belongs to builder' /refused)" = 1 ] || echo "! refused with: $(cat /refused)"
        echo 'walked and attacked'
        END
        exec chroot root sh -u /check.sh "$umask"
        """;
}
