package io.leprechaun.daemon.store;

import io.leprechaun.daemon.history.ClockLog.ClockChange;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * How far the clock was set since each run was accepted: a time of its record plus that is what the clock would have shown if it had been as it is now.
 *
 * @param changes those by which the clock was set, in their order
 */
record Shifts(List<ClockChange> changes) {
    Shifts {
        changes = changes.stream().filter(change -> !change.by().isZero()).toList();
    }

    /** How far it was set since a run was accepted. */
    Duration since(long run) {
        return changes.stream()
                .filter(change -> run <= change.run())
                .map(ClockChange::by)
                .reduce(Duration.ZERO, Duration::plus);
    }

    /** A time of a run's record by the clock as it is now. */
    Instant now(long run, Instant recorded) {
        return recorded.plus(since(run));
    }

    /** An expression for a time of a run's record by the clock as it is now. Flat, however often the clock was set: SQLite bounds the depth of expressions. */
    String sql(String time, String run) {
        if (changes.isEmpty()) {
            return time;
        }
        var cases = new StringBuilder("(" + time + " + case");
        Duration by = since(0);
        for (ClockChange change : changes) {
            cases.append(" when ").append(run).append(" <= ").append(change.run());
            cases.append(" then ").append(by.toNanos() / 1000);
            by = by.minus(change.by());
        }
        return cases.append(" else 0 end)").toString();
    }
}
