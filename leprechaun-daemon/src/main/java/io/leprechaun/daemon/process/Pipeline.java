package io.leprechaun.daemon.process;

import io.leprechaun.daemon.posix.ChildOutput;
import io.leprechaun.daemon.posix.Descriptors;
import io.leprechaun.daemon.posix.Errno;
import io.leprechaun.daemon.posix.Limits;
import io.leprechaun.daemon.posix.PosixException;
import io.leprechaun.daemon.posix.Signals;
import io.leprechaun.daemon.posix.Spawn;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The start of the processes of a pipeline, all or none. Blocks in native code for about a millisecond a process.
 * Thread-safe.
 */
final class Pipeline {
    private static final int NO_DESCRIPTOR = -1;

    private final Children children;
    private final Reaper reaper;
    private final ReentrantLock tagging = new ReentrantLock();

    Pipeline(Children children, Reaper reaper) {
        this.children = children;
        this.reaper = reaper;
    }

    List<Child> start(List<Launch> parts) throws SpawnException {
        var started = new ArrayList<Child>(parts.size());
        int input = NO_DESCRIPTOR;
        try {
            for (Launch spec : parts.subList(0, parts.size() - 1)) {
                Descriptors.Pipe pipe = pipe(spec.spec());
                try {
                    started.add(start(spec, input, pipe.write()));
                } finally {
                    close(pipe.write());
                    close(input);
                    input = pipe.read();
                }
            }
            started.add(start(parts.getLast(), input, NO_DESCRIPTOR));
            return started;
        } finally {
            close(input);
            if (started.size() < parts.size()) {
                started.stream()
                        .filter(child -> !child.exit().isDone())
                        .forEach(child -> Signals.sendToGroup(child.pid(), Signals.KILL));
            }
        }
    }

    /** Starts one process with its standard input. */
    Child start(Launch launch, int input) throws SpawnException {
        return start(launch, input, NO_DESCRIPTOR);
    }

    private Child start(Launch launch, int input, int output) throws SpawnException {
        try {
            return spawn(launch, input, output);
        } catch (PosixException e) {
            if (e.errno() != Errno.ENOEXEC || !StartRefusal.isText(launch)) {
                throw StartRefusal.of(launch, e.errno());
            }
        }
        Launch script = launch.asScript();
        try {
            return spawn(script, input, output);
        } catch (PosixException e) {
            throw StartRefusal.of(script, e.errno());
        }
    }

    private Child spawn(Launch launch, int input, int output) throws PosixException {
        long ticket = children.begin();
        try (var spawn = new Spawn()) {
            if (input == NO_DESCRIPTOR) {
                spawn.read(0, "/dev/null");
            } else {
                spawn.duplicate(input, 0);
            }
            spawn.directory(launch.folder());
            return children.register(ticket, start(spawn, launch, output));
        } finally {
            children.done(ticket);
            reaper.wake();
        }
    }

    /**
     * Starts one process after the other: the tag is set for the whole daemon process, and a child that got it later
     * might have forked already. For the reason that outputs are opened here see {@link ChildOutput}.
     */
    private int start(Spawn spawn, Launch launch, int output) throws PosixException {
        ChildOutput prints = launch.spec().output();
        tagging.lock();
        try {
            Limits.tag(launch.spec().mark().tag());
            if (launch.spec().isSilent()) {
                spawn.write(2, "/dev/null");
            } else {
                spawn.duplicate(prints.open(), 2);
            }
            spawn.duplicate(output == NO_DESCRIPTOR ? 2 : output, 1);
            return spawn.start(launch.program(), launch.argv(), launch.environment());
        } finally {
            prints.started();
            tagging.unlock();
        }
    }

    private static Descriptors.Pipe pipe(ProcessSpec spec) throws SpawnException {
        try {
            return Descriptors.pipe();
        } catch (PosixException e) {
            throw SpawnException.notRunnable(
                    spec,
                    "cannot create a pipe for its output (%s): raise the limit of open files (LimitNOFILE=, ulimit -n)"
                            .formatted(e.getMessage()));
        }
    }

    private static void close(int descriptor) {
        if (descriptor != NO_DESCRIPTOR) {
            Descriptors.close(descriptor);
        }
    }
}
