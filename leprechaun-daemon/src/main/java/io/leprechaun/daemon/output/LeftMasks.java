package io.leprechaun.daemon.output;

import io.leprechaun.daemon.lifecycle.Alarms;
import io.leprechaun.daemon.lifecycle.Threads;
import io.leprechaun.daemon.process.MarkFilter;
import io.leprechaun.daemon.process.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The masks of attempts that are over. They hide secrets in their output, in memory and in the files, while a process
 * that they left behind lives. Such a process knows their secrets. Another daemon does not know these secrets any more.
 * Thread-safe.
 */
public final class LeftMasks implements AutoCloseable {
    /** The time between two checks of the output of such processes. */
    private static final Duration PERIOD = Duration.ofSeconds(5);

    private final Processes processes;
    private final Set<Leftover> left = ConcurrentHashMap.newKeySet();

    private LeftMasks(Processes processes) {
        this.processes = processes;
    }

    /** Opens the masks, empty, with a periodic check. */
    public static LeftMasks open(Processes processes, Alarms alarms) {
        var masks = new LeftMasks(processes);
        alarms.every(PERIOD, masks::lookInBackground);
        return masks;
    }

    /** The files of an attempt, each with the length of its clean beginning, in bytes. For one thread at a time. */
    private record Leftover(long run, MarkFilter scope, Mask mask, Map<Path, Long> clean) {
        void hide() {
            clean.replaceAll((file, end) -> {
                long size = size(file);
                if (size > end) {
                    OutputText.hide(file, mask, Math.max(0, end - mask.reach()));
                }
                return size;
            });
        }

        private static long size(Path file) {
            try {
                return Files.size(file);
            } catch (IOException e) {
                return 0; // the step never ran, or the file is removed
            }
        }
    }

    /**
     * Hides the secrets in the files of an attempt whose steps are over: now, and as long as a process of its run is
     * left behind.
     */
    public void hide(long run, MarkFilter scope, Mask mask, Collection<Path> files) {
        if (mask.isEmpty()) {
            return;
        }
        var clean = new HashMap<Path, Long>();
        files.forEach(file -> clean.put(file, 0L));
        var over = new Leftover(run, scope, mask, clean);
        boolean lasts = isLeft(over); // before the files are read
        over.hide();
        if (lasts) {
            left.add(over);
        }
    }

    /** Returns the mask that hides the secrets of the processes that a run left behind. */
    public Mask of(long run) {
        return left.stream().filter(one -> one.run() == run).map(Leftover::mask).reduce(Mask.NONE, Mask::and);
    }

    private boolean isLeft(Leftover one) {
        return !processes.leftBehind(one.scope()).isEmpty();
    }

    private void lookInBackground() {
        if (!left.isEmpty()) {
            Threads.virtual("left-masks", this::look).start();
        }
    }

    /** Hides the secrets in output since the last check, and forgets the attempts without a process left. */
    private synchronized void look() {
        for (Leftover one : left) {
            boolean lasts = isLeft(one);
            one.hide();
            if (!lasts) {
                left.remove(one);
            }
        }
    }

    /** Hides the secrets in the output until now. Secrets in later output are not hidden in the files. */
    @Override
    public void close() {
        look();
    }
}
