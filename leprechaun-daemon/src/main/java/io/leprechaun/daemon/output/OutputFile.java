package io.leprechaun.daemon.output;

import io.leprechaun.daemon.posix.PosixException;
import io.leprechaun.daemon.posix.SparseFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file that a step prints into, with a hole in its middle where the output exceeded the cap. Guarded by the watch's
 * lock.
 */
final class OutputFile {
    static final int NOT_WATCHED = -1;
    /** The size of the blocks that file systems allot, in bytes. */
    private static final long BLOCK = 4096;

    final Path path;
    final OutputWatch.Outputs outputs;
    /** The kernel's number of the watch on it, or {@link #NOT_WATCHED}. */
    int watch = NOT_WATCHED;
    /** The number of checks in a row that found it unchanged. */
    int still;

    private long size;
    /** The beginning of the hole; {@link #to} is its end. */
    private long from;

    private long to;

    OutputFile(Path path, OutputWatch.Outputs outputs) {
        this.path = path;
        this.outputs = outputs;
        look();
    }

    /** Reads its size, and returns whether it has changed since the last check. */
    boolean look() {
        long before = size;
        try {
            size = Files.size(path);
        } catch (IOException e) {
            size = 0; // the file does not exist yet, or was removed
        }
        return size != before;
    }

    /** Returns the number of its bytes that are kept. */
    long kept() {
        return size - (to - from);
    }

    OutputSize printed() {
        return new OutputSize(size, to - from);
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
        try (SparseFile file = SparseFile.open(path)) {
            if (!holed) {
                file.drop(head, tail - head);
            } else {
                drop(file, head, from);
                drop(file, to, tail);
            }
        }
        from = head;
        to = tail;
    }

    private static void drop(SparseFile file, long from, long to) throws PosixException {
        if (to > from) {
            file.drop(from, to - from);
        }
    }

    /** Finds the hole in a file of an earlier attempt, and returns this file. */
    OutputFile withItsHole() {
        try (SparseFile file = SparseFile.look(path)) {
            long hole = file.nextHole(0);
            if (hole < size) {
                from = hole;
                to = Math.min(size, file.nextData(hole));
            }
        } catch (PosixException e) {
            // the file counts as whole
        }
        return this;
    }
}
