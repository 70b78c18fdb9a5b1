package io.leprechaun.daemon.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A typical container: the daemon is process 1 of a user without a passwd entry, without HOME and
 * {@code /etc/localtime}, on a read-only root with one volume. No process reads its log, which is full. It runs the
 * recipes that are shipped. Root only.
 */
@Tag("proof")
@Timeout(300)
class ContainerIT {
    @RegisterExtension
    private final Installation place = new Installation();

    /** @param without the parts that are missing, too */
    @ParameterizedTest
    @ValueSource(
            strings = {"etc/timezone", "usr/share/zoneinfo", "etc/passwd etc/group etc/nsswitch.conf etc/hostname"})
    void runs_the_shipped_recipes(String without) throws Exception {
        assumeThat(SmallDisk.mayBeMounted()).as("only root mounts").isTrue();
        Tools.require("a container is not tried", "unshare", "ip", "curl", "chroot");
        Path folder = place.folder();
        Files.writeString(folder.resolve("box.sh"), BOX);
        var box = place.shell("unshare --mount --pid --net --fork sh -eu " + folder + "/box.sh " + folder + " "
                + Installation.TREE.toRealPath() + " '" + without + "'");
        assumeThat(box.code()).as("overlays: %s", box.err()).isNotEqualTo(77);
        assertThat(box.out().lines())
                .filteredOn(line -> line.startsWith("! "))
                .as("%s%s", box.out(), box.err())
                .isEmpty();
        assertThat(box.out())
                .contains(
                        "hello from hello, run ",
                        "good morning",
                        "done in the background",
                        " of watch succeeded",
                        "\"state\":\"succeeded\"",
                        "timezone:   UTC",
                        "no problems")
                .endsWith("all was run\n");
        assertThat(box.code()).as("%s%s", box.out(), box.err()).isZero();
    }

    @Test
    void runs_in_a_chroot_whose_disk_is_in_no_table_of_mounts() throws Exception {
        assumeThat(SmallDisk.mayBeMounted()).as("only root mounts").isTrue();
        Tools.require("a chroot is not tried", "unshare", "chroot");
        Path folder = place.folder();
        Files.writeString(folder.resolve("cage.sh"), CAGE);
        var caged = place.shell("unshare --mount --pid --fork sh -eu " + folder + "/cage.sh " + folder + " "
                + Installation.TREE.toRealPath());
        assertThat(caged.code()).as("%s%s", caged.out(), caged.err()).isZero();
        assertThat(caged.out()).contains("hello from hello, run ", "free", "no problems");
    }

    private static final String CAGE = """
        PATH=/usr/sbin:/usr/bin:/sbin:/bin
        export PATH
        folder=$1 tree=$2
        cd "$folder"
        mkdir -p cage/usr cage/proc cage/dev cage/tmp cage/opt/leprechaun
        for folder in bin sbin lib lib64; do
            if [ -L /$folder ]; then
                ln -s "usr/$folder" cage/$folder
            elif [ -d /$folder ]; then
                mkdir cage/$folder
                mount --bind /$folder cage/$folder
            fi
        done
        mount --bind /usr cage/usr
        mount --bind "$tree" cage/opt/leprechaun
        mount -t proc none cage/proc
        mount --rbind /dev cage/dev
        inside() { chroot cage /usr/bin/env -i PATH="$PATH" "$@"; }
        client() { inside /opt/leprechaun/bin/leprechaun --socket /state/leprechaun.sock "$@"; }
        inside /opt/leprechaun/bin/leprechaund --state /state &
        until client daemon health > health 2>&1; do kill -0 $!; done
        client run hello --follow
        client usage
        client verify
        client daemon kill
        wait $!
        """;

    /** Prints a line with "! " for each thing that is not as it should be. */
    private static final String BOX = """
        PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
        export PATH
        folder=$1 tree=$2 without=$3
        """ + HostCopy.SCRIPT + """
        mkdir -p root/opt root/state
        cp -a "$tree" root/opt/leprechaun
        chown -R 0:0 root/opt/leprechaun
        (cd root && rm -rf etc/localtime etc/leprechaun home root var/lib/leprechaun $without)
        mount -t tmpfs none root/tmp
        mount -t tmpfs none root/state
        chown 12345:12345 root/state
        mount -o remount,ro root
        ip link set lo up
        mkfifo log
        exec 3<> log
        dd if=/dev/zero of=log bs=4096 count=64 oflag=nonblock 2> dd.err || true

        inside() { chroot --userspec=12345:12345 root /usr/bin/env -i PATH="$PATH" "$@"; }
        client() { inside /opt/leprechaun/bin/leprechaun --socket /state/leprechaun.sock "$@"; }
        daemon='/opt/leprechaun/bin/leprechaund --state /state'
        (
            exec 3>&-
            until client daemon health > health 2>&1; do
                tries=$((${tries:-0} + 1))
                [ $tries -lt 300 ] || { echo "! no answer: $(cat health)"; kill -KILL 1; }
            done
            for recipe in hello markers watch; do
                client run $recipe --follow 2>&1 || echo "! $recipe: $?"
            done
            client run minute --follow 2>&1 || echo "! minute: $?"
            curl -sS -X POST 'http://127.0.0.1:11400/hook?id=example-hook-45DE2239F&wait=60s'
            client daemon info
            client daemon health || echo "! health: $?"
            client verify || echo "! verify: $?"
            taken=$(dd if=log bs=65536 count=1 iflag=fullblock 2> dd.err | tr -d '\\0' | wc -c)
            [ "$taken" = 0 ] || echo "! the log was not full"
            echo 'all was run'
            kill -TERM 1
        ) &
        exec chroot --userspec=12345:12345 root /usr/bin/env -i PATH="$PATH" $daemon >&3 2>&3 3>&-
        """;
}
