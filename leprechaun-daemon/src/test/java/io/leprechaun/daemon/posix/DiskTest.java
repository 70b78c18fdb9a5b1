package io.leprechaun.daemon.posix;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import org.junit.jupiter.api.Test;

class DiskTest {
    @Test
    void what_is_mounted_noexec_or_read_only_is_known() throws IOException {
        var mounts = new HashMap<Path, List<String>>(); // the last one of several mounts on a folder counts
        for (String line : Files.readAllLines(Path.of("/proc/self/mounts"))) {
            String[] fields = line.split(" ", -1);
            Path folder = Path.of(fields[1].replace("\\040", " "));
            mounts.put(folder, Arrays.asList(fields[3].split(",", -1)));
        }
        mounts.keySet().removeIf(folder -> !Files.isReadable(folder));
        assertThat(mounts).isNotEmpty();
        assertThat(mounts).allSatisfy((folder, options) -> {
            assertThat(Disk.isNoExec(folder)).as(folder.toString()).isEqualTo(options.contains("noexec"));
            assertThat(Disk.isReadOnly(folder)).as(folder.toString()).isEqualTo(options.contains("ro"));
        });
    }

    @Test
    void what_is_not_there_is_not_mounted_so() {
        assertThat(Disk.isNoExec(Path.of("/no/such/file"))).isFalse();
        assertThat(Disk.isReadOnly(Path.of("/no/such/file"))).isFalse();
    }
}
