package io.leprechaun.daemon.history;

import io.leprechaun.daemon.hook.HookPolicy;
import io.leprechaun.daemon.lifecycle.SupervisedThread;
import io.leprechaun.daemon.output.OutputFolder;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.settings.RetentionLimits;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cleaner of the history, on a thread of its own that pauses between changes: it removes rows and files of the
 * oldest runs beyond the limits, and then gives their space back.
 */
public final class Retention implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);
    /** The number of records that one change removes: other changes wait as long. */
    private static final int AT_ONCE = 50;
    /** The delay of a sweep after the end of a run, so that one sweep serves many. */
    private static final Duration DELAY = Duration.ofSeconds(2);
    /** The period of the search for records that are too old. */
    private static final Duration PERIOD = Duration.ofHours(1);

    private final Archive archive;
    private final OutputFolder outputs;
    private final InstantSource clock;
    private final Function<RecipeName, RetentionLimits> keep;
    private final RetentionLimits total;
    private final BooleanSupplier doubted;
    private final Semaphore ended = new Semaphore(0);
    /** True if the file can shrink once no reader uses an older state of it; used by the thread only. */
    private boolean held;
    /** The space on the disk at the first look, in bytes; used by the thread only. */
    private OptionalLong room = OptionalLong.empty();

    /** True if the next sweep is of all recipes; used by the thread only. */
    private boolean all = true;

    /** The time of the last sweep of all recipes, by nanoTime; used by the thread only. */
    private long allAt = System.nanoTime();

    private final SupervisedThread thread = SupervisedThread.of("retention", "removes old runs", this::sweepAndWait);

    private Retention(
            Archive archive,
            OutputFolder outputs,
            InstantSource clock,
            Function<RecipeName, RetentionLimits> keep,
            RetentionLimits total,
            BooleanSupplier doubted) {
        this.archive = archive;
        this.outputs = outputs;
        this.clock = clock;
        this.keep = keep;
        this.total = total;
        this.doubted = doubted;
    }

    /**
     * Opens the retention of a history.
     *
     * @param keep the limits of each recipe
     * @param total the limits of all recipes together
     * @param doubted whether the clock may be wrong: then nothing is too old
     */
    public static Retention open(
            Archive archive,
            OutputFolder outputs,
            InstantSource clock,
            Function<RecipeName, RetentionLimits> keep,
            RetentionLimits total,
            BooleanSupplier doubted) {
        var retention = new Retention(archive, outputs, clock, keep, total, doubted);
        retention.thread.start();
        return retention;
    }

    /** Notifies the retention that a run is over: there may be too many now. */
    public void runEnded() {
        ended.release();
    }

    private boolean sweepAndWait() throws InterruptedException {
        try {
            thread.busy();
            sweep();
        } catch (StoreException | CompletionException e) { // the store has logged its fault
            LOG.warn("cannot remove old runs: {}", e.getMessage());
        }
        thread.idle();
        if (all) {
            allAt = System.nanoTime();
        }
        boolean unused = ended.tryAcquire((held ? DELAY : PERIOD).toMillis(), TimeUnit.MILLISECONDS);
        Thread.sleep(DELAY);
        ended.drainPermits();
        all = System.nanoTime() - allAt >= PERIOD.toNanos(); // however many runs end meanwhile
        return true;
    }

    /** Sweeps all recipes, or those that have too many runs or too large ones. */
    private void sweep() throws InterruptedException {
        boolean some = false;
        List<Archive.KeptRuns> recipes = archive.kept();
        for (var kept : recipes) {
            RetentionLimits wanted = aged(keep.apply(kept.recipe()));
            if (all || isTooMuch(wanted, kept.runs(), kept.bytes())) {
                some |= removeAll(() -> archive.remove(kept.recipe(), wanted, clock.instant(), AT_ONCE));
            }
        }
        long runs = recipes.stream().mapToLong(Archive.KeptRuns::runs).sum();
        long bytes = recipes.stream().mapToLong(Archive.KeptRuns::bytes).sum();
        RetentionLimits ofAll = aged(total.onDisk(room(bytes)));
        if (all || isTooMuch(ofAll, runs, bytes)) {
            some |= removeAll(() -> archive.removeOldest(ofAll, clock.instant(), AT_ONCE));
        }
        if (all && !doubted.getAsBoolean()) {
            var old = clock.instant().minus(HookPolicy.LONGEST_MEMORY);
            some |= removeAll(() -> archive.removeDeliveries(old, AT_ONCE));
            removeBodies();
        }
        clean();
        if (some || all || held) {
            held = shrink() == Archive.Shrunk.HELD;
        }
    }

    private RetentionLimits aged(RetentionLimits wanted) {
        return doubted.getAsBoolean() ? wanted.ofAnyAge() : wanted;
    }

    private static boolean isTooMuch(RetentionLimits keep, long runs, long bytes) {
        return keep.runs().filter(most -> runs > most).isPresent()
                || keep.bytes().filter(most -> bytes > most).isPresent();
    }

    private interface Removal {
        CompletableFuture<Integer> some();
    }

    private boolean removeAll(Removal removal) throws InterruptedException {
        int removed = removal.some().join();
        boolean some = removed > 0;
        while (removed == AT_ONCE) {
            pass();
            removed = removal.some().join();
        }
        return some;
    }

    /**
     * Returns the space on the disk for the history at the first look: the free space and the space that it occupied,
     * at least twice the latter.
     */
    private long room(long occupied) {
        if (room.isEmpty()) {
            Path root = outputs.root().toAbsolutePath();
            File there = (Files.exists(root) ? root : root.resolve("..").normalize()).toFile();
            if (there.getTotalSpace() == 0) {
                LOG.warn("cannot read the free space on the disk of {}", outputs.root());
                return Long.MAX_VALUE;
            }
            long half = (there.getUsableSpace() + occupied) / 2;
            room = OptionalLong.of(2 * Math.max(half, occupied)); // existing history is kept
        }
        return room.getAsLong();
    }

    /**
     * Removes bodies of hooks that were not accepted because the daemon was killed. Also bodies of runs that never
     * began and are not in the history any more.
     */
    private void removeBodies() {
        var folder = outputs.bodies();
        try {
            List<String> old = folder.writtenBefore(clock.instant().minus(PERIOD));
            if (!old.isEmpty()) {
                var kept = archive.bodies();
                for (String name : old) {
                    if (!kept.contains(name)) {
                        folder.remove(name);
                    }
                }
            }
        } catch (IOException e) {
            LOG.warn("cannot remove unused bodies of hooks from {}", folder.root(), e);
        }
    }

    /** Removes files after their rows: if interrupted between the two, it continues with the leftovers. */
    private void clean() throws InterruptedException {
        for (List<Long> runs = archive.leftovers(AT_ONCE); !runs.isEmpty(); runs = archive.leftovers(AT_ONCE)) {
            for (long run : runs) {
                try {
                    outputs.remove(run);
                } catch (IOException e) {
                    LOG.warn("run={} is no longer in the history, but its output could not be removed", run, e);
                }
            }
            archive.cleaned(runs).join();
            pass();
        }
    }

    private Archive.Shrunk shrink() throws InterruptedException {
        while (true) {
            Archive.Shrunk shrunk = archive.shrink().join();
            if (shrunk != Archive.Shrunk.SOME) {
                return shrunk;
            }
            pass();
        }
    }

    /** Yields to other writers. */
    private void pass() throws InterruptedException {
        Thread.sleep(Duration.ofMillis(5));
        thread.busy(); // with the next task
    }

    /** Stops the thread; the next start continues its work. */
    @Override
    public void close() {
        thread.end(Duration.ofSeconds(10));
    }
}
