package io.leprechaun.daemon.process;

import io.leprechaun.daemon.lifecycle.Pool;
import io.leprechaun.daemon.posix.ChildOutput;
import io.leprechaun.daemon.posix.Glibc;
import io.leprechaun.daemon.posix.Self;
import io.leprechaun.daemon.posix.Signals;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The processes of the daemon: their start, their exits, and their termination. Thread-safe. Only one can be open in a
 * JVM at a time, in which nothing else may start processes: the reaper takes the exit codes of all children.
 */
public final class Processes implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Processes.class);
    private static final AtomicBoolean OPEN = new AtomicBoolean();
    private static final long CLOSE_MILLIS = 5_000;

    private final Children children = new Children();
    private final Orphans orphans = new Orphans();
    private final Reaper reaper = Reaper.start(children, orphans);
    private final Pipeline pipeline = new Pipeline(children, reaper);
    private final int umask = Self.umask();

    /**
     * The threads for starts. A start blocks in native code, which holds a virtual thread's carrier. More starts at
     * once than cores are slower, not faster.
     */
    private final Pool spawners =
            Pool.open("spawner", Math.max(2, Runtime.getRuntime().availableProcessors()));

    private final IntPredicate barred;

    private Processes(IntPredicate barred) {
        this.barred = barred;
    }

    /**
     * Makes the daemon the parent of all orphans below it, and starts to wait for children. Children get the umask of
     * this moment unless their spec has another.
     *
     * @throws UnsupportedOperationException when this system cannot run the daemon; the message contains the reason
     */
    public static Processes open() {
        return open(Signals::isBarred);
    }

    /**
     * Opens as {@link #open()} does, with another rule on the processes that the daemon may end: a test that runs as
     * root may end all.
     *
     * @param barred returns whether the daemon is not permitted to signal a pid
     */
    public static Processes open(IntPredicate barred) {
        Glibc.require();
        Self.adoptOrphans();
        if (!OPEN.compareAndSet(false, true)) {
            throw new IllegalStateException(
                    "already open in this JVM: close it first, because two would take each other's exit codes");
        }
        return new Processes(barred);
    }

    /**
     * Starts the processes of one pipeline, all at once. A kernel pipe connects each one's standard output to the next
     * one's standard input; the first reads from {@code /dev/null}. All start or none: those already started are killed
     * when a later one cannot be started.
     *
     * @return a child for each spec, in their order
     * @throws SpawnException when a process cannot be started
     */
    public List<Child> start(List<ProcessSpec> parts) throws SpawnException {
        var launches = new ArrayList<Launch>(parts.size());
        for (ProcessSpec spec : parts) {
            launches.add(Launch.of(spec, umask));
        }
        return launches.isEmpty() ? List.of() : onSpawner(() -> pipeline.start(launches));
    }

    /**
     * Ends children, their descendants, and all processes in the scope: sends TERM, and KILL to those left after the
     * grace. Blocks until all are gone or nothing more can be done, a few seconds longer than the grace at most, also
     * when it is interrupted. For processes that the daemon may not signal it is less than a second. May be called from
     * any thread, also for children that have ended.
     */
    public TerminationReport end(Collection<Child> children, MarkFilter scope, Duration grace) {
        return new Termination(children, proc -> proc.claim().isIn(scope), barred).end(grace);
    }

    /**
     * Ends children and their descendants, as far as those stayed in their sessions or still have them as ancestors.
     */
    public TerminationReport end(Collection<Child> children, Duration grace) {
        return new Termination(children, proc -> false, barred).end(grace);
    }

    /**
     * Ends the processes that steps of a scope left behind, and their descendants. Spares all other processes of the
     * scope.
     */
    public TerminationReport endLeftBehind(MarkFilter scope, Duration grace) {
        var left = orphans.of(scope).stream().map(Proc::id).collect(Collectors.toSet());
        return new Termination(List.of(), proc -> left.contains(proc.id()), barred).end(grace);
    }

    /**
     * Returns the processes left behind by steps of a scope that can still write into the pipe that a child reads: its
     * input does not end before they do.
     */
    public List<String> holdersOfInput(Child child, MarkFilter scope) {
        return PipeHolders.ofInput(child.pid(), orphans.of(scope));
    }

    /**
     * Ends every process of a scope that the daemon may signal, and its descendants: for processes that an earlier
     * daemon left behind.
     */
    public TerminationReport end(MarkFilter scope, Duration grace) {
        return end(List.of(), scope, grace);
    }

    /**
     * Returns the processes that steps left behind when they ended, as shown to users: {@code 4711 (nginx)}. Cheap
     * where there are none.
     */
    public List<String> leftBehind(MarkFilter scope) {
        return orphans.of(scope).stream().map(Proc::shown).toList();
    }

    /**
     * Returns a future that completes when the next process ends that any step left behind. Dependent actions run on
     * the reaper's thread and must not block.
     */
    public CompletableFuture<Void> nextEndOfOrphan() {
        return orphans.nextEnd();
    }

    /**
     * Returns the reason that a command was not run although its process started: the wrapper could not meet a
     * requirement of the spec.
     *
     * @param code the exit code of the process
     * @param last a supplier of the last line that it printed
     */
    public Optional<String> reasonNotRun(ProcessSpec spec, int code, Supplier<String> last) {
        return LaunchWrapper.isNeeded(spec.context(), umask)
                ? LaunchWrapper.reasonNotRun(spec, code, last.get())
                : Optional.empty();
    }

    /** Returns the pids of all processes of a scope, without the daemon. */
    public List<Integer> pids(MarkFilter scope) {
        return Proc.all().values().stream()
                .filter(proc -> proc.claim().isIn(scope))
                .map(Proc::pid)
                .sorted()
                .toList();
    }

    /**
     * Starts a process of the daemon's own that no run has.
     *
     * @param input the descriptor of its standard input
     * @param prints the target of its standard output and standard error
     * @throws SpawnException when it cannot be started
     */
    public Child start(List<String> argv, int input, ChildOutput prints) throws SpawnException {
        var spec = new ProcessSpec(argv, context(), new Mark("", 0, 0, 0), prints);
        return onSpawner(() -> List.of(pipeline.start(Launch.of(spec, umask), input)))
                .getFirst();
    }

    /** Returns the context of the daemon's own small processes. */
    private ProcessContext context() {
        return new ProcessContext(
                Map.of("PATH", "/usr/bin:/bin"), Path.of("/"), umask, OptionalInt.empty(), Optional.empty());
    }

    /**
     * Stops waiting for children. Takes at most five seconds for starts under way, and as long for the reaper. Living
     * children continue, and their exits are never completed.
     */
    @Override
    public void close() {
        reaper.closeAfterNext();
        try {
            if (!spawners.close(Duration.ofMillis(CLOSE_MILLIS))) {
                LOG.warn("a process is still being started after {} ms", CLOSE_MILLIS);
            }
            // wait4 cannot be interrupted, but it returns for a child that ends
            var last = new ProcessSpec(
                    List.of("/bin/sh", "-c", "exit 0"), context(), new Mark("", 0, 0, 0), ProcessSpec.SILENT);
            List<Child> ignored = pipeline.start(List.of(Launch.of(last, umask)));
            if (!reaper.join(CLOSE_MILLIS)) {
                LOG.warn("the reaper has not ended within {} ms", CLOSE_MILLIS);
            }
        } catch (SpawnException e) {
            LOG.warn("the reaper is still waiting: {}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        OPEN.set(false);
    }

    /** A start of processes. */
    @FunctionalInterface
    private interface Start {
        List<Child> get() throws SpawnException;
    }

    /** Waits without interruption: the caller must get the children that have been started. */
    private List<Child> onSpawner(Start start) throws SpawnException {
        var started = new CompletableFuture<List<Child>>();
        spawners.execute(() -> {
            try {
                started.complete(start.get());
            } catch (SpawnException | RuntimeException | Error e) {
                started.completeExceptionally(e); // thrown again by the caller that waits
            }
        });
        try {
            return started.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof SpawnException cause) {
                throw cause;
            }
            throw e;
        }
    }
}
