package io.leprechaun.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The machine. */
final class Host {
    private static final Path NAME = Path.of("/proc/sys/kernel/hostname");

    private Host() {}

    /** Its name, as the kernel has it: asking the network for it could block the start. */
    static String name() {
        try {
            return Files.readString(NAME).strip();
        } catch (IOException e) {
            return "localhost";
        }
    }
}
