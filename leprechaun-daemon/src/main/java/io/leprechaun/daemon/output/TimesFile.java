package io.leprechaun.daemon.output;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The writer of {@link OutputTimes}. A step that ends within its first second makes no file. The file is never flushed:
 * after a power cut the last times may be missing. Guarded by the lock of its {@link Outputs}.
 */
final class TimesFile {
    /** The largest number of pairs. Beyond it those near to others are removed, and further ones come less often. */
    static final int MOST = 4096;

    private static final long FIRST_PAUSE_MILLIS = 1_000;

    private final Path file;
    private final InstantSource clock;
    /** The pairs that are not in the file yet. */
    private final List<OutputTimes.Pair> waiting = new ArrayList<>();

    private int written;
    private long pauseMillis = FIRST_PAUSE_MILLIS;
    private Instant last = Instant.MIN;

    TimesFile(Path output, InstantSource clock) {
        this.file = OutputTimes.file(output);
        this.clock = clock;
    }

    /** Notes that the step has begun. */
    void begun() {
        add(clock.instant(), 0);
    }

    /** Notes that output was printed, from an offset on. */
    void printed(long offset) {
        Instant now = clock.instant();
        if (Math.abs(now.toEpochMilli() - last.toEpochMilli()) < pauseMillis) { // the clock may be set back
            return;
        }
        add(now, offset);
        try {
            write();
        } catch (IOException e) {
            // written with the next one; a full disk is reported where the output is written
        }
    }

    private void add(Instant now, long offset) {
        last = now;
        waiting.add(new OutputTimes.Pair(now, offset));
    }

    private void write() throws IOException {
        if (written + waiting.size() > MOST) {
            thin();
        } else {
            store(file);
        }
    }

    private void thin() throws IOException {
        OutputTimes all = OutputTimes.read(file).first(written).and(waiting);
        long pause = pauseMillis;
        OutputTimes kept = all;
        while (kept.pairs().size() > MOST / 2) {
            pause *= 2;
            kept = all.thinned(Duration.ofMillis(pause));
        }
        waiting.clear();
        waiting.addAll(kept.pairs());
        written = 0;
        pauseMillis = pause;
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        store(fresh);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Writes what waits, so that later output without a time has the time of the step's beginning at least. */
    void settle() {
        try {
            if (!waiting.isEmpty()) {
                write();
            }
        } catch (IOException e) {
            // as above
        }
    }

    /**
     * Writes the waiting pairs behind those that were written; a part of a pair that a full disk left is overwritten.
     */
    private void store(Path target) throws IOException {
        if (written == 0) {
            Files.deleteIfExists(target); // of a run that has no record
        }
        var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        var how = Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        try (var channel = Files.newByteChannel(target, how, owner)) {
            channel.position((long) written * OutputTimes.PAIR);
            var bytes = ByteBuffer.wrap(new OutputTimes(waiting).bytes());
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }
        written += waiting.size();
        waiting.clear();
    }
}
