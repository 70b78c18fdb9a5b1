package io.leprechaun.daemon.output;

import io.leprechaun.daemon.posix.PosixException;
import io.leprechaun.daemon.posix.SparseFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that a step prints into, with a hole in its middle where it was too much. Guarded by the watch's lock. */
final class OutputFile {
    static final int NOT_WATCHED = -1;
    /** What file systems allot at once. */
    private static final long BLOCK = 4096;

    final Path path;
    final OutputWatch.Outputs outputs;
    /** By which the kernel tells of it. */
    int watch = NOT_WATCHED;
    /** How many looks have found it as it was. */
    int still;

    private long size;
    /** Where the hole begins and ends. */
    private long from;

    private long to;

    OutputFile(Path path, OutputWatch.Outputs outputs) {
        this.path = path;
        this.outputs = outputs;
        look();
    }

    /** Whether it has changed since the last time. */
    boolean look() {
        long before = size;
        try {
            size = Files.size(path);
        } catch (IOException e) {
            size = 0; // not there yet, or not any more
        }
        return size != before;
    }

    /** How much of it is there. */
    long kept() {
        return size - (to - from);
    }

    OutputSize printed() {
        return new OutputSize(size, to - from);
    }

    /** Brings it down to a length: half of it from its head, half from its tail. */
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

    /** Learns of the hole in a file of an earlier attempt. */
    OutputFile withItsHole() {
        try (SparseFile file = SparseFile.look(path)) {
            long hole = file.nextHole(0);
            if (hole < size) {
                from = hole;
                to = Math.min(size, file.nextData(hole));
            }
        } catch (PosixException e) {
            // it counts as whole
        }
        return this;
    }
}
