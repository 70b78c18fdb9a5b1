package io.leprechaun.daemon.posix;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** When this machine was started, or this container. */
public final class Boot {
    private static final int CLOCK_BOOTTIME = 7;
    private static final Path MACHINE = Path.of("/proc/sys/kernel/random/boot_id");
    private static final Path FIRST_PROCESS = Path.of("/proc/1/stat");
    /** Counted from the word behind the program's name, which may hold blanks: field 22 of proc(5). */
    private static final int START_TIME = 19;

    /** More than a struct timex has. */
    private static final int TIMEX_BYTES = 256;
    /** What adjtimex(2) returns where nothing keeps the clock right. */
    private static final int TIME_ERROR = 5;

    private static final CFunction ADJTIMEX = CFunction.named("adjtimex");
    private static final CFunction CLOCK_GETTIME = CFunction.named("clock_gettime");

    private Boot() {}

    /** Nanoseconds since the machine was started, those included in which it was suspended. */
    public static long elapsedNanos() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment time = arena.allocate(2 * Long.BYTES, Long.BYTES);
            CLOCK_GETTIME.call(CLOCK_BOOTTIME, time.address());
            return time.get(JAVA_LONG, 0) * 1_000_000_000 + time.get(JAVA_LONG, Long.BYTES);
        }
    }

    /** Whether something keeps the host's clock right, as far as the kernel knows (adjtimex(2)). */
    public static boolean isClockSynchronised() {
        try (Arena arena = Arena.ofConfined()) {
            int state = ADJTIMEX.call(arena.allocate(TIMEX_BYTES, Long.BYTES).address());
            return state >= 0 && state != TIME_ERROR;
        }
    }

    /**
     * What tells this boot of the machine from all others, and in a container this start of it: there the first process is the container's own. Where that one is hidden, a container is
     * taken for its machine.
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
