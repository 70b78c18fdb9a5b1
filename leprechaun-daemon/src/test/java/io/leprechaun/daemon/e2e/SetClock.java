package io.leprechaun.daemon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;

/**
 * The clocks that the programs of an installation see: a library that is loaded into them reports another time than the
 * machine's.
 */
final class SetClock {
    /** The wall clock of clock_gettime(2), gettimeofday(2) and time(2), shifted by this many nanoseconds. */
    private static final String SHIM = """
        #define _GNU_SOURCE
        #include <fcntl.h>
        #include <stdlib.h>
        #include <sys/mman.h>
        #include <sys/syscall.h>
        #include <sys/time.h>
        #include <time.h>
        #include <unistd.h>

        static volatile long long *ahead;

        __attribute__((constructor)) static void begin(void)
        {
            int fd = open(getenv("CLOCK_AHEAD"), O_RDONLY | O_CLOEXEC);
            ahead = mmap(0, sizeof *ahead, PROT_READ, MAP_SHARED, fd, 0);
            close(fd);
        }

        int clock_gettime(clockid_t clock, struct timespec *time)
        {
            int failed = syscall(SYS_clock_gettime, clock, time);
            if (!failed && ahead && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
                long long nanos = time->tv_nsec + *ahead % 1000000000;
                time->tv_sec += *ahead / 1000000000 + (nanos >= 1000000000) - (nanos < 0);
                time->tv_nsec = nanos - (nanos >= 1000000000 ? 1000000000 : nanos < 0 ? -1000000000 : 0);
            }
            return failed;
        }

        int gettimeofday(struct timeval *restrict time, void *restrict zone)
        {
            struct timespec now;
            clock_gettime(CLOCK_REALTIME, &now);
            time->tv_sec = now.tv_sec;
            time->tv_usec = now.tv_nsec / 1000;
            return 0;
        }

        time_t time(time_t *result)
        {
            struct timespec now;
            clock_gettime(CLOCK_REALTIME, &now);
            if (result)
                *result = now.tv_sec;
            return now.tv_sec;
        }
        """;

    private final Path file;
    private final Path state;
    private Duration ahead = Duration.ZERO;

    /** Creates clocks that agree with the machine's. */
    SetClock(Installation place) throws Exception {
        Tools.require("what a clock does that is set is not checked", "bash", "gcc");
        state = place.state();
        file = Files.write(place.folder().resolve("ahead"), new byte[Long.BYTES]);
        Path source = Files.writeString(place.folder().resolve("shim.c"), SHIM);
        Path library = place.folder().resolve("shim.so");
        assertThat(new ProcessBuilder("gcc", "-shared", "-fPIC", "-O1", "-o", library.toString(), source.toString())
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();
        place.environment().put("CLOCK_AHEAD", file.toString());
        place.environment().put("LD_PRELOAD", library.toString());
    }

    /** Returns the time of the wall clock. */
    Instant now() {
        return Instant.now().plus(ahead);
    }

    /** Sets the wall clock. */
    void set(Duration by) throws IOException {
        ahead = ahead.plus(by);
        var bytes = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder());
        bytes.putLong(0, ahead.toNanos());
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(bytes);
        }
    }

    /** Makes the next start one after another boot: the downtime of the machine is not known then. */
    void reboot() throws IOException {
        Path lock = state.resolve("lock");
        Files.writeString(lock, Files.readString(lock).replaceFirst("\n\\S+", "\nanother-boot"));
    }
}
