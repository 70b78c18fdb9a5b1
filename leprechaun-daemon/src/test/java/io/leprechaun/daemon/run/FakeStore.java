package io.leprechaun.daemon.run;

import io.leprechaun.daemon.config.Telling;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.RecipeName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A store in memory that commits in its order, at once or when it is told to, and notes what no store should be asked. */
public final class FakeStore implements RunStore, Ledger, Outbox {
    private final Map<RecipeName, String> boots = new HashMap<>();
    private final Map<RecipeName, Pause> pauses = new HashMap<>();
    private final Map<String, Pause> agentPauses = new HashMap<>();
    /** Guarded by this, as everything. */
    private final Deque<Change<?>> waiting = new ArrayDeque<>();

    private final TreeMap<Long, Run> rows = new TreeMap<>();
    private final Map<Long, Input> inputs = new HashMap<>();
    private long lastEnd;
    private final Map<Object, Object> due = new HashMap<>();
    private final Map<RecipeName, Anchor> anchors = new HashMap<>();
    private final List<String> wrong = new ArrayList<>();
    private int applying;
    private boolean held;
    private int failures;
    private long lastId;

    private record Change<T>(Supplier<T> action, CompletableFuture<T> kept, boolean accepts) {
        void apply() {
            T result = action.get();
            kept.completeAsync(() -> result, Runnable::run);
        }
    }

    /** Whether changes wait until {@link #commit} is called. */
    public synchronized void hold(boolean hold) {
        held = hold;
    }

    /** Lets the next changes fail, so many. */
    public synchronized void failNext(int changes) {
        failures = changes;
    }

    /** How many changes wait. */
    public synchronized int waiting() {
        return waiting.size();
    }

    /** Commits the change that has waited longest; false: none waits. */
    public boolean commit() {
        Change<?> next = take();
        if (next == null) {
            return false;
        }
        next.apply();
        applied();
        drain();
        return true;
    }

    /** Lets the change that has waited longest fail if it is an acceptance, and commits it if it is another. */
    public boolean failAcceptance() {
        Change<?> next = take();
        if (next == null) {
            return false;
        }
        if (next.accepts()) {
            next.kept().completeExceptionally(new StoreException(StoreException.Fault.FULL, "the disk is full", null));
        } else {
            next.apply();
        }
        applied();
        drain();
        return true;
    }

    private synchronized Change<?> take() {
        Change<?> next = waiting.poll();
        applying += next == null ? 0 : 1;
        return next;
    }

    private synchronized void applied() {
        applying--;
    }

    /** Every record, by id. */
    public synchronized List<Run> rows() {
        return List.copyOf(rows.values());
    }

    /** What no store should have been asked. */
    public synchronized List<String> wrong() {
        return List.copyOf(wrong);
    }

    private <T> CompletableFuture<T> change(boolean accepts, Supplier<T> action) {
        var change = new Change<>(() -> locked(action), new CompletableFuture<T>(), accepts);
        boolean fail;
        synchronized (this) {
            fail = failures > 0;
            failures -= fail ? 1 : 0;
            if (!fail) {
                waiting.add(change);
            }
        }
        if (fail) {
            change.kept()
                    .completeExceptionally(new StoreException(StoreException.Fault.FULL, "the disk is full", null));
        }
        drain();
        return change.kept();
    }

    /** Commits what waits, in the order of asking, one thread at a time, as the real one does. */
    private void drain() {
        for (Change<?> next = takeUnheld(); next != null; next = takeUnheld()) {
            next.apply();
            applied();
        }
    }

    private synchronized Change<?> takeUnheld() {
        return held || applying > 0 ? null : take();
    }

    private synchronized <T> T locked(Supplier<T> action) {
        return action.get();
    }

    @Override
    public Ledger ledger() {
        return this;
    }

    @Override
    public Outbox outbox() {
        return this;
    }

    @Override
    public String identity() {
        return "fake";
    }

    @Override
    public Optional<StoreException> trouble() {
        return Optional.empty();
    }

    @Override
    public synchronized long nextId() {
        return ++lastId;
    }

