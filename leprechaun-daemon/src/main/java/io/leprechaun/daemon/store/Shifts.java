package io.leprechaun.daemon.store;

import io.leprechaun.daemon.history.ClockLog.ClockChange;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The durations by which the clock was set since each run was accepted. A time of a run's record plus that duration is
 * the time by the clock as it is now.
 *
 * @param changes the changes by which the clock was set, in their order
 */
record Shifts(List<ClockChange> changes) {
    Shifts {
        changes = changes.stream().filter(change -> !change.by().isZero()).toList();
    }

    /** Returns the duration by which the clock was set since a run was accepted. */
    Duration since(long run) {
        return changes.stream()
                .filter(change -> run <= change.run())
                .map(ClockChange::by)
                .reduce(Duration.ZERO, Duration::plus);
    }

    /** Returns a time of a run's record by the clock as it is now. */
    Instant now(long run, Instant recorded) {
        return recorded.plus(since(run));
    }

    /**
     * Returns an expression for a time of a run's record by the clock as it is now. It is flat, however often the clock
     * was set: SQLite limits the depth of expressions.
     */
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
