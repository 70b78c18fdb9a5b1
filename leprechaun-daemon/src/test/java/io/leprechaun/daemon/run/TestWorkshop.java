package io.leprechaun.daemon.run;

import io.leprechaun.daemon.lifecycle.Alarms;
import io.leprechaun.daemon.process.Processes;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;

/** A workshop with real processes in a folder of its own. One may be open at a time; it leaves no process behind. */
public final class TestWorkshop implements AutoCloseable {
    private final Path folder;
    private final String mark = "test-" + UUID.randomUUID();
    private final Processes processes = Processes.open();
    private final Alarms alarms = Alarms.open();

    /** @param folder for output, and the home of the user */
    public TestWorkshop(Path folder) {
        this.folder = folder;
    }

    /** The workshop, by this clock. */
    public Workshop at(InstantSource clock) {
        return new Workshop(processes, outputs(), new Account("zoe", folder), mark, clock, alarms);
    }

    /** Where it keeps output. */
    public OutputFolder outputs() {
        return new OutputFolder(folder.resolve("output"));
    }

    /** How many processes of its runs are there. */
    public int living() {
        return processes.marked(mark).size();
    }

    @Override
    public void close() {
        processes.endMarked(mark, Duration.ZERO);
        processes.close();
        alarms.close();
    }
}
