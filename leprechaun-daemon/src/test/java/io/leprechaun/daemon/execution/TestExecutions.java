package io.leprechaun.daemon.execution;

import io.leprechaun.daemon.lifecycle.Alarms;
import io.leprechaun.daemon.lifecycle.StateFiles;
import io.leprechaun.daemon.output.OutputFolder;
import io.leprechaun.daemon.output.OutputPump;
import io.leprechaun.daemon.process.MarkFilter;
import io.leprechaun.daemon.process.Processes;
import io.leprechaun.daemon.run.TestClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * The executions for tests, with real processes in a folder of their own. Only one may be open at a time; it leaves no
 * process behind.
 */
public final class TestExecutions implements AutoCloseable {
    private final Path folder;
    private final String mark = "test-" + UUID.randomUUID();
    /** The pids that the daemon may not signal, as if they were root's and it were not. */
    private final Set<Integer> barred = ConcurrentHashMap.newKeySet();

    private final Processes processes = Processes.open(barred::contains);
    private final Alarms alarms = Alarms.open();
    private final OutputPump pump = OutputPump.open(processes, InstantSource.system());
    private final List<StartMarks> starts = new ArrayList<>();

    /** @param folder the folder for output, and the home of the user */
    public TestExecutions(Path folder) {
        this.folder = folder;
        outputs().root().toFile().mkdirs();
    }

    /** Returns the executions with this clock. */
    public Executions at(InstantSource clock) {
        return at(clock, Map.of());
    }

    /** Returns the executions with this clock and these variables of the daemon. */
    public Executions at(InstantSource clock, Map<String, String> environment) {
        var accounts = new Accounts(new Account("zoe", folder, Optional.empty()));
        return new Executions(
                processes,
                outputs(),
                starts(),
                new StateFiles(),
                pump,
                accounts,
                mark,
                "this boot",
                TestClock.of(clock),
                alarms,
                environment);
    }

    /** Marks a run as an earlier daemon does before it starts it. */
    public void mark(long run) throws IOException {
        try (var earlier = StartMarks.open(folder.resolve("started"))) {
            earlier.mark(run);
        }
    }

    private StartMarks starts() {
        try {
            StartMarks opened = StartMarks.open(folder.resolve("started"));
            starts.add(opened);
            return opened;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the output folder. */
    public OutputFolder outputs() {
        return new OutputFolder(folder.resolve("output"));
    }

    /** Forbids signals to a process from now on. */
    public void bar(int pid) {
        barred.add(pid);
    }

    /** Permits signals to every process from now on, and ends all that exist. */
    public void endAll() {
        barred.clear();
        processes.end(all(), Duration.ZERO);
    }

    /** Returns the number of living processes of its runs. */
    public int living() {
        return processes.pids(all()).size();
    }

    private MarkFilter all() {
        return new MarkFilter(mark, LongStream.range(0, 2000).boxed().collect(Collectors.toSet()), OptionalInt.empty());
    }

    @Override
    public void close() {
        endAll();
        pump.close();
        processes.close();
        alarms.close();
        starts.forEach(StartMarks::close);
    }
}
