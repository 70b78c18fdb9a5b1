package io.leprechaun.daemon.output;

import io.leprechaun.daemon.posix.Epoll;
import io.leprechaun.daemon.posix.OutputPipe;
import io.leprechaun.daemon.posix.PosixException;
import io.leprechaun.daemon.posix.Signals;
import io.leprechaun.daemon.process.Child;
import io.leprechaun.daemon.units.Sizes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * The output of a step from the pipe that it prints into to the file that keeps it. Guarded by the lock of its
 * {@link Outputs}.
 */
final class StepOutput implements AutoCloseable {
    /** The largest number of bytes that one look takes, and the room in the pipe of a step that prints much. */
    private static final int MUCH = 1 << 20;

    /** The largest number of bytes that one look takes where secrets are to be hidden. */
    private static final int BUFFER = 64 << 10;

    /** The most that is taken at the end of a step, in times of the pipe's room: a process left behind may print on. */
    private static final int LAST = 4;

    /** The number of bytes in a look after which more may be there already: the room in the smallest pipe. */
    private static final int MANY = 8 << 10;

    /** The time in which a step may end without ever being looked at. */
    private static final Duration YOUNG = Duration.ofMillis(20);

    /** The state of the pipe after a look. */
    enum State {
        /** The step began a moment ago: it may end without having printed anything. */
        YOUNG,
        /** No process can print any more, and all is kept. */
        ENDED,
        /** Nothing was printed since the look before. */
        SILENT,
        /** Something was printed. */
        PRINTS,
        /** So much was printed that more is there already. */
        FLOODS,
        /** The folder of all output is missing, so the output waits in the pipe. */
        AWAY
    }

    final Outputs outputs;
    /** The number by which the kernel reports new output, positive. */
    final long key;

    private final OutputFile file;
    private final Mask mask;
    private final TimesFile times;
    private final OutputPipe pipe = new OutputPipe();
    private long begunAt;
    private volatile long exposedSince;
    private boolean open;
    private boolean armed;
    private boolean enlarged;
    private boolean warned;
    private boolean ended;
    private boolean last;
    /** Bytes that were read but not written: they may begin a secret, or the folder is missing. */
    private final MaskedBytes held = new MaskedBytes();

    private long lost;
    private String fault = "";
    private Optional<Child> successor = Optional.empty();

    StepOutput(Outputs outputs, long key, OutputFile file, Mask mask, InstantSource clock) {
        this.outputs = outputs;
        this.key = key;
        this.file = file;
        this.mask = mask;
        this.times = new TimesFile(file.path(), clock);
    }

    OutputFile file() {
        return file;
    }

    OutputPipe pipe() {
        return pipe;
    }

    /** Returns whether its pipe is open: a process may still print. */
    boolean isOpen() {
        return open;
    }

    /**
     * Asks the kernel to report its next output, once.
     *
     * @throws PosixException when the kernel waits for too many pipes
     */
    void arm(Epoll epoll) throws PosixException {
        if (armed) {
            epoll.armAgain(pipe, key);
        } else {
            epoll.arm(pipe, key);
            armed = true;
        }
    }

    /** Returns a sentence on output that could not be kept; empty: all is kept, up to the cap. */
    Optional<String> loss() {
        return lost == 0
                ? Optional.empty()
                : Optional.of("lost %s of output (%s)".formatted(Sizes.format(lost), fault));
    }

    /** Notes that its process was started, or could not be. */
    void begun() {
        times.begun();
        begunAt = System.nanoTime();
        exposedSince = begunAt;
        open = pipe.readEnd() >= 0;
    }

    /** Takes what is in the pipe, as far as the limit of a look allows it. */
    State look() {
        long before = file.printed().bytes();
        State state = drain();
        if (file.printed().bytes() > before) {
            times.printed(before);
        }
        return state;
    }