    @Override
    public CompletableFuture<Void> accept(Run run, Recipe recipe, Input input) {
        return change(true, () -> {
            if (rows.put(run.id(), run) != null) {
                wrong.add("accepted twice: " + run.id());
            }
            inputs.put(run.id(), input);
            return null;
        });
    }

    @Override
    public CompletableFuture<Long> refuse(Run run, Telling tell) {
        return change(false, () -> {
            Run record = run.numbered(nextId());
            rows.put(record.id(), record);
            run.order().cause().dueAt().ifPresent(at -> account(run, at));
            return record.id();
        });
    }

    private void account(Run run, Instant at) {
        due.merge(
                List.of(run.order().recipe(), run.order().cause().trigger()),
                run.repeat().lastDue().orElse(at),
                (before, now) -> ((Instant) before).isAfter((Instant) now) ? before : now);
    }

    @Override
    public void changed(Run run) {
        var unused = change(false, () -> update(run));
    }

    private Void update(Run run) {
        Run before = rows.get(run.id());
        if (before == null) {
            wrong.add(run.state() + " without having been accepted: " + run.id());
        } else if (before.state().isFinal()) {
            wrong.add(before.state() + " became " + run.state() + ": " + run.id());
        } else {
            rows.put(run.id(), run);
        }
        return null;
    }

    @Override
    public CompletableFuture<Long> end(Run ended, List<Run> started, Telling tell) {
        return change(false, () -> {
            update(ended);
            started.forEach(this::update);
            return ++lastEnd;
        });
    }

    @Override
    public CompletableFuture<Void> attempted(Run waiting, List<Run> started) {
        return change(false, () -> {
            update(waiting);
            started.forEach(this::update);
            return null;
        });
    }

    @Override
    public CompletableFuture<Void> start(List<Run> started) {
        return change(false, () -> {
            started.forEach(this::update);
            return null;
        });
    }

    @Override
    public synchronized List<Run> unfinished() {
        return rows.values().stream().filter(run -> !run.state().isFinal()).toList();
    }

    @Override
    public Optional<RecipeVersion> version(String hash) {
        return Optional.empty();
    }

    @Override
    public synchronized Input input(long run) {
        return inputs.getOrDefault(run, Input.NONE);
    }

    @Override
    public synchronized Optional<Long> delivered(RecipeName recipe, String delivery, Instant since) {
        return rows.values().stream()
                .filter(run -> run.order().recipe().equals(recipe))
                .filter(run -> !run.times().queuedAt().isBefore(since))
                .map(Run::id)
                .filter(id -> input(id).deliveries().contains(delivery))
                .reduce((one, other) -> other);
    }

    @Override
    public synchronized Optional<Run> due(RecipeName recipe, Instant until) {
        return rows.values().stream()
                .filter(run -> run.order().recipe().equals(recipe))
                .filter(run -> run.order()
                        .cause()
                        .dueAt()
                        .filter(at -> !at.isAfter(until))
                        .isPresent())
                .reduce((one, other) -> other);
    }

    @Override
    public synchronized Optional<Run> find(long id) {
        return Optional.ofNullable(rows.get(id));
    }

    @Override
    public synchronized List<Long> ids(RunFilter filter) {
        return newest().stream()
                .filter(run -> filter.recipe().isEmpty()
                        || filter.recipe().get().equals(run.order().recipe()))
                .filter(run -> filter.states().isEmpty() || filter.states().contains(run.state()))
                .limit(filter.limit())
                .map(Run::id)
                .toList();
    }

    @Override
    public synchronized List<Run> list(List<Long> ids) {
        return ids.stream().flatMap(id -> find(id).stream()).toList();
    }

    private Collection<Run> newest() {
        return rows.descendingMap().values();
    }

    @Override
    public synchronized List<Run> recent(RecipeName recipe, int most) {
        return newest().stream()
                .filter(run ->
                        run.order().recipe().equals(recipe) && run.state().hasRun())
                .limit(most)
                .toList();
    }

    @Override
    public synchronized Map<RecipeName, Run> last() {
        var last = new HashMap<RecipeName, Run>();
        rows.values().stream()
                .filter(run -> run.state().hasRun() || !run.state().isFinal())
                .forEach(run -> last.put(run.order().recipe(), run));
        return last;
    }

