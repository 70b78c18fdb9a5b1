package io.leprechaun.daemon.desk;

import io.leprechaun.daemon.history.ClockLog;
import io.leprechaun.daemon.view.RunDocument;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** How the host's clock was set. */
public record ClockSets(ClockLog log, RunDocument documents) {
    /** Those between the first and the last of some runs, the newest first: their times do not tell their order then. */
    public List<ClockLog.ClockChange> within(List<Long> ids) {
        if (ids.isEmpty()) {
            return List.of();
        }
        return log.sets().stream()
                .filter(set -> set.run() >= ids.getLast() && set.run() < ids.getFirst())
                .toList();
    }

    /** Those that touch a span of time. */
    public List<ClockLog.ClockChange> between(Instant from, Instant to) {
        return log.sets().stream()
                .filter(change -> change.kind() != ClockLog.ClockEvent.ACCEPTED && change.touches(from, to))
                .toList();
    }

    /** As {@code --json} has them. */
    public List<Map<String, Object>> data(List<ClockLog.ClockChange> sets) {
        return sets.stream().map(documents::data).toList();
    }

    /** A line below a list of runs. */
    public String line(ClockLog.ClockChange set) {
        return "after run " + set.run() + ", at " + documents.local(set.at()) + ", " + set.sentence() + "\n";
    }

    /** A sentence beside the reasons of a run, with the times that clocks showed twice or not at all. */
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
