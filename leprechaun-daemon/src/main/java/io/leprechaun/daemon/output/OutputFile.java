package io.leprechaun.daemon.output;

import io.leprechaun.daemon.posix.Errno;
import io.leprechaun.daemon.posix.OutputPipe;
import io.leprechaun.daemon.posix.PosixException;
import io.leprechaun.daemon.posix.SparseFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The file that keeps the output of a step, made when something is to be kept. It has a hole in its middle where the
 * output exceeded the cap. Guarded by the lock of its {@link Outputs}.
 */
final class OutputFile implements AutoCloseable {
    /** The size of the blocks that file systems allot, in bytes. */
    private static final long BLOCK = 4096;

    private final Path path;
    private @Nullable SparseFile file;
    private long size;
    /** The beginning of the hole; {@link #to} is its end. */
    private long from;

    private long to;

    /** Creates the file of a step that begins; nothing is made yet. */
    OutputFile(Path path) {
        this.path = path;
    }

    /** Returns the file of an earlier attempt, with its size and its hole. */
    static OutputFile earlier(Path path) {
        var earlier = new OutputFile(path);
        try (SparseFile file = SparseFile.look(path)) {
            earlier.size = Files.size(path);
            long hole = file.nextHole(0);
            if (hole < earlier.size) {
                earlier.from = hole;
                earlier.to = Math.min(earlier.size, file.nextData(hole));
            }
        } catch (PosixException | IOException e) {
            // the file counts as whole, or was removed
        }
        return earlier;
    }

    Path path() {
        return path;
    }

    /** Returns the number of its bytes that are kept. */
    long kept() {
        return size - (to - from);
    }

    OutputSize printed() {
        return new OutputSize(size, to - from);
    }

    /** Returns whether it is open, which it is from the first output on. */
    boolean isOpen() {
        return file != null;
    }

    /**
     * Writes a part of an array at its end.
     *
     * @return the number of bytes written, at least 1
     * @throws java.nio.file.NoSuchFileException when it cannot be made because the folder of all output is missing
     * @throws IOException when it cannot be made
     * @throws PosixException when it cannot be made or written
     */
    int write(byte[] bytes, int begin, int end) throws IOException, PosixException {
        int count = opened().write(bytes, begin, end, size);
        size += count;
        return count;
    }

    /**
     * Moves output to its end, {@code most} bytes at most. It must be open.
     *
     * @return the number of bytes, or the pipe's report
     * @throws PosixException when it cannot be written
     */
    long take(OutputPipe pipe, long most) throws IOException, PosixException {
        long moved = pipe.moveTo(opened(), size, most);
        size += Math.max(0, moved);
        return moved;
    }

    private SparseFile opened() throws IOException, PosixException {
        SparseFile known = file;
        if (known == null) {
            known = made();
            file = known;
        }
        return known;
    }

    private SparseFile made() throws IOException, PosixException {
        try {
            return SparseFile.create(path);
        } catch (PosixException e) {
            if (e.errno() == Errno.ENOENT || e.errno() == Errno.ENOTDIR) {
                OutputFolder.makeFor(path);
            } else if (e.errno() != Errno.EEXIST || !isRemoved()) {
                throw e;
            }
        }
        return SparseFile.create(path);
    }

    /** Removes a file of a run that has no record. */
    private boolean isRemoved() {
        boolean ours = Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS) || Files.isSymbolicLink(path);
        return ours && path.toFile().delete();
    }

    /** Reduces it to a length: half of it from its head, half from its tail. */
    void keep(long length) throws PosixException {
        if (kept() <= length) {
            return;
        }
        boolean holed = to > from;
        long head = length / 2 / BLOCK * BLOCK;
        if (holed) {
            head = Math.min(head, from);
        }
        long tail = Math.max(to, (size - (length - head) + BLOCK - 1) / BLOCK * BLOCK);
        SparseFile open = file;
        if (open != null) {
            drop(open, head, tail, holed);
        } else {
            try (SparseFile target = SparseFile.open(path)) {
                drop(target, head, tail, holed);
            } catch (PosixException e) {
                if (e.errno() != Errno.ENOENT) {
                    throw e;
                }
                size = 0; // it was removed
                from = 0;
                to = 0;
                return;
            }
        }
        from = head;
        to = tail;
    }

    private void drop(SparseFile target, long head, long tail, boolean holed) throws PosixException {
        if (!holed) {
            target.drop(head, tail - head);
        } else {
            drop(target, head, from);
            drop(target, to, tail);
        }
    }

    private static void drop(SparseFile file, long from, long to) throws PosixException {
        if (to > from) {
            file.drop(from, to - from);
        }
    }

    @Override
    public void close() {
        SparseFile known = file;
        if (known != null) {
            known.close();
            file = null;
        }
    }
}
