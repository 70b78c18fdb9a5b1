package io.leprechaun.daemon.posix;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The properties of a file system, and the way to keep data through a power cut. The file system itself is asked. The
 * table of all mounts, which a FileStore uses, need not list the disk of a chroot.
 */
public final class Disk {
    private static final CFunction STATVFS = CFunction.named("statvfs");
    /** The size of {@code struct statvfs} on 64-bit systems; below, the offset of its {@code f_flag}. */
    private static final long STATVFS_SIZE = 112;

    private static final long FLAG = 72;
    private static final long RDONLY = 1;
    private static final long NOEXEC = 8;

    private Disk() {}

    /** Returns whether the file system of a path forbids the execution of files; false where that is not known. */
    public static boolean isNoExec(Path path) {
        return has(NOEXEC, path);
    }

    /** Returns whether the file system of a path is read-only; false where that is not known. */
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
     * Flushes a file, or the names in a folder, to the disk (fsync(2)).
     *
     * @throws IOException when the file cannot be opened, or the disk reports an error
     */
    public static void flush(Path path) throws IOException {
        try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
