package io.leprechaun.daemon.posix;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The start of this machine, or of this container. */
public final class Boot {
    private static final int CLOCK_BOOTTIME = 7;
    private static final Path MACHINE = Path.of("/proc/sys/kernel/random/boot_id");
    private static final Path FIRST_PROCESS = Path.of("/proc/1/stat");
    /**
     * The index of the start time, field 22 of proc(5), counted from the word behind the program's name, which may hold
     * blanks.
     */
    private static final int START_TIME = 19;

    /** A size larger than that of a struct timex. */
    private static final int TIMEX_BYTES = 256;
    /** The result of adjtimex(2) where the clock is not synchronised. */
    private static final int TIME_ERROR = 5;

    private static final CFunction ADJTIMEX = CFunction.named("adjtimex");
    private static final CFunction CLOCK_GETTIME = CFunction.named("clock_gettime");

    private Boot() {}

    /** Returns the nanoseconds since the machine was started, those included in which it was suspended. */
    public static long elapsedNanos() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment time = arena.allocate(2 * Long.BYTES, Long.BYTES);
            CLOCK_GETTIME.call(CLOCK_BOOTTIME, time.address());
            return time.get(JAVA_LONG, 0) * 1_000_000_000 + time.get(JAVA_LONG, Long.BYTES);
        }
    }

    /** Returns whether the host's clock is synchronised, as far as the kernel knows (adjtimex(2)). */
    public static boolean isClockSynchronised() {
        try (Arena arena = Arena.ofConfined()) {
            int state = ADJTIMEX.call(arena.allocate(TIMEX_BYTES, Long.BYTES).address());
            return state >= 0 && state != TIME_ERROR;
        }
    }

    /**
     * Returns the identity of this boot of the machine, and in a container of this start of it: there the first process
     * is the container's own. Where that process is hidden, a container has the identity of its machine.
     */
    public static String id() throws IOException {
        return Files.readString(MACHINE).strip() + "/" + firstProcess();
    }

    private static String firstProcess() {
        try {
            String stat = Files.readString(FIRST_PROCESS, StandardCharsets.ISO_8859_1);
            return stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[START_TIME];
        } catch (IOException e) {
            return "";
        }
    }
}
