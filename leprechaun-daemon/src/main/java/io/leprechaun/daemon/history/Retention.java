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

/** Keeps the history as small as it is wished, on a thread of its own that takes its time: rows and files of the oldest runs, and then the room they had. */
public final class Retention implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);
    /** How many records one change removes: what else waits to be written waits as long. */
    private static final int AT_ONCE = 50;
    /** How long after the end of a run it looks, so that it looks once for many. */
    private static final Duration DELAY = Duration.ofSeconds(2);
    /** What is too old is looked for this often. */
    private static final Duration PERIOD = Duration.ofHours(1);

    private final Archive archive;
    private final OutputFolder outputs;
    private final InstantSource clock;
    private final Function<RecipeName, RetentionLimits> keep;
    private final RetentionLimits total;
    private final BooleanSupplier doubted;
    private final Semaphore ended = new Semaphore(0);
    /** Whether the file is to get shorter as soon as nobody reads an older state of it; of the thread alone. */
    private boolean held;
    /** What the disk had at the first look, in bytes; of the thread alone. */
    private OptionalLong room = OptionalLong.empty();

    /** Whether the next sweep is of all recipes; of the thread alone. */
    private boolean all = true;

    /** When all recipes were looked at; a time of nanoTime, of the thread alone. */
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
     * Begins to keep a history small.
     *
     * @param keep how much of each recipe is kept
     * @param total how much of all of them
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

    /** Says that a run is over: there may be too many now. */
    public void runEnded() {
        ended.release();
    }

    private boolean sweepAndWait() throws InterruptedException {
        try {
            thread.busy();
            sweep();
        } catch (StoreException | CompletionException e) { // the store has said what is wrong with it
            LOG.warn("the history could not be made smaller: {}", e.getMessage());
        }
        thread.idle();
        if (all) {
            allAt = System.nanoTime();
        }
        boolean unused = ended.tryAcquire((held ? DELAY : PERIOD).toMillis(), TimeUnit.MILLISECONDS);
        Thread.sleep(DELAY);
        ended.drainPermits();
        all = System.nanoTime() - allAt >= PERIOD.toNanos(); // however much ends meanwhile
        return true;
    }

    /** Looks at all recipes, or at those that have too many runs or too large ones. */
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

    /** What the disk had for the history at the first look: what is free, and what the history occupies already. */
    private long room(long occupied) {
        if (room.isEmpty()) {
            Path root = outputs.root().toAbsolutePath();
            File there = (Files.exists(root) ? root : root.resolve("..").normalize()).toFile();
            if (there.getTotalSpace() == 0) {
                LOG.warn("the room on the disk of {} is not known", outputs.root());
                return Long.MAX_VALUE;
            }
            long half = (there.getUsableSpace() + occupied) / 2;
            room = OptionalLong.of(2 * Math.max(half, occupied)); // what is there already stays
        }
        return room.getAsLong();
    }

    /** Bodies of hooks that were not accepted because the daemon was killed, and of runs that never began and are not in the history any more. */
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
            LOG.warn("bodies of hooks that no run refers to cannot be removed from {}", folder.root(), e);
        }
    }

    /** Files go after their rows: cut off between the two, it goes on with what is left over. */
    private void clean() throws InterruptedException {
        for (List<Long> runs = archive.leftovers(AT_ONCE); !runs.isEmpty(); runs = archive.leftovers(AT_ONCE)) {
            for (long run : runs) {
                try {
                    outputs.remove(run);
                } catch (IOException e) {
                    LOG.warn("the output of run {}, which is not in the history any more, cannot be removed", run, e);
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

    /** Lets others have their turn. */
    private void pass() throws InterruptedException {
        Thread.sleep(Duration.ofMillis(5));
        thread.busy(); // with the next task
    }

    /** Lets what it does be; the next start goes on. */
    @Override
    public void close() {
        thread.end(Duration.ofSeconds(10));
    }
}
