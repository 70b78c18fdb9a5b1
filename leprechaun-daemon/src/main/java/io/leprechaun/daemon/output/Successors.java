package io.leprechaun.daemon.output;

import io.leprechaun.daemon.posix.ChildOutput;
import io.leprechaun.daemon.posix.Descriptors;
import io.leprechaun.daemon.posix.OutputPipe;
import io.leprechaun.daemon.posix.PosixException;
import io.leprechaun.daemon.process.Child;
import io.leprechaun.daemon.process.Processes;
import io.leprechaun.daemon.process.SpawnException;
import java.nio.file.Path;
import java.util.List;

/**
 * The processes that keep the output of long steps and of processes left behind once the daemon has ended, in whatever
 * way. Until then each of them only holds the pipe, so that its writers get no SIGPIPE. It waits for the end of another
 * pipe, into which the daemon alone can write.
 */
final class Successors implements AutoCloseable {
    /**
     * A shell: its input is the daemon's pipe, and its errors are the pipe of the output. That is opened again, so that
     * reads wait. POSIX counts the limit of a file in units of 512 bytes (ulimit). The folder of all output is not made
     * again.
     */
    private static final String SCRIPT = """
        read -r never
        exec < /proc/self/fd/2 2> /dev/null
        umask 077
        run=${2%/*}
        mkdir "${run%/*}" "$run"
        (trap '' XFSZ; ulimit -f "$1"; exec cat >> "$2")
        exec cat > /dev/null
        """;

    private static final int UNIT = 512;

    private final Processes processes;
    private final Descriptors.Pipe life;

    private Successors(Processes processes, Descriptors.Pipe life) {
        this.processes = processes;
        this.life = life;
    }

    /** @throws PosixException when there are too many open files */
    static Successors open(Processes processes) throws PosixException {
        return new Successors(processes, Descriptors.pipe());
    }

    /**
     * Starts one.
     *
     * @param most the size of the file from which on output is dropped, in bytes
     * @throws SpawnException when it cannot be started
     */
    Child start(OutputPipe pipe, Path file, long most) throws SpawnException {
        var argv = List.of(
                "/bin/sh",
                "-c",
                SCRIPT,
                "leprechaun-output",
                Long.toString(most / UNIT),
                file.toAbsolutePath().toString());
        return processes.start(argv, life.read(), new Held(pipe));
    }

    /** The read end of a pipe that stays open here. */
    private record Held(OutputPipe pipe) implements ChildOutput {
        @Override
        public int open() {
            return pipe.readEnd();
        }

        @Override
        public void started() {}
    }

    /** Lets all of them begin. */
    @Override
    public void close() {
        Descriptors.close(life.write());
        Descriptors.close(life.read());
    }
}
