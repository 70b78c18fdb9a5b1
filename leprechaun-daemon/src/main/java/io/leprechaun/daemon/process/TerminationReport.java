package io.leprechaun.daemon.process;

import java.util.List;
import java.util.stream.Stream;

/**
 * The report on the termination of processes. Each process is shown by its pid and name, {@code 4711 (sleep)} for
 * example.
 *
 * @param killed the processes that had to be killed after they were asked to end, and are gone
 * @param stuck the processes that were killed and are still there: the kernel itself waits, for a dead disk for example
 * @param barred the processes that are still there and that the daemon is not permitted to end
 */
public record TerminationReport(List<String> killed, List<String> stuck, List<String> barred) {
    /** The report when all ended on request. */
    static final TerminationReport WHEN_ASKED = new TerminationReport(List.of(), List.of(), List.of());

    public TerminationReport {
        killed = List.copyOf(killed);
        stuck = List.copyOf(stuck);
        barred = List.copyOf(barred);
    }

    /** Returns the processes that are still there. */
    public List<String> survivors() {
        return Stream.concat(stuck.stream(), barred.stream()).toList();
    }

    /** Returns a report with the processes killed here, and the survivors that a later termination found. */
    public TerminationReport later(TerminationReport last) {
        return new TerminationReport(killed, last.stuck, last.barred);
    }

    /**
     * Returns the continuation of a sentence on the end, where force was needed: {@code ; did not end when asked and
     * was killed: 4711 (sleep)}.
     */
    public String told() {
        return told("; did not end in time and was killed: ", killed)
                + told("; was killed and still exists: ", stuck)
                + told("; only root or its own user can end it: ", barred);
    }

    private static String told(String what, List<String> processes) {
        return processes.isEmpty() ? "" : what + String.join(", ", processes);
    }
}
