package io.leprechaun.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The memory of a process. */
final class Memory {
    private Memory() {}

    /** @param key the key in {@code /proc/PID/status}: {@code VmRSS} now, {@code VmHWM} at most; in MiB */
    static double of(long pid, String key) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                .filter(line -> line.startsWith(key + ":"))
                .mapToDouble(line -> Long.parseLong(line.split("\\s+", -1)[1]) / 1024.0)
                .findFirst()
                .orElseThrow();
    }
}
