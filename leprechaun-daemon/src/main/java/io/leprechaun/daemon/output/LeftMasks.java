package io.leprechaun.daemon.output;

import io.leprechaun.daemon.lifecycle.Alarms;
import io.leprechaun.daemon.lifecycle.Threads;
import io.leprechaun.daemon.process.MarkFilter;
import io.leprechaun.daemon.process.Processes;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The masks of attempts that are over, as long as a process that they left behind lives. Such a process knows their
 * secrets. Another daemon does not know these secrets any more. Thread-safe.
 */
public final class LeftMasks {
    /** The time between two checks of such processes. */
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

    private record Leftover(long run, MarkFilter scope, Mask mask) {}

    /** Keeps the mask of an attempt whose steps are over, if a process of its run is left behind. */
    public void keep(long run, MarkFilter scope, Mask mask) {
        var over = new Leftover(run, scope, mask);
        if (!mask.isEmpty() && isLeft(over)) {
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
            Threads.virtual("left-masks", () -> left.removeIf(one -> !isLeft(one)))
                    .start();
        }
    }
}
