package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Ten runs a second, half of them by hooks: the daemon's use of memory, descriptors, threads and disk becomes stable.
 * {@code -Dleprechaun.soak.minutes=60} measures it for an hour. The use in the second quarter took is compared with the
 * last one: the first is for getting warm.
 */
@Tag("proof")
@Timeout(7200)
@Isolated("it measures")
class SoakIT {
    private static final Duration LENGTH = Integer.getInteger("leprechaun.soak.minutes", 0) > 0
            ? Duration.ofMinutes(Integer.getInteger("leprechaun.soak.minutes"))
            : Duration.ofSeconds(20);
    private static final int HOOKS_A_SECOND = 5;
    private static final int SAMPLES_A_SECOND = 4;
    private static final int TICKS = 5;
    private static final int MIB = 1024;

    @RegisterExtension
    private final Installation place = new Installation();

    /** The daemon's use of resources at a moment; memory and disk in KiB. */
    private record Sample(double memory, double descriptors, double threads, double disk) {}

    @Test
    void at_ten_runs_a_second_what_it_takes_comes_to_rest() throws Exception {
        place.settings("history: { keep: { runs: 100 } }")
                .recipe("hook", "definition: hook\nid: knock\noverlap: parallel\nsteps: [ echo hook ]\n");
        for (int i = 1; i <= TICKS; i++) {
            place.recipe("tick-" + i, "definition: cron\npattern: '* * * * * *'\nsteps: [ echo tick ]\n");
        }
        RunningDaemon daemon = place.start();
        List<Sample> samples = new ArrayList<>();
        var refused = new AtomicInteger();
        var newest = new AtomicLong();
        var rest = new CountDownLatch(Math.toIntExact(LENGTH.toSeconds()) * SAMPLES_A_SECOND);
        try (ScheduledExecutorService threads = Executors.newScheduledThreadPool(2)) {
            var knocking = threads.scheduleAtFixedRate(
                    () -> knock(daemon, newest, refused), 0, 1000 / HOOKS_A_SECOND, TimeUnit.MILLISECONDS);
            var looking = threads.scheduleAtFixedRate(
                    () -> {
                        samples.add(sample(daemon));
                        rest.countDown();
                    },
                    1000,
                    1000 / SAMPLES_A_SECOND,
                    TimeUnit.MILLISECONDS);
            rest.await();
            looking.cancel(false);
            knocking.cancel(false);
        }
        double memory = growth("memory (KiB)", samples, Sample::memory);
        double descriptors = growth("descriptors", samples, Sample::descriptors);
        double running = growth("threads", samples, Sample::threads);
        double disk = growth("disk (KiB)", samples, Sample::disk);
        assertThat(refused).hasValue(0);
        assertThat(newest.get()).as("runs").isGreaterThan(LENGTH.toSeconds() * (HOOKS_A_SECOND + TICKS) / 2);
        assertThat(descriptors).isBetween(-5.0, 5.0);
        assertThat(running).isBetween(-5.0, 5.0);
        assertThat(memory).isLessThan(32 * MIB);
        assertThat(disk).isLessThan(4 * MIB);
        eventually(() -> assertThat(daemon.runs("hook")).hasSizeBetween(1, 110));
        assertThat(daemon.log()).doesNotContain("ERROR");
        assertThat(daemon.stop()).isZero();
    }

    private static void knock(RunningDaemon daemon, AtomicLong newest, AtomicInteger refused) {
        try {
            newest.set(RunningDaemon.ticket(daemon.post("/hook?id=knock")));
        } catch (IOException | AssertionError e) {
            refused.incrementAndGet();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Sample sample(RunningDaemon daemon) {
        return new Sample(
                Proc.number(daemon.pid(), "VmRSS"),
                Proc.descriptors(daemon.pid()),
                Proc.number(daemon.pid(), "Threads"),
                occupied(place.state()) / 1024.0);
    }

    /** Returns the size of the files of a folder, some of which may be removed meanwhile. */
    private static long occupied(Path folder) {
        var bytes = new AtomicLong();
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    bytes.addAndGet(attributes.size());
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path gone, IOException e) {
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path gone, IOException e) {
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.get();
    }

    /** Returns the growth of the mean from the second quarter to the last one. */
    private static double growth(String what, List<Sample> samples, ToDoubleFunction<Sample> value) {
        int quarter = samples.size() / 4;
        double before = mean(samples.subList(quarter, 2 * quarter), value);
        double after = mean(samples.subList(3 * quarter, samples.size()), value);
        System.err.printf(
                "SoakIT: %s: %.1f in the second quarter, %.1f in the last: %+.1f an hour%n",
                what, before, after, (after - before) * 3600 / (2.0 * quarter));
        return after - before;
    }

    private static double mean(List<Sample> samples, ToDoubleFunction<Sample> value) {
        return samples.stream().mapToDouble(value).average().orElseThrow();
    }
}
