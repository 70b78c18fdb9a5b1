package io.leprechaun.daemon.process;

import io.leprechaun.daemon.lifecycle.Threads;
import io.leprechaun.daemon.posix.Glibc;
import io.leprechaun.daemon.posix.Self;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts processes, learns of their ends, and ends them. Thread-safe. Open once in a JVM at a time, in which nothing else may start processes: the reaper takes the
 * exit codes of all children.
 */
public final class Processes implements AutoCloseable {
    /** The environment variable by whose value every process of one attempt of a run is known. */
    public static final String MARK = "LEPRECHAUN_MARK";

    private static final Logger LOG = LoggerFactory.getLogger(Processes.class);
    private static final AtomicBoolean OPEN = new AtomicBoolean();
    private static final long CLOSE_MILLIS = 5_000;

    private final Children children = new Children();
    private final Reaper reaper = Reaper.start(children);
    private final Pipeline pipeline = new Pipeline(children, reaper);
    private final int umask = Self.umask();

    /** Starting blocks in native code, which holds a virtual thread's carrier; and more starts at once than cores are slower, not faster. */
    private final ExecutorService spawners = Executors.newFixedThreadPool(
            Math.max(2, Runtime.getRuntime().availableProcessors()), Threads.platform("spawner"));

    private Processes() {}

    /**
     * Makes us the parent of all orphans below us, and starts to wait for children. The umask that children get by themselves is the one of this moment.
     *
     * @throws UnsupportedOperationException when this system cannot run us; the message says why
     */
    public static Processes open() {
        Glibc.require();
        Self.adoptOrphans();
        if (!OPEN.compareAndSet(false, true)) {
            throw new IllegalStateException(
                    "processes are open in this JVM: close them first, two would take each other's exit codes");
        }
        return new Processes();
    }

    /**
     * Starts the parts of one pipeline, all at once, each one's standard output connected to the next one's standard input by a kernel pipe; the first reads
     * from {@code /dev/null}. All start or none: those already started are killed when a later one cannot be.
     *
     * @return a child for each part, in their order
     * @throws SpawnException when a part cannot be started
     */
    public List<Child> start(List<Part> parts) throws SpawnException {
        var launches = new ArrayList<Launch>(parts.size());
        for (Part part : parts) {
            launches.add(Launch.of(part, umask));
        }
        return launches.isEmpty() ? List.of() : onSpawner(launches);
    }

    /**
     * Ends children and everything that came of them or carries their mark: TERM, and KILL to what is left after the grace. Blocks until all are gone or nothing more
     * can be done, a few seconds longer than the grace at most, also when it is interrupted. May be called from any thread, also for children that have ended.
     *
     * @param mark the value of {@link #MARK} in their environment, or the first parts of it up to a colon
     */
    public Ended end(Collection<Child> children, String mark, Duration grace) {
        return new Ending(this.children, children, found -> found.equals(mark) || found.startsWith(mark + ":"))
                .end(grace);
    }

    /** Ends every process that we may signal whose mark starts with a prefix, and what came of it: what an earlier daemon left behind. */
    public Ended endMarked(String prefix, Duration grace) {
        return new Ending(children, List.of(), mark -> mark.startsWith(prefix)).end(grace);
    }

    /** The processes whose mark starts with a prefix, ourselves left out, by pid. */
    public List<Marked> marked(String prefix) {
        var marked = new ArrayList<Marked>();
        for (Proc proc : Proc.all().values()) {
            proc.mark()
                    .filter(mark -> mark.startsWith(prefix))
                    .ifPresent(mark -> marked.add(new Marked(proc.pid(), mark, proc.name())));
        }
        marked.sort(Comparator.comparingInt(Marked::pid));
        return List.copyOf(marked);
    }

    /** Stops to wait for children, within five seconds: those that live go on, and their exits are never completed. */
    @Override
    public void close() {
        spawners.close();
        reaper.closeAfterNext();
        try {
            // wait4 cannot be interrupted, but it returns for a child that ends
            var last =
                    new Part(List.of("/bin/sh", "-c", "exit 0"), Map.of(), Path.of("/"), umask, Path.of("/dev/null"));
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
