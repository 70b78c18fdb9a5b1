package io.leprechaun.daemon;

import io.leprechaun.daemon.lifecycle.HostClock;
import io.leprechaun.daemon.lifecycle.SelfWatch;
import io.leprechaun.daemon.lifecycle.SelfWatch.Fault;
import io.leprechaun.daemon.view.RunDocument;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The health of the daemon: checks by name, each with the time since which it passes or fails. Some faults count at
 * once; others only when the {@link SelfWatch} has seen them for a while. Thread-safe.
 */
final class Health {
    /** The check of the disk space and the output folder. */
    static final String DISK = "disk";

    /** The check of the host's clock. */
    static final String CLOCK = "clock";

    /** The check of the log. */
    static final String LOG = "log";

    /** The check of the file of metrics. */
    static final String METRICS = "metrics";

    /** The names of the checks, in their order. */
    static final List<String> NAMES = List.of(
            SelfWatch.STORE,
            DISK,
            CLOCK,
            SelfWatch.TIMERS,
            SelfWatch.CHANNELS,
            SelfWatch.LISTENERS,
            SelfWatch.WATCHER,
            SelfWatch.NOTICES,
            SelfWatch.THREADS,
            LOG,
            METRICS);

    private final HostClock clock;
    private final RunDocument documents;
    private final long begun = System.nanoTime();
    /** The sources of faults that count at once. Guarded by this. */
    private final List<Supplier<List<SelfWatch.Part>>> parts = new ArrayList<>();
    /** The sources of faults that were seen for a while. Guarded by this. */
    private final List<Supplier<List<Fault>>> watches = new ArrayList<>();
    /** The last change of each check. Guarded by this. */
    private final Map<String, Check> checks = new HashMap<>();

    /**
     * The state of one check.
     *
     * @param why the fault in a sentence; empty: it passes
     * @param since the time since which it passes or fails, by {@code nanoTime}
     */
    private record Check(Optional<String> why, long since) {}

    /**
     * The result of a look.
     *
     * @param trouble the first fault, in a sentence; empty: the daemon is healthy
     * @param data the checks for programs
     */
    record State(Optional<String> trouble, Map<String, ?> data) {}

    Health(HostClock clock, RunDocument documents) {
        this.clock = clock;
        this.documents = documents;
    }

    /** Adds a part whose fault counts at once. */
    void add(String check, Supplier<Optional<String>> fault) {
        addAll(() -> List.of(new SelfWatch.Part(check, fault)));
    }

    /** Adds parts whose faults count at once. */
    synchronized void addAll(Supplier<List<SelfWatch.Part>> more) {
        parts.add(more);
    }

    /** Adds a watch. */
    synchronized void watch(Supplier<List<Fault>> watch) {
        watches.add(watch);
    }

    /** Looks at all parts. */
    synchronized State look() {
        var found = new HashMap<String, Check>();
        long now = System.nanoTime();
        for (var part : parts.stream().flatMap(source -> source.get().stream()).toList()) {
            part.fault().get().ifPresent(why -> found.putIfAbsent(part.check(), new Check(Optional.of(why), now)));
        }
        watches.stream()
                .flatMap(watch -> watch.get().stream())
                .forEach(fault -> found.merge(
                        fault.check(),
                        new Check(Optional.of(fault.why()), fault.since()),
                        (first, second) -> new Check(first.why(), Math.min(first.since(), second.since()))));
        var data = new ArrayList<Map<String, ?>>();
        Optional<String> trouble = Optional.empty();
        for (String name : NAMES) {
            Check before = checks.getOrDefault(name, new Check(Optional.empty(), begun));
            Check next = found.getOrDefault(name, new Check(Optional.empty(), now));
            boolean isSame = before.why().isPresent() == next.why().isPresent();
            var check = new Check(next.why(), isSame ? before.since() : next.since());
            checks.put(name, check);
            data.add(data(name, check, now));
            trouble = trouble.or(check::why);
        }
        return new State(trouble, Map.of("healthy", trouble.isEmpty(), "checks", List.copyOf(data)));
    }

    private Map<String, ?> data(String name, Check check, long now) {
        Instant since = clock.instant().minusNanos(now - check.since());
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("name", name);
        data.put("ok", check.why().isEmpty());
        data.put("since", documents.time(since));
        data.put("why", check.why().orElse(null));
        return data;
    }
}
