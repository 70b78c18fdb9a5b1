package io.leprechaun.daemon.desk;

import io.leprechaun.daemon.history.ClockLog;
import io.leprechaun.daemon.view.RunDocument;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The changes by which the host's clock was set. */
public record ClockSets(ClockLog log, RunDocument documents) {
    /**
     * Returns the changes between the first and the last of some runs, newest first: the times of these runs do not
     * show their order then.
     */
    public List<ClockLog.ClockChange> within(List<Long> ids) {
        if (ids.isEmpty()) {
            return List.of();
        }
        return log.sets().stream()
                .filter(set -> set.run() >= ids.getLast() && set.run() < ids.getFirst())
                .toList();
    }

    /** Returns the changes that touch a span of time. */
    public List<ClockLog.ClockChange> between(Instant from, Instant to) {
        return log.sets().stream()
                .filter(change -> change.kind() != ClockLog.ClockEvent.ACCEPTED && change.touches(from, to))
                .toList();
    }

    /** Returns the changes for {@code --json}. */
    public List<Map<String, Object>> data(List<ClockLog.ClockChange> sets) {
        return sets.stream().map(documents::data).toList();
    }

    /** Returns a line about a change, for the end of a list of runs. */
    public String line(ClockLog.ClockChange set) {
        return "after run " + set.run() + ", at " + documents.local(set.at()) + ", " + set.sentence() + "\n";
    }

    /**
     * Returns a sentence about a change, with the times that clocks showed twice or not at all, for the reasons of a
     * run.
     */
    public String sentence(ClockLog.ClockChange set) {
        boolean back = set.by().isNegative();
        String shown = documents.local(set.at());
        String before = documents.local(set.at().minus(set.by()));
        return set.sentence() + " at " + shown
                + (set.run() == 0 ? "" : ", after run " + set.run())
                + (back
                        ? ": it shows the time from " + shown + " to " + before + " twice"
                        : ": it did not show the time from " + before + " to " + shown);
    }
}
