package io.leprechaun.daemon.posix;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/** The wait for the end of children. For one thread: it owns the room that the kernel writes into. */
public final class Wait implements AutoCloseable {
    private static final int ANY = -1;
    private static final long RUSAGE_SIZE = 144;
    private static final long MAX_RSS = 32;
    private static final long BLOCKS_READ = 88;
    private static final long BLOCKS_WRITTEN = 96;
    /** The bytes of a block in these counts, whatever the block size of the file system. */
    private static final long BLOCK = 512;

    private static final CFunction WAIT4 = CFunction.named("wait4");

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment errno = CFunction.errno(arena);
    private final MemorySegment status = arena.allocate(JAVA_INT);
    private final MemorySegment usage = arena.allocate(RUSAGE_SIZE, 8);
    private long ownPeak;

    /** Creates the wait; to be called by the thread that waits. */
    public Wait() {}

    /**
     * A child that has ended.
     *
     * @param code the exit code, 0 to 255, or 128 + the signal that ended it
     * @param cpu the processor time of it and of the descendants for which it waited
     * @param peakMemory the largest resident set in bytes, counting the one before its exec: ours, of which it was a
     *     part until then
     * @param read the bytes that came from a disk for it
     * @param written the bytes of its output that go to a disk
     */
    public record ExitedChild(int pid, int code, Duration cpu, long peakMemory, long read, long written) {}

    /**
     * Blocks until any child has ended, and forgets it; empty: there is no child.
     *
     * @throws PosixException if the kernel refuses to wait
     */
    public Optional<ExitedChild> any() throws PosixException {
        int pid = wait4();
        while (pid < 0 && CFunction.errnoOf(errno) == Errno.EINTR) {
            pid = wait4();
        }
        if (pid < 0) {
            int error = CFunction.errnoOf(errno);
            if (error == Errno.ECHILD) { // after the end of each child that was the only one
                return Optional.empty();
            }
            throw new PosixException("wait4", error);
        }
        return Optional.of(new ExitedChild(
                pid,
                code(status.get(JAVA_INT, 0)),
                time(0).plus(time(16)),
                usage.get(JAVA_LONG, MAX_RSS) * 1024,
                usage.get(JAVA_LONG, BLOCKS_READ) * BLOCK,
                usage.get(JAVA_LONG, BLOCKS_WRITTEN) * BLOCK));
    }

    /**
     * Returns whether a child's peak is its own: larger than our own resident set at its start by more than an eighth,
     * because newer kernels count in batches.
     */
    public boolean isItsOwn(long peakMemory) {
        if (peakMemory > enough(ownPeak)) {
            ownPeak = ownPeak(); // it only grows, so most children are decided without a look
        }
        return peakMemory > enough(ownPeak);
    }

    private static long enough(long ownPeak) {
        return ownPeak + ownPeak / 8;
    }

    /**
     * Returns our own peak. The value of getrusage would count the resident set before our own exec, that of the
     * process that started us.
     */
    private static long ownPeak() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .map(line -> line.replaceAll("[^0-9]", ""))
                    .mapToLong(kibibytes -> Long.parseLong(kibibytes) * 1024)
                    .findFirst()
                    .orElse(Long.MAX_VALUE / 2);
        } catch (IOException | UncheckedIOException e) {
            return Long.MAX_VALUE / 2; // then it is not known
        }
    }

    @Override
    public void close() {
        arena.close();
    }

    static int code(int status) {
        int signal = status & 0x7f;
        return signal == 0 ? status >> 8 & 0xff : 128 + signal;
    }

    private Duration time(long offset) {
        return Duration.ofSeconds(usage.get(JAVA_LONG, offset), usage.get(JAVA_LONG, offset + 8) * 1000);
    }

    private int wait4() {
        return WAIT4.call(errno, ANY, status.address(), 0, usage.address());
    }
}
