package io.leprechaun.daemon.store;

import java.io.File;
import java.nio.file.Path;

/** How much room the disk has. It asks the disk alone: a chroot's disk need not stand in the table of mounts that a FileStore reads. */
final class Room {
    /** With less than this, or a sixteenth of a small disk, nothing new is accepted, in bytes. */
    private static final long LOW = 4 << 20;

    private final File folder;

    /** Of the disk that holds a folder. */
    Room(Path folder) {
        this.folder = folder.toFile();
    }

    /** Whether too little is left to accept anything new. */
    boolean isLow() {
        long total = folder.getTotalSpace(); // 0: the folder cannot be asked, and the store itself finds out why
        return total > 0 && folder.getUsableSpace() < Math.min(LOW, total / 16);
    }
}
