package io.leprechaun.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The machine, and what this process takes of it. */
final class Host {
    private static final Path NAME = Path.of("/proc/sys/kernel/hostname");

    private static final Path STATUS = Path.of("/proc/self/status");

    private Host() {}

    /** How much memory this process occupies, in bytes: its resident set; 0 where the kernel does not say. */
    static long memory() {
        try (var lines = Files.lines(STATUS)) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("[^0-9]", "")))
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }

    /** Its name, as the kernel has it: asking the network for it could block the start. */
    static String name() {
        try {
            return Files.readString(NAME).strip();
        } catch (IOException e) {
            return "localhost";
        }
    }
}
