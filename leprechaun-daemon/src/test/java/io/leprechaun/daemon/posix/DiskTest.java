package io.leprechaun.daemon.posix;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import org.junit.jupiter.api.Test;

class DiskTest {
    @Test
    void what_is_mounted_noexec_is_known() throws IOException {
        var noExec = new HashMap<Path, Boolean>(); // of several mounts on one folder the last one counts
        for (String line : Files.readAllLines(Path.of("/proc/self/mounts"))) {
            String[] fields = line.split(" ", -1);
            Path folder = Path.of(fields[1].replace("\\040", " "));
            noExec.put(folder, Arrays.asList(fields[3].split(",", -1)).contains("noexec"));
        }
        noExec.keySet().removeIf(folder -> !Files.isReadable(folder));
        assertThat(noExec).isNotEmpty();
        assertThat(noExec)
                .allSatisfy((folder, expected) ->
                        assertThat(Disk.isNoExec(folder)).as(folder.toString()).isEqualTo(expected));
    }

    @Test
    void what_is_not_there_is_not_mounted_so() {
        assertThat(Disk.isNoExec(Path.of("/no/such/file"))).isFalse();
    }
}
