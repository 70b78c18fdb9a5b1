package io.leprechaun.daemon.process;

import java.time.Duration;
import java.util.Collection;
import java.util.List;

/** Starts processes, learns of their ends, and ends them. Thread-safe; made once in a JVM. */
public interface Processes extends AutoCloseable {
    /** The environment variable by whose value every process of one attempt of a run is known. */
    String MARK = "LEPRECHAUN_MARK";

    /**
     * Starts the parts of one pipeline, all at once, each one's standard output connected to the next one's standard input by a kernel pipe; the first reads from
     * {@code /dev/null}. All start or none: those already started are killed when a later one cannot be.
     *
     * @return a child for each part, in their order
     * @throws SpawnException when a part cannot be started
     */
    List<Child> start(List<Part> parts) throws SpawnException;

    /**
     * Ends children and everything that carries their mark: TERM to their groups, KILL to what is left after the grace, then to whoever still carries the mark. Blocks until
     * all are gone or nothing more can be done. May be called from any thread, also for children that have ended.
     *
     * @param mark the value of {@link #MARK} in their environment
     */
    Ended end(Collection<Child> children, String mark, Duration grace);

    /** Ends every process of this user whose mark starts with a prefix: what an earlier daemon left behind. */
    Ended endMarked(String prefix, Duration grace);

    @Override
    void close();
}