    private State drain() {
        if (!open) {
            return State.ENDED;
        }
        if (!last && !armed && age().compareTo(YOUNG) < 0) {
            return State.YOUNG;
        }
        long taken = 0;
        if (!file.isOpen() && !store(false)) {
            return State.AWAY;
        }
        long most = mask.isEmpty() ? MUCH : BUFFER;
        while (taken < most) {
            long count = take(most - taken);
            if (count == OutputPipe.ENDED) {
                finish();
                return State.ENDED;
            }
            if (count == OutputPipe.EMPTY) {
                break;
            }
            taken += count;
            if (!store(false)) {
                return State.AWAY;
            }
        }
        if (taken >= BUFFER
                && !enlarged) { // else the system's limit of such pipes would be reached by a few silent steps
            pipe.enlarge(MUCH);
            enlarged = true;
        }
        return taken >= MANY ? State.FLOODS : taken > 0 ? State.PRINTS : State.SILENT;
    }

    /**
     * Takes the rest after the end of the step's own process. The pipe stays open where a process that the step left
     * behind has it.
     */
    void takeRest() {
        last = true; // it waits no longer for a missing folder
        int looks = mask.isEmpty() ? LAST : LAST * MUCH / BUFFER;
        while (looks > 0 && look() == State.FLOODS) {
            looks--;
        }
        last = false;
    }

    /** Moves one piece of output. Returns its size, or the pipe's report. */
    private long take(long most) {
        if (file.isOpen() && held.size() == 0 && mask.isEmpty()) {
            try {
                return file.take(pipe, most);
            } catch (IOException | PosixException e) {
                // read and written below, which reports the fault
            }
        }
        var bytes = new byte[BUFFER];
        int count = pipe.read(bytes);
        if (count > 0) {
            held.add(bytes, count);
        }
        return count;
    }

    /**
     * Writes what is held. Returns false when that must wait for the folder.
     *
     * @param all whether what may be the beginning of a secret is written too, because nothing follows it
     */
    private boolean store(boolean all) {
        byte[] certain = held.certain(mask, all);
        int done = 0;
        try {
            while (done < certain.length) {
                done += file.write(certain, done, certain.length);
            }
        } catch (NoSuchFileException e) {
            if (!last) {
                return false;
            }
            lose(certain.length - done, "the folder of the output is missing");
        } catch (IOException | PosixException e) {
            lose(certain.length - done, String.valueOf(e.getMessage()));
        }
        held.take(mask, certain.length);
        return true;
    }

    private void lose(long bytes, String why) {
        lost += bytes;
        fault = why;
    }

    /** Writes a line of the daemon. */
    void say(String line) {
        last = true;
        store(true);
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        held.add(bytes, bytes.length);
        store(true);
    }

    /** Notes that the step's own process has ended: only processes that it left behind may print. */
    void ended() {
        ended = true;
    }

    boolean hasEnded() {
        return ended;
    }

    private Duration age() {
        return Duration.ofNanos(System.nanoTime() - begunAt);
    }

    /** Returns the time for which the end of the daemon would have cut it off. */
    Duration exposed() {
        return Duration.ofNanos(System.nanoTime() - exposedSince);
    }

    /** Restarts that time. */
    void exposedFromNow() {
        exposedSince = System.nanoTime();
    }

    /** Returns whether a failure to start its successor is to be logged: only the first one is. */
    boolean warns() {
        boolean first = !warned;
        warned = true;
        return first;
    }

    boolean hasSuccessor() {
        return successor.isPresent();
    }

    /** Notes the process that takes over when the daemon ends. */
    void succeededBy(Child process) {
        successor = Optional.of(process);
        if (file.isOpen()) {
            times.settle();
        }
    }

    /** Keeps what is held, and closes pipe and file: no process has the pipe any more, or its run is over. */
    @Override
    public void close() {
        abandon();
        successor
                .filter(child -> !child.exit().isDone())
                .ifPresent(child -> Signals.sendToGroup(child.pid(), Signals.KILL));
    }

    /** Does the same, but lets the process that takes over do so. */
    void abandon() {
        finish();
        file.close();
    }

    /** Keeps what is held, and closes the pipe. The file stays open until its middle has been dropped. */
    private void finish() {
        last = true;
        store(true);
        pipe.close();
        open = false;
    }
}
