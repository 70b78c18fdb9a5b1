package io.leprechaun.daemon.output;

import io.leprechaun.daemon.lifecycle.SupervisedThread;
import io.leprechaun.daemon.lifecycle.Threads;
import io.leprechaun.daemon.posix.ChildOutput;
import io.leprechaun.daemon.posix.Epoll;
import io.leprechaun.daemon.posix.PosixException;
import io.leprechaun.daemon.process.Processes;
import io.leprechaun.daemon.process.SpawnException;
import io.leprechaun.daemon.units.Sizes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pump of the output of steps: out of their pipes and into their files, without secrets and under the cap. One
 * thread looks at the pipes of steps that print every few milliseconds. Those of silent steps cost nothing, because the
 * kernel reports their next output. Thread-safe.
 */
public final class OutputPump implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OutputPump.class);

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

    private OutputPump(Epoll epoll, Successors successors) {
        this.epoll = epoll;
        this.successors = successors;
    }

    /**
     * Opens a pump, and starts its thread.
     *
     * @throws IllegalStateException when there are too many open files; the message names the limit to raise
     */
    public static OutputPump open(Processes processes) {
        try {
            var pump = new OutputPump(new Epoll(), Successors.open(processes));
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
    public Outputs outputs(long cap, Collection<Path> earlier, Mask mask, Listener listener) {
        return new Outputs(cap, earlier, mask, listener);
    }

    /** The listener for the outputs of an attempt, called by any thread. */
    public interface Listener {
        /** The listener that does nothing. */
        Listener NONE = new Listener() {
            @Override
            public void printed() {}

            @Override
            public void cannot(String why) {}
        };

        /** Called when more output is in the files. */
        void printed();

        /** Called when the cap cannot be held, with the reason. */
        void cannot(String why);
    }

    /** The outputs of one attempt. */
    public final class Outputs implements AutoCloseable {
        private final long cap;
        private final Mask mask;
        private final Listener listener;
        private final ReentrantLock guard = new ReentrantLock();
        /** Guarded by guard. */
        private final List<OutputFile> files = new ArrayList<>();
        /** Guarded by guard. */
        private final Map<Path, StepOutput> steps = new LinkedHashMap<>();
        /** Those whose own process has ended. Guarded by guard. */
        private final Set<StepOutput> ended = new HashSet<>();

        private Outputs(long cap, Collection<Path> earlier, Mask mask, Listener listener) {
            this.cap = cap;
            this.mask = mask;
            this.listener = listener;
            earlier.stream().map(OutputFile::earlier).forEach(files::add);
        }

        /**
         * Returns the output of a step, for its start. {@link #begun} must follow.
         *
         * @param path the file that keeps it, made when something is printed
         */
        public ChildOutput of(Path path) {
            guard.lock();
            try {
                var file = new OutputFile(path);
                files.add(file);
                var step = new StepOutput(this, keys.incrementAndGet(), file, mask);
                steps.put(path, step);
                return step.pipe();
            } finally {
                guard.unlock();
            }
        }

        /** Looks at the outputs of processes from now on: they were started, or could not be. */
        public void begun(Collection<Path> paths) {
            guard.lock();
            try {
                List<StepOutput> begun =
                        paths.stream().map(steps::get).filter(Objects::nonNull).toList();
                begun.forEach(StepOutput::begun);
                activate(begun.stream().filter(StepOutput::isOpen).toList());
            } finally {
                guard.unlock();
            }
        }

        /**
         * Keeps the rest of the output of a step whose process has ended. What processes that it left behind print
         * later is kept, too.
         */
        public OutputSize end(Path path) {
            Optional<String> trouble;
            OutputSize printed;
            guard.lock();
            try {
                StepOutput step = Objects.requireNonNull(steps.get(path), "opened before");
                step.takeRest();
                trouble = trim();
                printed = step.file().printed();
                if (step.isOpen()) {
                    outlive(step);
                } else {
                    step.close();
                    forget(step);
                }
                ended.add(step);
            } finally {
                guard.unlock();
            }
            trouble.ifPresent(listener::cannot);
            return printed;
        }

        /** Adds a line of the daemon to the output of a step whose process could not be started. */
        public void say(Path path, String line) {
            guard.lock();
            try {
                StepOutput step = steps.get(path);
                if (step != null) {
                    step.takeRest();
                    step.say(line);
                    step.close();
                    forget(step);
                }
            } finally {
                guard.unlock();
            }
        }

        /** Returns a sentence on output of a step that could not be kept. */
        public Optional<String> loss(Path path) {
            guard.lock();
            try {
                return Optional.ofNullable(steps.get(path)).flatMap(StepOutput::loss);
            } finally {
                guard.unlock();
            }
        }

        /** Lets the output of a step outlive the daemon, however that ends. */
        private void outlive(StepOutput step) {
            guard.lock();
            try {
                if (step.isOpen() && !step.hasSuccessor() && !closing) {
                    long most = step.file().printed().bytes() + Math.max(0, cap - kept());
                    step.succeededBy(successors.start(step.pipe(), step.file().path(), most));
                }
            } catch (SpawnException e) {
                if (step.warns()) {
                    LOG.warn(
                            "further output for {} is lost if the daemon ends now: {}; trying again each second",
                            step.file().path(),
                            e.getMessage());
                }
                step.exposedFromNow();
                tryAgain(step);
            } finally {
                guard.unlock();
            }
        }

        private void abandon(StepOutput step) {
            guard.lock();
            try {
                step.abandon();
            } finally {
                guard.unlock();
            }
        }

        /** Looks at one output. */
        private StepOutput.State look(StepOutput step, List<Runnable> calls) {
            if (!guard.tryLock()) { // a successor is being started, or the step has just ended
                return StepOutput.State.PRINTS;
            }
            try {
                StepOutput.State state = step.look();
                if (state == StepOutput.State.ENDED || state == StepOutput.State.SILENT && isReported(step)) {
                    rest(step);
                }
                if (state == StepOutput.State.PRINTS
                        || state == StepOutput.State.FLOODS
                        || state == StepOutput.State.ENDED) {
                    trim().ifPresent(trouble -> calls.add(() -> listener.cannot(trouble)));
                    calls.add(listener::printed);
                }
                if (state == StepOutput.State.ENDED) {
                    step.close();
                }
                return state;
            } finally {
                guard.unlock();
            }
        }

        private long kept() {
            return files.stream().mapToLong(OutputFile::kept).sum();
        }

        /** Drops the middles of the longest files until all fit. Returns the reason if they cannot be made to fit. */
        private Optional<String> trim() {
            if (kept() <= cap) {
                return Optional.empty();
            }
            try {
                long share = share();
                for (OutputFile file : files) {
                    file.keep(share);
                }
                return Optional.empty();
            } catch (PosixException e) {
                return Optional.of("printed more than the limit of %s, and its middle cannot be dropped (%s)"
                        .formatted(Sizes.format(cap), e.getMessage()));
            }
        }

        /** Returns the length to which every longer file is reduced, so that the sum of all is the cap. */
        private long share() {
            long room = cap;
            var lengths = files.stream().mapToLong(OutputFile::kept).sorted().toArray();
            for (int i = 0; i < lengths.length; i++) {
                long share = room / (lengths.length - i);
                if (lengths[i] > share) {
                    return share;
                }
                room -= lengths[i];
            }
            return room;
        }

        /** Closes the outputs of steps whose end was not asked for. Processes left behind by others may print on. */
        @Override
        public void close() {
            guard.lock();
            try {
                for (StepOutput step : steps.values()) {
                    if (!ended.contains(step)) {
                        step.takeRest();
                        var unused = trim(); // the run has ended for another reason
                        step.close();
                        forget(step);
                    }
                }
            } finally {
                guard.unlock();
            }
        }
    }

    private void activate(Collection<StepOutput> begun) {
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
    private boolean isReported(StepOutput step) {
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

    private void rest(StepOutput step) {
        lock.lock();
        try {
            active.remove(step);
        } finally {
            lock.unlock();
        }
    }

    private void forget(StepOutput step) {
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

    private void tryAgain(StepOutput step) {
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
