package io.leprechaun.daemon.posix;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What has to be there after a power cut. */
public final class Disk {
    private Disk() {}

    /**
     * Takes a file, or the names in a folder, to the disk (fsync(2)).
     *
     * @throws IOException when the disk says that it could not
     */
    public static void flush(Path path) throws IOException {
        try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
