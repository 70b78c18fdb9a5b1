package io.leprechaun.daemon.process;

import java.util.List;
import java.util.stream.Stream;

/**
 * What it took to end processes. Each is told by its pid and name, {@code 4711 (sleep)} for example.
 *
 * @param killed those that had to be killed after they were asked to end, and are gone
 * @param stuck those that were killed and are still there: the kernel itself waits, for a dead disk for example
 * @param barred those that are still there and that we are not permitted to end
 */
public record TerminationReport(List<String> killed, List<String> stuck, List<String> barred) {
    /** All ended when they were asked. */
    static final TerminationReport WHEN_ASKED = new TerminationReport(List.of(), List.of(), List.of());

    public TerminationReport {
        killed = List.copyOf(killed);
        stuck = List.copyOf(stuck);
        barred = List.copyOf(barred);
    }

    /** Those that are still there. */
    public List<String> survivors() {
        return Stream.concat(stuck.stream(), barred.stream()).toList();
    }

    /** The same force, and what a later look found to be still there. */
    public TerminationReport later(TerminationReport last) {
        return new TerminationReport(killed, last.stuck, last.barred);
    }

    /** What a sentence on the end goes on with where it took force: {@code ; did not end when asked and was killed: 4711 (sleep)}. */
    public String told() {
        return told("; did not end when asked and was killed: ", killed)
                + told("; was killed and is still there: ", stuck)
                + told("; could not be ended, only root or its own user may do that: ", barred);
    }

    private static String told(String what, List<String> processes) {
        return processes.isEmpty() ? "" : what + String.join(", ", processes);
    }
}
