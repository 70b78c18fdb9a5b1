package io.leprechaun.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The machine, and the memory of this process. */
final class Host {
    private static final Path NAME = Path.of("/proc/sys/kernel/hostname");

    private static final Path STATUS = Path.of("/proc/self/status");

    private Host() {}

    /**
     * Returns the memory that this process occupies, in bytes: its resident set; 0 if the kernel does not report it.
     */
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

    /** Returns the machine's name from the kernel: a query of the network could block the start. */
    static String name() {
        try {
            return Files.readString(NAME).strip();
        } catch (IOException e) {
            return "localhost";
        }
    }
}
