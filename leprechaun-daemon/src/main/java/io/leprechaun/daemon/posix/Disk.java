package io.leprechaun.daemon.posix;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * What a file system does: what has to be there after a power cut, and what may be written and executed. It is asked itself, and not looked up in the table of all mounts as a FileStore
 * is, in which a chroot's disk need not stand.
 */
public final class Disk {
    private static final CFunction STATVFS = CFunction.named("statvfs");
    /** Of {@code struct statvfs} on 64-bit systems, and of its {@code f_flag}. */
    private static final long STATVFS_SIZE = 112;

    private static final long FLAG = 72;
    private static final long RDONLY = 1;
    private static final long NOEXEC = 8;

    private Disk() {}

    /** Whether nothing on the file system of a path may be executed; false where that cannot be asked. */
    public static boolean isNoExec(Path path) {
        return has(NOEXEC, path);
    }

    /** Whether nothing on the file system of a path may be written; false where that cannot be asked. */
    public static boolean isReadOnly(Path path) {
        return has(RDONLY, path);
    }

    private static boolean has(long flag, Path path) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment status = arena.allocate(STATVFS_SIZE, Long.BYTES);
            return STATVFS.call(arena.allocateFrom(path.toString()).address(), status.address()) == 0
                    && (status.get(JAVA_LONG, FLAG) & flag) != 0;
        }
    }

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
