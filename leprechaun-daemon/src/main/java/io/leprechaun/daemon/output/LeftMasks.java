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
 * Hides what attempts that are over have printed, and goes on with it, in memory and in the files, while a process lives that they left behind: it was given their secrets. Another daemon
 * does not know them any more. Thread-safe.
 */
public final class LeftMasks implements AutoCloseable {
    /** Between two looks at what such processes have printed. */
    private static final Duration PERIOD = Duration.ofSeconds(5);

    private final Processes processes;
    private final Set<Leftover> left = ConcurrentHashMap.newKeySet();

    private LeftMasks(Processes processes) {
        this.processes = processes;
    }

    /** Nothing was left behind yet. */
    public static LeftMasks open(Processes processes, Alarms alarms) {
        var masks = new LeftMasks(processes);
        alarms.every(PERIOD, masks::lookInBackground);
        return masks;
    }

    /** The files of an attempt; how far each is clean, in bytes. For one thread at a time. */
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
                return 0; // it never ran, or is removed
            }
        }
    }

    /** Hides the secrets in the files of an attempt whose steps are over, now and as long as something of its run is left behind. */
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

    /** Hides the secrets that processes know which a run left behind. */
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

    /** Hides what was printed since the last look, and forgets those of which nothing is left. */
    private synchronized void look() {
        for (Leftover one : left) {
            boolean lasts = isLeft(one);
            one.hide();
            if (!lasts) {
                left.remove(one);
            }
        }
    }

    /** Hides what was printed until now. What is printed from now on is not hidden in the files. */
    @Override
    public void close() {
        look();
    }
}
