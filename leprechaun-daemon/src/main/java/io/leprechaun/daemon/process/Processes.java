package io.leprechaun.daemon.process;

import io.leprechaun.daemon.lifecycle.Pool;
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
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts processes, learns of their ends, and ends them. Thread-safe. Open once in a JVM at a time, in which nothing else may start processes: the reaper takes the
 * exit codes of all children.
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

    /** Starting blocks in native code, which holds a virtual thread's carrier; and more starts at once than cores are slower, not faster. */
    private final Pool spawners =
            Pool.open("spawner", Math.max(2, Runtime.getRuntime().availableProcessors()));

    private final IntPredicate barred;

    private Processes(IntPredicate barred) {
        this.barred = barred;
    }

    /**
     * Makes us the parent of all orphans below us, and starts to wait for children. The umask that children get by themselves is the one of this moment.
     *
     * @throws UnsupportedOperationException when this system cannot run us; the message says why
     */
    public static Processes open() {
        return open(Signals::isBarred);
    }

    /**
     * As {@link #open()}, with another judgement of what we may end: a test of root's may end everything.
     *
     * @param barred tells the pids that we are not permitted to signal
     */
    public static Processes open(IntPredicate barred) {
        Glibc.require();
        Self.adoptOrphans();
        if (!OPEN.compareAndSet(false, true)) {
            throw new IllegalStateException(
                    "processes are open in this JVM: close them first, two would take each other's exit codes");
        }
        return new Processes(barred);
    }

    /**
     * Starts the parts of one pipeline, all at once, each one's standard output connected to the next one's standard input by a kernel pipe; the first reads
     * from {@code /dev/null}. All start or none: those already started are killed when a later one cannot be.
     *
     * @return a child for each part, in their order
     * @throws SpawnException when a part cannot be started
     */
    public List<Child> start(List<ProcessSpec> parts) throws SpawnException {
        var launches = new ArrayList<Launch>(parts.size());
        for (ProcessSpec spec : parts) {
            launches.add(Launch.of(spec, umask));
        }
        return launches.isEmpty() ? List.of() : onSpawner(launches);
    }

    /**
     * Ends children and everything that came of them or is in the scope: TERM, and KILL to what is left after the grace. Blocks until all are gone or nothing more can be done, a
     * few seconds longer than the grace at most, also when it is interrupted; for what we may not signal less than one. May be called from any thread, also for children that have ended.
     */
    public TerminationReport end(Collection<Child> children, MarkFilter scope, Duration grace) {
        return new Termination(children, proc -> proc.claim().isIn(scope), barred).end(grace);
    }

    /** Ends children and what came of them as far as it stayed in their sessions or is theirs still. */
    public TerminationReport end(Collection<Child> children, Duration grace) {
        return new Termination(children, proc -> false, barred).end(grace);
    }

    /** Ends what steps of a scope left behind, and nothing that still has its parent. */
    public TerminationReport endLeftBehind(MarkFilter scope, Duration grace) {
        var left = orphans.of(scope).stream().map(Proc::id).collect(Collectors.toSet());
        return new Termination(List.of(), proc -> left.contains(proc.id()), barred).end(grace);
    }

    /** Who of those that steps of a scope left behind can still write into the pipe that a child reads from: it never ends as long as they do. */
    public List<String> holdersOfInput(Child child, MarkFilter scope) {
        return PipeHolders.ofInput(child.pid(), orphans.of(scope));
    }

    /** Ends every process of a scope that we may signal, and what came of it: what an earlier daemon left behind. */
    public TerminationReport end(MarkFilter scope, Duration grace) {
        return end(List.of(), scope, grace);
    }

    /** What steps left behind when they ended, as people read it: {@code 4711 (nginx)}. Cheap where they left nothing. */
    public List<String> leftBehind(MarkFilter scope) {
        return orphans.of(scope).stream().map(Proc::shown).toList();
    }

    /** Completes when something ends that a step left behind, any step. What depends on it runs on the reaper's thread and must not block. */
    public CompletableFuture<Void> nextEndOfOrphan() {
        return orphans.nextEnd();
    }

    /**
     * Why a part's command was not run although its process started: on the way there it could not become what was asked.
     *
     * @param code that the process ended with
     */
    public Optional<String> reasonNotRun(ProcessSpec spec, int code) {
        return LaunchWrapper.isNeeded(spec.context(), umask)
                ? LaunchWrapper.reasonNotRun(spec, code)
                : Optional.empty();
    }

    /** The pids of all processes of a scope, ourselves left out. */
    public List<Integer> pids(MarkFilter scope) {
        return Proc.all().values().stream()
                .filter(proc -> proc.claim().isIn(scope))
                .map(Proc::pid)
                .sorted()
                .toList();
    }

    /** Stops or continues the process groups of children that have not ended. */
    public void signal(Collection<Child> children, int signal) {
        for (Child child : children) {
            if (!child.exit().isDone()) {
                Signals.sendToGroup(child.pid(), signal);
            }
        }
    }

    /** Stops to wait for children, within five seconds: those that live go on, and their exits are never completed. */
    @Override
    public void close() {
        reaper.closeAfterNext();
        try {
            if (!spawners.close(Duration.ofMillis(CLOSE_MILLIS))) {
                LOG.warn("a process is still being started after {} ms", CLOSE_MILLIS);
            }
            // wait4 cannot be interrupted, but it returns for a child that ends
            var context = new ProcessContext(Map.of(), Path.of("/"), umask, OptionalInt.empty(), Optional.empty());
            var last = new ProcessSpec(
                    List.of("/bin/sh", "-c", "exit 0"), context, new Mark("", 0, 0, 0), ProcessSpec.SILENT);
            List<Child> ignored = pipeline.start(List.of(Launch.of(last, umask)));
            if (!reaper.join(CLOSE_MILLIS)) {
                LOG.warn("the reaper has not ended within {} ms", CLOSE_MILLIS);
            }
        } catch (SpawnException e) {
            LOG.warn("the reaper waits on: {}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        OPEN.set(false);
    }

    /** Waits without interruption: children that have been started must become known to who asked for them. */
    private List<Child> onSpawner(List<Launch> launches) throws SpawnException {
        var started = new CompletableFuture<List<Child>>();
        spawners.execute(() -> {
            try {
                started.complete(pipeline.start(launches));
            } catch (SpawnException | RuntimeException | Error e) {
                started.completeExceptionally(e); // thrown again by who waits
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
