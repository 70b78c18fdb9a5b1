package io.leprechaun.daemon.history;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A log of the clock's changes in memory, written by the changes of its store, one at a time. */
final class FakeClockLog implements ClockLog {
    private final FakeStore store;
    private final List<ClockChange> changes = new CopyOnWriteArrayList<>();

    FakeClockLog(FakeStore store) {
        this.store = store;
    }

    @Override
    public CompletableFuture<@Nullable Void> add(ClockEvent kind, Instant at, Duration by) {
        return store.change(() -> {
            changes.add(new ClockChange(store.newestId(), kind, at, by));
            return null;
        });
    }

    @Override
    public List<ClockChange> sets() {
        return changes.stream()
                .filter(change -> !change.by().isZero() && change.run() >= store.oldestId())
                .toList();
    }

    @Override
    public Duration since(long run) {
        return changes.stream()
                .filter(change -> run <= change.run())
                .map(ClockChange::by)
                .reduce(Duration.ZERO, Duration::plus);
    }

    @Override
    public List<ClockChange> newest(int most) {
        return changes.reversed().stream().limit(most).toList();
    }
}
