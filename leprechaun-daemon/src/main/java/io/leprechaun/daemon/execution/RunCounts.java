package io.leprechaun.daemon.execution;

import io.leprechaun.daemon.count.Histogram;
import io.leprechaun.daemon.count.LabelledCounts;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.settings.AgentName;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The runs that began, ended or were refused since the daemon started, as the store has recorded them. Thread-safe. */
public final class RunCounts {
    private static final double[] DELAYS = {0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600, 14_400};
    private static final double[] DURATIONS = {0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600, 14_400, 43_200, 86_400};

    private final LabelledCounts runs = new LabelledCounts();
    private final Map<AgentName, Histogram> delays = new ConcurrentHashMap<>();
    private final Map<AgentName, Histogram> durations = new ConcurrentHashMap<>();

    /** Counts a run whose first attempt begins. */
    public void began(Run run) {
        var times = run.times();
        var due = run.order().cause().dueAt().orElse(times.queuedAt());
        times.startedAt()
                .ifPresent(at -> delays.computeIfAbsent(run.order().agent(), _ -> new Histogram(DELAYS))
                        .add(Duration.between(due, at)));
    }

    /** Counts a run that is over, or a record of due instants that started nothing. */
    public void ended(Run run) {
        var order = run.order();
        runs.add(
                run.repeat().count(),
                order.recipe().value(),
                order.cause().trigger().word(),
                run.state().word());
        run.times()
                .duration()
                .ifPresent(took -> durations
                        .computeIfAbsent(order.agent(), _ -> new Histogram(DURATIONS))
                        .add(took));
    }

    /** Returns the runs by recipe, trigger and final state. */
    public LabelledCounts runs() {
        return runs;
    }

    /** Returns the times from the due instant, or from the request, to the start. */
    public Map<AgentName, Histogram> delays() {
        return Map.copyOf(delays);
    }

    /** Returns the durations of the runs that started. */
    public Map<AgentName, Histogram> durations() {
        return Map.copyOf(durations);
    }
}
