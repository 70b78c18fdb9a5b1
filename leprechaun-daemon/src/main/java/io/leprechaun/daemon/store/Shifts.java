package io.leprechaun.daemon.store;

import io.leprechaun.daemon.run.ClockLog.Change;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How far the clock was set since each run was accepted: a time of its record plus that is what the clock would have shown if it had been as it is now.
 *
 * @param changes those by which the clock was set
 */
record Shifts(List<Change> changes) {
    Shifts {
        changes = changes.stream().filter(change -> !change.by().isZero()).toList();
    }

    /** How far it was set since a run was accepted, in microseconds. */
    private long since(long run) {
        return changes.stream()
                .filter(change -> run <= change.run())
                .mapToLong(change -> change.by().toNanos() / 1000)
                .sum();
    }

    /** A time of a run's record by the clock as it is now. */
    Instant now(long run, Instant recorded) {
        return recorded.plusNanos(since(run) * 1000);
    }

    /** An expression for a time of a run's record by the clock as it is now. */
    String sql(String time, String run) {
        return changes.isEmpty()
                ? time
                : changes.stream()
                        .map(change -> "iif(" + run + " <= " + change.run() + ", "
                                + change.by().toNanos() / 1000 + ", 0)")
                        .collect(Collectors.joining(" + ", "(" + time + " + ", ")"));
    }
}
