package io.leprechaun.daemon.execution;

import io.leprechaun.daemon.posix.PosixException;
import io.leprechaun.daemon.posix.SparseFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * The runs whose first step was about to start lately, in a small file that is written before each start and never
 * flushed. It survives the end of the daemon's process, but not that of the machine: another boot knows nothing of it.
 * Thread-safe.
 */
public final class StartMarks implements AutoCloseable {
    /** The number of marks, a power of two: far more runs than can be claimed at a time. */
    private static final int MOST = 512;

    private static final int EACH = Long.BYTES;

    private final SparseFile file;
    private final Set<Long> earlier;
    /** The number of marks so far. Guarded by this. */
    private long count;

    private StartMarks(SparseFile file, Set<Long> earlier) {
        this.file = file;
        this.earlier = earlier;
    }

    /**
     * Opens the marks, and makes the file where it is missing.
     *
     * @throws IOException when it cannot be made, read or written
     */
    public static StartMarks open(Path path) throws IOException {
        try {
            if (!Files.exists(path)) {
                SparseFile.create(path).close();
            }
            byte[] bytes = Files.readAllBytes(path);
            Set<Long> earlier = new HashSet<>();
            var marks = ByteBuffer.wrap(bytes);
            while (marks.remaining() >= EACH) {
                earlier.add(marks.getLong());
            }
            try (SparseFile file = SparseFile.open(path)) {
                for (int done = bytes.length; done < MOST * EACH; ) { // so that no mark needs space on the disk
                    done += file.write(new byte[MOST * EACH], done, MOST * EACH, done);
                }
            }
            return new StartMarks(SparseFile.open(path), earlier);
        } catch (PosixException e) {
            throw new IOException(
                    "cannot prepare %s (%s): free some space, or make it writable for this user"
                            .formatted(path, e.getMessage()),
                    e);
        }
    }

    /**
     * Marks a run, before its first step starts.
     *
     * @throws IOException when it cannot be marked, so that the run must not start
     */
    synchronized void mark(long run) throws IOException {
        byte[] mark = ByteBuffer.allocate(EACH).putLong(run).array();
        try {
            file.write(mark, 0, EACH, count++ % MOST * EACH);
        } catch (PosixException e) {
            throw new IOException("cannot mark its start (%s)".formatted(e.getMessage()), e);
        }
    }

    /** Returns whether an earlier daemon has marked a run. */
    boolean isMarked(long run) {
        return earlier.contains(run);
    }

    /** Returns the largest number of a run that an earlier daemon has marked; 0 for none. */
    public long newest() {
        return earlier.stream().mapToLong(Long::longValue).max().orElse(0);
    }

    @Override
    public void close() {
        file.close();
    }
}
