package io.leprechaun.daemon.process;

import io.leprechaun.daemon.posix.Self;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * The kernel's list of the processes that lost their parent and became the daemon's (proc(5),
 * {@code /proc/PID/task/TID/children}): the children of the daemon's first thread, which lives as long as the daemon.
 * It is read at the end of each chain, and stays open, because to open it costs more than to read it. Thread-safe.
 */
final class AdoptedPids {
    private static final Path LIST =
            Path.of("/proc/self/task").resolve(Integer.toString(Self.PID)).resolve("children");

    private final ReentrantLock lock = new ReentrantLock();
    /** Guarded by lock; empty until the first read. */
    private Optional<RandomAccessFile> list = Optional.empty();

    /** Returns the pids; none where the kernel has no list (CONFIG_PROC_CHILDREN). */
    List<Integer> now() {
        lock.lock();
        try {
            String pids = read();
            return pids.isEmpty()
                    ? List.of()
                    : Stream.of(pids.strip().split(" ")).map(Integer::valueOf).toList();
        } catch (IOException e) {
            return List.of();
        } finally {
            lock.unlock();
        }
    }

    private String read() throws IOException {
        if (list.isEmpty()) {
            list = Optional.of(new RandomAccessFile(LIST.toFile(), "r"));
        }
        var file = list.get();
        file.seek(0); // the kernel makes the list again
        var pids = new ByteArrayOutputStream();
        byte[] part = new byte[1024];
        for (int count = file.read(part); count > 0; count = file.read(part)) {
            pids.write(part, 0, count);
        }
        return pids.toString(StandardCharsets.US_ASCII);
    }
}
