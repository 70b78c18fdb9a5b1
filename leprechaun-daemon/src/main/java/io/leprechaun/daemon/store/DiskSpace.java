package io.leprechaun.daemon.store;

import java.io.File;
import java.nio.file.Path;

/** The free space on a disk. */
final class DiskSpace {
    /** The limit below which no new work is accepted, in bytes; on a small disk, a sixteenth of it. */
    private static final long LOW = 4 << 20;

    private final File file;

    /** Creates an object for the disk that holds a file or folder. */
    DiskSpace(Path file) {
        this.file = file.toFile();
    }

    /** Returns whether too little space is left to accept new work. */
    boolean isLow() {
        long total = file.getTotalSpace(); // 0: unknown; the store itself finds the reason
        return total > 0 && file.getUsableSpace() < Math.min(LOW, total / 16);
    }
}
