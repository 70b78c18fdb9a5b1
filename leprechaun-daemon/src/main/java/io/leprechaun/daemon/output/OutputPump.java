package io.leprechaun.daemon.output;

import io.leprechaun.daemon.lifecycle.SupervisedThread;
import io.leprechaun.daemon.lifecycle.Threads;
import io.leprechaun.daemon.posix.Epoll;
import io.leprechaun.daemon.posix.PosixException;
import io.leprechaun.daemon.process.Child;
import io.leprechaun.daemon.process.Processes;
import io.leprechaun.daemon.process.SpawnException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * The pump of the output of steps: out of their pipes and into their files, without secrets and under the cap. One
 * thread looks at the pipes of steps that print every few milliseconds. Those of silent steps cost nothing, because the
 * kernel reports their next output. Thread-safe.
 */
public final class OutputPump implements AutoCloseable {
    /** The pause between two looks, in milliseconds. */
    private static final int PAUSE = 20;

    /** The pause while a step prints, in milliseconds. */
    private static final int SHORT_PAUSE = 5;

    private static final int FOR_EVER = -1;

    /** The age from which on the output of a step outlives the daemon: each such step costs a small process. */
    private static final Duration LONG = Duration.ofSeconds(1);

    private static final long CLOSE_MILLIS = 5_000;

    private final Epoll epoll;
    private final Successors successors;
    private final InstantSource clock;
    private final SupervisedThread thread = SupervisedThread.of("output-pump", "keeps the output of steps", this::pump);
    private final AtomicLong keys = new AtomicLong();

    private final ReentrantLock lock = new ReentrantLock();
    /** The outputs that are looked at. Guarded by lock. */
    private final Set<StepOutput> active = new LinkedHashSet<>();
    /** The outputs without a successor, in the order of their beginning. Guarded by lock. */
    private final Set<StepOutput> exposed = new LinkedHashSet<>();
    /** The outputs that the kernel reports, by their keys. Guarded by lock. */
    private final Map<Long, StepOutput> silent = new HashMap<>();
    /** True while nothing is looked at, so that a new output must wake the thread. Guarded by lock. */
    private boolean asleep;

    private volatile boolean closing;

    private OutputPump(Epoll epoll, Successors successors, InstantSource clock) {
        this.epoll = epoll;
        this.successors = successors;
        this.clock = clock;
    }

    /**
     * Opens a pump, and starts its thread.
     *
     * @param clock the clock for the times at which steps print
     * @throws IllegalStateException when there are too many open files; the message names the limit to raise
     */
    public static OutputPump open(Processes processes, InstantSource clock) {
        try {
            var pump = new OutputPump(new Epoll(), Successors.open(processes), clock);
            pump.thread.start();
            return pump;
        } catch (PosixException e) {
            throw new IllegalStateException(
                    "cannot keep the output of runs (%s): raise the limit of open files (LimitNOFILE=, ulimit -n)"
                            .formatted(e.getMessage()),
                    e);
        }
    }

    /**
     * Returns the outputs of one attempt of a run. They must be closed.
     *
     * @param cap the largest size that is kept of all of them, in bytes
     * @param earlier the files of earlier attempts, which count too
     * @param mask the mask that hides secrets before anything is written
     */
    public Outputs outputs(long cap, Collection<Path> earlier, Mask mask, Outputs.Listener listener) {
        return new Outputs(this, cap, earlier, mask, listener);
    }

    /** Returns a number that no other output has. */
    long nextKey() {
        return keys.incrementAndGet();
    }

    InstantSource clock() {
        return clock;
    }

    /** Returns whether no successor may be started any more. */
    boolean isClosing() {
        return closing;
    }

    /** @throws SpawnException when it cannot be started */
    Child startSuccessor(StepOutput step, long most) throws SpawnException {
        return successors.start(step.pipe(), step.file().path(), most);
    }

