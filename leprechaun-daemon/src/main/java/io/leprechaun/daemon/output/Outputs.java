package io.leprechaun.daemon.output;

import io.leprechaun.daemon.posix.ChildOutput;
import io.leprechaun.daemon.posix.PosixException;
import io.leprechaun.daemon.process.SpawnException;
import io.leprechaun.daemon.units.Sizes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The outputs of one attempt of a run: the pipes of its steps, and the files that keep them under one limit. A run's
 * threads begin and end them, and the pump's thread looks at them meanwhile. Thread-safe.
 */
public final class Outputs implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Outputs.class);

    private final OutputPump pump;
    private final long cap;
    private final Mask mask;
    private final Listener listener;
    private final ReentrantLock guard = new ReentrantLock();
    /** Guarded by guard. */
    private final List<OutputFile> files = new ArrayList<>();
    /** Guarded by guard. */
    private final Map<Path, StepOutput> steps = new LinkedHashMap<>();

    Outputs(OutputPump pump, long cap, Collection<Path> earlier, Mask mask, Listener listener) {
        this.pump = pump;
        this.cap = cap;
        this.mask = mask;
        this.listener = listener;
        earlier.stream().map(OutputFile::earlier).forEach(files::add);
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
            var step = new StepOutput(this, pump.nextKey(), file, mask, pump.clock());
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
            pump.activate(begun.stream().filter(StepOutput::isOpen).toList());
        } finally {
            guard.unlock();
        }
    }

    /**
     * Keeps the rest of the output of a step whose process has ended. What processes that it left behind print later is
     * kept, too.
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
                pump.forget(step);
            }
            step.ended();
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
                pump.forget(step);
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
    void outlive(StepOutput step) {
        guard.lock();
        try {
            if (step.isOpen() && !step.hasSuccessor() && !pump.isClosing()) {
                long most = step.file().printed().bytes() + Math.max(0, cap - kept());
                step.succeededBy(pump.startSuccessor(step, most));
            }
        } catch (SpawnException e) {
            if (step.warns()) {
                LOG.warn(
                        "further output for {} is lost if the daemon ends now: {}; trying again each second",
                        step.file().path(),
                        e.getMessage());
            }
            step.exposedFromNow();
            pump.tryAgain(step);
        } finally {
            guard.unlock();
        }
    }

    void abandon(StepOutput step) {
        guard.lock();
        try {
            step.abandon();
        } finally {
            guard.unlock();
        }
    }

    /** Looks at one output. */
    StepOutput.State look(StepOutput step, List<Runnable> calls) {
        if (!guard.tryLock()) { // a successor is being started, or the step has just ended
            return StepOutput.State.PRINTS;
        }
        try {
            StepOutput.State state = step.look();
            if (state == StepOutput.State.ENDED || state == StepOutput.State.SILENT && pump.isReported(step)) {
                pump.rest(step);
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
                if (!step.hasEnded()) {
                    step.takeRest();
                    var unused = trim(); // the run has ended for another reason
                    step.close();
                    pump.forget(step);
                }
            }
        } finally {
            guard.unlock();
        }
    }
}
