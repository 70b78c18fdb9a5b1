package io.leprechaun.daemon.store;

import java.io.File;
import java.nio.file.Path;

/** Whether the disk has too little room. */
final class DiskSpace {
    /** With less than this, or a sixteenth of a small disk, nothing new is accepted, in bytes. */
    private static final long LOW = 4 << 20;

    private final File file;

    /** Of the disk that holds a file or folder. */
    DiskSpace(Path file) {
        this.file = file.toFile();
    }

    /** Whether too little is left to accept anything new. */
    boolean isLow() {
        long total = file.getTotalSpace(); // 0: it cannot be asked, and the store itself finds out why
        return total > 0 && file.getUsableSpace() < Math.min(LOW, total / 16);
    }
}