    /** Looks at outputs from now on. */
    void activate(Collection<StepOutput> begun) {
        boolean wake;
        lock.lock();
        try {
            active.addAll(begun);
            exposed.addAll(begun);
            wake = asleep;
            asleep = false;
        } finally {
            lock.unlock();
        }
        if (wake) {
            epoll.wake();
        }
    }

    /**
     * Asks the kernel to report the next output of a step. Returns whether it does; false: the step must be looked at
     * further.
     */
    boolean isReported(StepOutput step) {
        lock.lock();
        try {
            step.arm(epoll);
            silent.put(step.key, step);
            return true;
        } catch (PosixException e) { // the kernel waits for no more pipes
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Looks at an output no longer, until the kernel reports it. */
    void rest(StepOutput step) {
        lock.lock();
        try {
            active.remove(step);
        } finally {
            lock.unlock();
        }
    }

    /** Looks at an output no longer. */
    void forget(StepOutput step) {
        lock.lock();
        try {
            active.remove(step);
            exposed.remove(step);
            silent.remove(step.key);
        } finally {
            lock.unlock();
        }
    }

    private boolean pump() {
        thread.busy();
        var calls = new ArrayList<Runnable>();
        var states = EnumSet.noneOf(StepOutput.State.class);
        for (StepOutput step : active()) {
            states.add(step.outputs.look(step, calls));
        }
        calls.forEach(Runnable::run);
        aged().forEach(this::outliveInBackground);
        int pause = pause(states);
        thread.idle();
        List<Long> reported = epoll.await(pause);
        lock.lock();
        try {
            reported.stream().map(silent::remove).filter(Objects::nonNull).forEach(active::add);
        } finally {
            lock.unlock();
        }
        return !closing;
    }

    private List<StepOutput> left() {
        lock.lock();
        try {
            return Stream.concat(active.stream(), silent.values().stream()).toList();
        } finally {
            lock.unlock();
        }
    }

    private List<StepOutput> active() {
        lock.lock();
        try {
            return List.copyOf(active);
        } finally {
            lock.unlock();
        }
    }

    /** Takes the outputs of steps that have become long. */
    private List<StepOutput> aged() {
        lock.lock();
        try {
            List<StepOutput> aged = exposed.stream()
                    .takeWhile(step -> step.exposed().compareTo(LONG) >= 0)
                    .toList();
            aged.forEach(exposed::remove);
            return aged;
        } finally {
            lock.unlock();
        }
    }

    /** Starts the successor in a new thread, because that blocks. */
    private void outliveInBackground(StepOutput step) {
        step.exposedFromNow();
        try {
            Threads.virtual("output-successor", () -> step.outputs.outlive(step))
                    .start();
        } catch (OutOfMemoryError e) { // the system has no room for a thread
            tryAgain(step);
        }
    }

    /** Lets a step get a successor later. */
    void tryAgain(StepOutput step) {
        lock.lock();
        try {
            exposed.add(step);
        } finally {
            lock.unlock();
        }
        epoll.wake();
    }

    private int pause(Set<StepOutput.State> states) {
        lock.lock();
        try {
            asleep = active.isEmpty();
            if (asleep) {
                return exposed.isEmpty()
                        ? FOR_EVER
                        : Math.toIntExact(Math.max(
                                1,
                                LONG.minus(exposed.iterator().next().exposed()).toMillis() + 1));
            }
        } finally {
            lock.unlock();
        }
        if (states.contains(StepOutput.State.FLOODS)) {
            return 0;
        }
        return states.contains(StepOutput.State.PRINTS) ? SHORT_PAUSE : PAUSE;
    }

    /** Ends the thread, within five seconds. */
    @Override
    public void close() {
        if (closing) {
            return;
        }
        closing = true;
        thread.closing();
        epoll.wake();
        try {
            if (thread.join(Duration.ofMillis(CLOSE_MILLIS))) {
                epoll.close();
                left().forEach(step -> step.outputs.abandon(step));
            }
            successors.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
