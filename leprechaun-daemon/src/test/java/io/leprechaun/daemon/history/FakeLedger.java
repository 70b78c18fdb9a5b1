package io.leprechaun.daemon.history;

import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.recipe.TriggerKind;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunState;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/** A ledger in memory, written by the changes of its store, one at a time. */
final class FakeLedger implements Ledger {
    private final FakeStore store;
    private final Map<Series, Instant> accounted = new ConcurrentHashMap<>();
    private final Map<Series, Long> refused = new ConcurrentHashMap<>();
    private final List<Watch> watches = new CopyOnWriteArrayList<>();
    private final Map<RecipeName, Long> followed = new ConcurrentHashMap<>();
    private final Map<RecipeName, Ends> ends = new ConcurrentHashMap<>();
    private final Map<RecipeName, Anchor> anchors = new ConcurrentHashMap<>();
    private final Map<RecipeName, String> boots = new ConcurrentHashMap<>();
    private final AtomicLong lastEnd = new AtomicLong();

    private record Series(RecipeName recipe, TriggerKind trigger) {
        static Series of(Run run) {
            return new Series(run.order().recipe(), run.order().series());
        }
    }

    private record Watch(TriggerKind trigger, Instant since, Instant shown) {}

    FakeLedger(FakeStore store) {
        this.store = store;
    }

    /** Returns the newest record of a run's recipe and trigger, if it started nothing. */
    Optional<Long> lastRefused(Run run) {
        return Optional.ofNullable(refused.get(Series.of(run)));
    }

    /** Records that a run was accepted. */
    void accepted(Run run) {
        refused.remove(Series.of(run));
        account(run);
    }

    /** Records that a due instant started nothing. */
    void refused(Run record) {
        refused.put(Series.of(record), record.id());
        account(record);
    }

    private void account(Run run) {
        var series = Series.of(run);
        var cause = run.order().cause();
        if (series.trigger().equals(TriggerKind.AFTER)) {
            cause.end().ifPresent(end -> followed.merge(series.recipe(), end, Math::max));
        } else {
            run.repeat().lastDue().or(cause::dueAt).ifPresent(due -> account(series, due));
        }
    }

    private void account(Series series, Instant until) {
        accounted.merge(series, until, (before, now) -> before.isAfter(now) ? before : now);
    }

    /** Returns the number of a run's end. */
    long ended(Run run) {
        long end = lastEnd.incrementAndGet();
        var recipe = run.order().recipe();
        if (run.state().hasRun()) {
            boolean well = run.state() == RunState.SUCCEEDED;
            Ends before = ends(recipe);
            ends.put(recipe, well ? new Ends(end, before.badly()) : new Ends(before.well(), end));
        }
        return end;
    }

    @Override
    public Map<RecipeName, Anchor> anchors() {
        return Map.copyOf(anchors);
    }

    @Override
    public void anchor(RecipeName recipe, Anchor anchor) {
        store.soon(() -> anchors.put(recipe, anchor));
    }

    @Override
    public CompletableFuture<Void> shift(Duration by) {
        return store.change(() -> {
            anchors.replaceAll(
                    (recipe, anchor) -> new Anchor(anchor.every(), anchor.at().plus(by)));
            accounted.replaceAll(
                    (series, until) -> series.trigger().equals(TriggerKind.SCHEDULE) ? until.plus(by) : until);
            return null;
        });
    }

    @Override
    public Map<RecipeName, Instant> lastDue(TriggerKind trigger) {
        return accounted.entrySet().stream()
                .filter(entry -> entry.getKey().trigger().equals(trigger))
                .collect(Collectors.toMap(entry -> entry.getKey().recipe(), Map.Entry::getValue));
    }

    @Override
    public Optional<Instant> shown(TriggerKind trigger, Duration most, Instant until) {
        return watches.stream()
                .filter(watch ->
                        watch.trigger().equals(trigger) && watch.shown().isBefore(until))
                .filter(watch -> Duration.between(watch.since(), watch.shown()).compareTo(most) <= 0)
                .map(Watch::shown)
                .max(Comparator.naturalOrder());
    }

    @Override
    public void accounted(List<RecipeName> recipes, TriggerKind trigger, Instant until) {
        store.soon(() -> recipes.forEach(recipe -> account(new Series(recipe, trigger), until)));
    }

    @Override
    public void watched(RecipeName recipe, TriggerKind trigger, Instant since, Optional<Instant> shown) {
        var series = new Series(recipe, trigger);
        store.soon(() -> {
            account(series, since);
            shown.ifPresent(before -> {
                accounted.put(series, since);
                watches.add(new Watch(trigger, since, before));
            });
        });
    }

    @Override
    public long lastEnd() {
        return lastEnd.get();
    }

    @Override
    public Ends ends(RecipeName recipe) {
        return ends.getOrDefault(recipe, new Ends(0, 0));
    }

    @Override
    public OptionalLong followed(RecipeName recipe) {
        Long end = followed.get(recipe);
        return end == null ? OptionalLong.empty() : OptionalLong.of(end);
    }

    @Override
    public void follow(RecipeName recipe, long end) {
        store.soon(() -> followed.merge(recipe, end, Math::max));
    }

    @Override
    public Optional<String> lastBoot(RecipeName recipe) {
        return Optional.ofNullable(boots.get(recipe));
    }

    @Override
    public void booted(RecipeName recipe, String boot) {
        store.soon(() -> boots.put(recipe, boot));
    }
}
