package io.leprechaun.daemon.output;

import io.leprechaun.daemon.lifecycle.SupervisedThread;
import io.leprechaun.daemon.posix.Errno;
import io.leprechaun.daemon.posix.Inotify;
import io.leprechaun.daemon.posix.PosixException;
import io.leprechaun.daemon.posix.Signals;
import io.leprechaun.daemon.process.Child;
import io.leprechaun.daemon.process.Processes;
import io.leprechaun.daemon.units.Sizes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The watch that keeps the output of runs under their caps while processes write it straight into files. One thread
 * checks growing files every few milliseconds. A file at rest costs nothing, because the kernel reports the next write
 * to it. Where the kernel has no room to do so, files at rest are checked twice a second. Thread-safe.
 */
public final class OutputWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OutputWatch.class);

    /** The pause between two checks, in milliseconds. */
    private static final int PAUSE = 20;

    /** The pause while the output of a run exceeds its cap, in milliseconds. */
    private static final int SHORT_PAUSE = 5;

    /** The pause while all files are at rest and the kernel does not report writes to some, in milliseconds. */
    private static final int LONG_PAUSE = 500;

    /** The time after which the kernel is asked again when it had no room. */
    private static final Duration ASK_AGAIN = Duration.ofSeconds(30);

    /** The number of checks without a change after which a file is at rest. */
    private static final int LOOKS = 10;

    /** The multiple of the cap beyond which the writers are stopped until the hole is made. */
    private static final int FAR = 2;

    /**
     * The largest number of ended runs that are watched because processes left behind may still print: the newest ones.
     */
    private static final int MOST_LEFT = 1000;

    private static final int FOR_EVER = -1;
    private static final long CLOSE_MILLIS = 5_000;

    private final Processes processes;
    private final Inotify inotify;
    private final SupervisedThread thread =
            SupervisedThread.of("output-watch", "keeps output under its cap", this::watch);

    private final ReentrantLock lock = new ReentrantLock();
    /** Guarded by lock. */
    private final Set<OutputFile> growing = new LinkedHashSet<>();
    /** The files at rest, by the kernel's number of their watch. Guarded by lock. */
    private final Map<Integer, OutputFile> resting = new HashMap<>();
    /** The outputs that are watched although their run is over. Guarded by lock. */
    private final LinkedHashSet<Outputs> left = new LinkedHashSet<>();
    /** True while no file grows, so that new files must wake the thread. Guarded by lock. */
    private boolean asleep;

    private volatile boolean closing;
    /** The last time that the kernel was asked, by {@code nanoTime}. Used by the thread alone. */
    private long askedAt = System.nanoTime() - ASK_AGAIN.toNanos();

    /** Used by the thread alone. */
    private boolean unwatched;

    private OutputWatch(Processes processes, Inotify inotify) {
        this.processes = processes;
        this.inotify = inotify;
    }

    /**
     * Opens a watch, and starts its thread.
     *
     * @throws IllegalStateException when there are too many open files; the message names the limit to raise
     */
    public static OutputWatch open(Processes processes) {
        try {
            var watch = new OutputWatch(processes, new Inotify());
            watch.thread.start();
            return watch;
        } catch (PosixException e) {
            throw new IllegalStateException(
                    "cannot watch the output of runs (%s): raise the limit of open files (LimitNOFILE=, ulimit -n)"
                            .formatted(e.getMessage()),
                    e);
        }
    }

    /**
     * Returns the outputs of one attempt of a run.
     *
     * @param cap the largest size that is kept of all of them, in bytes
     * @param earlier the files of earlier attempts, which count too
     * @param cannot called with the reason when the cap cannot be held
     */
    public Outputs outputs(long cap, Collection<Path> earlier, Consumer<String> cannot) {
        return new Outputs(cap, earlier, cannot);
    }

    /** The outputs of one attempt. */
    public final class Outputs {
        private final long cap;
        private final Consumer<String> cannot;
        /** Guarded by lock. */
        private final Map<Path, OutputFile> files = new LinkedHashMap<>();
        /** Guarded by lock. */
        private List<Child> writers = List.of();

        private Outputs(long cap, Collection<Path> earlier, Consumer<String> cannot) {
            this.cap = cap;
            this.cannot = cannot;
            earlier.forEach(file -> files.put(file, new OutputFile(file, this).withItsHole()));
        }

        /** Watches the files that processes have begun to write into. */
        public void begin(Collection<Path> paths, Collection<Child> children) {
            boolean wake;
            lock.lock();
            try {
                var all = new ArrayList<>(children);
                writers.stream().filter(writer -> !writer.exit().isDone()).forEach(all::add);
                writers = List.copyOf(all);
                for (Path path : paths) {
                    var file = files.computeIfAbsent(path, unused -> new OutputFile(path, this));
                    file.still = 0;
                    growing.add(file);
                }
                wake = asleep;
                asleep = false;
            } finally {
                lock.unlock();
            }
            if (wake) {
                inotify.wake();
            }
        }

        /** Checks a file for the last time, and returns its size. */
        public OutputSize end(Path path) {
            Optional<String> trouble;
            OutputSize printed;
            lock.lock();
            try {
                OutputFile file = files.computeIfAbsent(path, unused -> new OutputFile(path, this));
                growing.remove(file);
                rouse(file);
                file.look();
                trouble = trim(this);
                printed = file.printed();
            } finally {
                lock.unlock();
            }
            trouble.ifPresent(cannot);
            return printed;
        }

        /** Watches on after the end of the run, because processes that it left behind may still print. */
        public void leave() {
            lock.lock();
            try {
                files.values().stream().filter(file -> !rest(file)).forEach(growing::add);
                left.add(this);
                if (left.size() > MOST_LEFT) {
                    Outputs oldest = left.removeFirst();
                    oldest.files.values().forEach(OutputWatch.this::rouse);
                    growing.removeAll(oldest.files.values());
                }
            } finally {
                lock.unlock();
            }
        }
    }

    private boolean watch() {
        var troubles = new ArrayList<Runnable>();
        int pause;
        ask();
        lock.lock();
        try {
            thread.busy();
            pause = look(troubles);
            asleep = growing.isEmpty();
        } finally {
            lock.unlock();
        }
        troubles.forEach(Runnable::run);
        thread.idle();
        List<Integer> written = inotify.await(pause);
        lock.lock();
        try {
            for (int number : written) {
                OutputFile file = resting.remove(number);
                if (file != null) {
                    file.watch = OutputFile.NOT_WATCHED;
                    file.still = 0;
                    growing.add(file);
                }
            }
        } finally {
            lock.unlock();
        }
        return !closing;
    }

    /** Asks the kernel to report writes, if it does not yet. */
    private void ask() {
        if (inotify.isOpen() || System.nanoTime() - askedAt < ASK_AGAIN.toNanos()) {
            return;
        }
        askedAt = System.nanoTime();
        try {
            inotify.reopen();
            if (unwatched) {
                LOG.info("the system reports writes to output files again");
            }
            unwatched = false;
        } catch (PosixException e) {
            if (!unwatched) {
                unwatched = true;
                LOG.warn(
                        "the system does not report writes to output files ({}): checking them every {} ms; raise"
                                + " fs.inotify.max_user_instances or the limit of open files",
                        e.getMessage(),
                        LONG_PAUSE);
            }
        }
    }

    /** Checks all growing files, and returns the pause that follows, in milliseconds. */
    private int look(List<Runnable> troubles) {
        boolean hurry = false;
        boolean allRest = true;
        var changed = new LinkedHashSet<Outputs>();
        for (OutputFile file : List.copyOf(growing)) {
            if (file.look()) {
                file.still = 0;
                changed.add(file.outputs);
            } else if (++file.still > LOOKS && rest(file)) {
                growing.remove(file);
            }
            allRest &= file.still > LOOKS;
        }
        for (Outputs outputs : changed) {
            hurry |= kept(outputs) > outputs.cap;
            trim(outputs).ifPresent(trouble -> troubles.add(() -> outputs.cannot.accept(trouble)));
        }
        if (growing.isEmpty()) {
            return inotify.isOpen() ? FOR_EVER : (int) ASK_AGAIN.toMillis();
        }
        return hurry ? SHORT_PAUSE : allRest ? LONG_PAUSE : PAUSE;
    }

    /**
     * Asks the kernel to report the next write to a file. Finds writes before that by a check of its own. Returns
     * whether the file can rest; false: it must be checked further.
     */
    private boolean rest(OutputFile file) {
        if (file.watch != OutputFile.NOT_WATCHED) {
            return true;
        }
        try {
            file.watch = inotify.watchOnce(file.path);
            resting.put(file.watch, file);
            if (!file.look()) {
                return true;
            }
            rouse(file);
            return false;
        } catch (PosixException e) { // the file is gone, or the kernel watches no more files
            return e.errno() == Errno.ENOENT;
        }
    }

    private void rouse(OutputFile file) {
        if (file.watch != OutputFile.NOT_WATCHED) {
            resting.remove(file.watch);
            inotify.forget(file.watch);
            file.watch = OutputFile.NOT_WATCHED;
        }
    }

    private static long kept(Outputs outputs) {
        return outputs.files.values().stream().mapToLong(OutputFile::kept).sum();
    }

    /** Drops the middles of the longest files until all fit. Returns the reason if they cannot be made to fit. */
    private Optional<String> trim(Outputs outputs) {
        long kept = kept(outputs);
        if (kept <= outputs.cap) {
            return Optional.empty();
        }
        boolean far = kept > FAR * outputs.cap;
        if (far) {
            processes.signal(outputs.writers, Signals.STOP);
        }
        try {
            long share = share(outputs);
            for (OutputFile file : outputs.files.values()) {
                file.keep(share);
            }
            return Optional.empty();
        } catch (PosixException e) {
            return Optional.of("printed more than the limit of %s, and its middle cannot be dropped (%s)"
                    .formatted(Sizes.format(outputs.cap), e.getMessage()));
        } finally {
            if (far) {
                processes.signal(outputs.writers, Signals.CONT);
            }
        }
    }

    /** Returns the length to which every longer file is reduced, so that the sum of all is the cap. */
    private static long share(Outputs outputs) {
        long room = outputs.cap;
        var lengths = outputs.files.values().stream()
                .mapToLong(OutputFile::kept)
                .sorted()
                .toArray();
        for (int i = 0; i < lengths.length; i++) {
            long share = room / (lengths.length - i);
            if (lengths[i] > share) {
                return share;
            }
            room -= lengths[i];
        }
        return room;
    }

    /** Ends the thread, within five seconds. */
    @Override
    public void close() {
        closing = true;
        thread.closing();
        inotify.wake();
        try {
            if (thread.join(Duration.ofMillis(CLOSE_MILLIS))) {
                inotify.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
