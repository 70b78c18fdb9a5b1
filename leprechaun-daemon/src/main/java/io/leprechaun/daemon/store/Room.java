package io.leprechaun.daemon.store;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/** How much room the disk has. */
final class Room {
    /** With less than this, or a sixteenth of a small disk, nothing new is accepted, in bytes. */
    private static final long LOW = 4 << 20;

    private final FileStore disk;

    /** Of the disk that holds a file. */
    Room(Path file) throws IOException {
        this.disk = Files.getFileStore(file); // once: it reads the table of all mounts
    }

    /** Whether too little is left to accept anything new. */
    boolean isLow() {
        try {
            return disk.getUsableSpace() < Math.min(LOW, disk.getTotalSpace() / 16);
        } catch (IOException e) {
            return false; // then the store itself finds out
        }
    }
}