    @Override
    public CompletableFuture<Void> tell(Notice.Kind kind, Notice.About.Found found, List<String> targets) {
        return change(false, () -> null);
    }

    @Override
    public List<Notice> unsent(String target, int limit) {
        return List.of();
    }

    @Override
    public CompletableFuture<Void> sent(List<Long> notices, List<Refusal> refusals) {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<Void> givenUp(long notice, String why) {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public List<Entry> entries(int limit) {
        return List.of();
    }

    @Override
    public CompletableFuture<Void> begun(Run run) {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<Void> silence(RecipeName recipe, Optional<Silence> silence) {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public Map<RecipeName, Silence> silences() {
        return Map.of();
    }

    @Override
    public synchronized Map<RecipeName, Anchor> anchors() {
        return Map.copyOf(anchors);
    }

    @Override
    public synchronized void anchor(RecipeName recipe, Anchor anchor) {
        anchors.put(recipe, anchor);
    }

    @Override
    public CompletableFuture<Void> shift(Duration by) {
        throw new UnsupportedOperationException();
    }

    @Override
    public synchronized long lastEnd() {
        return lastEnd;
    }

    @Override
    public Ends ends(RecipeName recipe) {
        throw new UnsupportedOperationException();
    }

    @Override
    public OptionalLong followed(RecipeName recipe) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void follow(RecipeName recipe, long end) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ClockLog clock() {
        return new ClockLog() { // nobody sets it
            @Override
            public CompletableFuture<@Nullable Void> add(Kind kind, Instant at, Duration by) {
                throw new UnsupportedOperationException();
            }

            @Override
            public List<Change> sets() {
                return List.of();
            }

            @Override
            public Duration since(long run) {
                return Duration.ZERO;
            }

            @Override
            public List<Change> newest(int most) {
                return List.of();
            }
        };
    }

    @Override
    public Optional<Instant> shown(TriggerKind trigger, Duration most, Instant until) {
        return Optional.empty();
    }

    @Override
    public synchronized Map<RecipeName, Instant> lastDue(TriggerKind trigger) {
        var found = new HashMap<RecipeName, Instant>();
        due.forEach((key, at) -> {
            if (key instanceof List<?> pair && pair.get(1).equals(trigger)) {
                found.put((RecipeName) pair.get(0), (Instant) at);
            }
        });
        return found;
    }

    @Override
    public CompletableFuture<Void> pause(RecipeName recipe, Optional<Pause> pause) {
        return change(false, () -> {
            pause.ifPresentOrElse(now -> pauses.put(recipe, now), () -> pauses.remove(recipe));
            return null;
        });
    }

    @Override
    public synchronized Map<RecipeName, Pause> pauses() {
        return Map.copyOf(pauses);
    }

    @Override
    public CompletableFuture<Void> pauseAgent(String agent, Optional<Pause> pause) {
        return change(false, () -> {
            pause.ifPresentOrElse(now -> agentPauses.put(agent, now), () -> agentPauses.remove(agent));
            return null;
        });
    }

    @Override
    public synchronized Optional<Pause> agentPause(String agent) {
        return Optional.ofNullable(agentPauses.get(agent));
    }

    @Override
    public synchronized Optional<String> lastBoot(RecipeName recipe) {
        return Optional.ofNullable(boots.get(recipe));
    }

    @Override
    public synchronized void booted(RecipeName recipe, String boot) {
        boots.put(recipe, boot);
    }

    @Override
    public synchronized void watched(RecipeName recipe, TriggerKind trigger, Instant since, Optional<Instant> shown) {
        account(recipe, trigger, since);
    }

    @Override
    public synchronized void accounted(List<RecipeName> recipes, TriggerKind trigger, Instant until) {
        recipes.forEach(recipe -> account(recipe, trigger, until));
    }

    private void account(RecipeName recipe, TriggerKind trigger, Instant until) {
        due.merge(
                List.of(recipe, trigger),
                until,
                (before, now) -> ((Instant) before).isAfter((Instant) now) ? before : now);
    }
}
