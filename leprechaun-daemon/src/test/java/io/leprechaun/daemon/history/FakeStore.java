package io.leprechaun.daemon.history;

import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.run.Cause;
import io.leprechaun.daemon.run.Input;
import io.leprechaun.daemon.run.Pause;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunSpec;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.settings.AgentName;
import io.leprechaun.daemon.settings.notify.NotifyRules;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A store in memory that commits in order, at once or on request, and records invalid calls. */
public final class FakeStore implements RunStore {
    private final String identity = UUID.randomUUID().toString();
    private final FakeLedger ledger = new FakeLedger(this);
    private final FakeOutbox outbox = new FakeOutbox(this);
    private final FakeClockLog clock = new FakeClockLog(this);
    private final Map<RecipeName, Pause> pauses = new HashMap<>();
    private final Map<AgentName, Pause> agentPauses = new HashMap<>();
    /** Guarded by this, like all fields. */
    private final Deque<Change<?>> waiting = new ArrayDeque<>();

    private final TreeMap<Long, Run> rows = new TreeMap<>();
    private final Map<Long, Input> inputs = new HashMap<>();
    private final Map<String, RecipeVersion> versions = new HashMap<>();
    private final Map<Delivery, Long> deliveries = new HashMap<>();
    private final List<String> wrong = new ArrayList<>();
    /** The runs whose acceptance has failed. */
    private final Set<Long> unaccepted = new HashSet<>();

    private Claims claims = Claims.NONE;
    private int applying;
    private boolean held;
    private int failures;
    private long lastId;

    private record Delivery(RecipeName recipe, String name) {}

    private record Change<T>(Supplier<T> action, CompletableFuture<T> kept, OptionalLong accepts) {
        void apply() {
            try {
                T result = action.get();
                kept.completeAsync(() -> result, Runnable::run);
            } catch (StoreException e) {
                kept.completeExceptionally(e);
            }
        }
    }

    /** Sets whether changes wait until {@link #commit} is called. */
    public synchronized void hold(boolean hold) {
        held = hold;
    }

    /** Makes this many of the next changes fail. */
    public synchronized void failNext(int changes) {
        failures = changes;
    }

    /** Returns the number of waiting changes. */
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

    /** Makes the change that has waited longest fail if it is an acceptance, and otherwise commits it. */
    public boolean failAcceptance() {
        Change<?> next = take();
        if (next == null) {
            return false;
        }
        if (next.accepts().isPresent()) {
            fail(next);
        } else {
            next.apply();
        }
        applied();
        drain();
        return true;
    }

    private void fail(Change<?> change) {
        change.accepts().ifPresent(this::unaccepted);
        change.kept() // without the lock: callers continue with locks of their own
                .completeExceptionally(new StoreException(StoreException.StoreFault.FULL, "the disk is full", null));
    }

    private synchronized void unaccepted(long run) {
        unaccepted.add(run);
    }

    private synchronized Change<?> take() {
        Change<?> next = waiting.poll();
        applying += next == null ? 0 : 1;
        return next;
    }

    private synchronized void applied() {
        applying--;
    }

    /** Returns every record, by id. */
    public synchronized List<Run> rows() {
        return List.copyOf(rows.values());
    }

    /** Returns the invalid calls. */
    public synchronized List<String> wrong() {
        return List.copyOf(wrong);
    }

    /** Requests a change for which no caller waits. */
    void soon(Runnable action) {
        var unused = change(() -> {
            action.run();
            return null;
        });
    }

    /** Requests a change that brings no new work. */
    <T> CompletableFuture<T> change(Supplier<T> action) {
        return change(OptionalLong.empty(), action);
    }

    private <T> CompletableFuture<T> change(OptionalLong accepts, Supplier<T> action) {
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
            fail(change);
        }
        drain();
        return change.kept();
    }

    /** Commits waiting changes in the order of the requests, one thread at a time, as the real store does. */
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
        return ledger;
    }

    @Override
    public Outbox outbox() {
        return outbox;
    }

    @Override
    public ClockLog clock() {
        return clock;
    }

    @Override
    public String identity() {
        return identity;
    }

    @Override
    public Optional<StoreException> trouble() {
        return Optional.empty();
    }

    @Override
    public synchronized long nextId() {
        return ++lastId;
    }

    /** Returns the number of the oldest record; 0 for none. */
    synchronized long oldestId() {
        return rows.isEmpty() ? 0 : rows.firstKey();
    }

    /** Returns the number of the newest record; 0 for none. */
    synchronized long newestId() {
        return rows.isEmpty() ? 0 : rows.lastKey();
    }

    @Override
    public CompletableFuture<Void> accept(Run run, Recipe recipe, Input input) {
        return change(OptionalLong.of(run.id()), () -> {
            if (rows.containsKey(run.id())) {
                wrong.add("accepted twice: " + run.id());
                throw new StoreException("there is a run " + run.id() + " already");
            }
            keep(run);
            var origin = recipe.origin();
            versions.putIfAbsent(origin.hash(), new RecipeVersion(origin.file().toString(), origin.text()));
            inputs.put(run.id(), new Input(input.parameters(), input.body(), List.of(), input.course()));
            input.deliveries()
                    .forEach(name -> deliveries.put(new Delivery(run.order().recipe(), name), run.id()));
            ledger.accepted(run);
            return null;
        });
    }

    /** Keeps a new record, without the end that it is due after. */
    private void keep(Run run) {
        var order = run.order();
        var cause = order.cause();
        rows.put(
                run.id(),
                run.ordered(new RunSpec(
                        order.recipe(),
                        order.version(),
                        order.agent(),
                        order.priority(),
                        new Cause(cause.trigger(), cause.dueAt(), cause.requestedBy()))));
    }

    @Override
    public CompletableFuture<Long> refuse(Run run, NotifyRules tell) {
        long id = nextId();
        return change(() -> {
            Optional<Run> same = ledger.lastRefused(run)
                    .flatMap(this::find)
                    .filter(last -> last.state() == run.state() && last.reason().equals(run.reason()));
            Run record = same.map(last -> last.repeated(run)).orElseGet(() -> run.numbered(id));
            keep(record);
            ledger.refused(run.numbered(record.id()));
            return record.id();
        });
    }

    @Override
    public void changed(Run run) {
        soon(() -> update(run));
    }

    private void update(Run run) {
        Run before = rows.get(run.id());
        if (before == null && unaccepted.contains(run.id())) {
            return; // it may be requested after an acceptance that fails, and changes nothing
        }
        if (before == null) {
            wrong.add(run.state() + " without having been accepted: " + run.id());
        } else if (before.state().isFinal()) {
            wrong.add(before.state() + " became " + run.state() + ": " + run.id());
        } else {
            rows.put(run.id(), run.ordered(before.order()));
        }
    }

    /** Records a start, unless a later state is recorded: a claimed run may be further by now. */
    private void begin(Run run) {
        Run before = rows.get(run.id());
        if (before == null || before.state() == RunState.QUEUED || before.attempt() < run.attempt()) {
            update(run);
        }
    }

    @Override
    public CompletableFuture<Long> end(Run ended, List<Run> started, NotifyRules tell) {
        return change(() -> {
            update(ended);
            started.forEach(this::begin);
            return ledger.ended(ended);
        });
    }

    @Override
    public CompletableFuture<Void> attempted(Run waiting, List<Run> started) {
        return change(() -> {
            update(waiting);
            started.forEach(this::begin);
            return null;
        });
    }

    @Override
    public CompletableFuture<Void> start(List<Run> started) {
        return change(() -> {
            started.forEach(this::begin);
            return null;
        });
    }

    @Override
    public CompletableFuture<Void> claim(Claims claims) {
        return change(() -> {
            this.claims = claims;
            return null;
        });
    }

    @Override
    public synchronized Claims claims() {
        return claims;
    }

    @Override
    public synchronized List<Run> unfinished() {
        return rows.values().stream().filter(run -> !run.state().isFinal()).toList();
    }

    @Override
    public synchronized Optional<RecipeVersion> version(String hash) {
        return Optional.ofNullable(versions.get(hash));
    }

    @Override
    public synchronized Input input(long run) {
        return inputs.getOrDefault(run, Input.NONE);
    }

    @Override
    public synchronized Optional<Long> delivered(RecipeName recipe, String delivery, Instant since) {
        return Optional.ofNullable(deliveries.get(new Delivery(recipe, delivery)))
                .filter(id -> !acceptedAt(rows.get(id)).isBefore(since));
    }

    /** Returns the time of a run's acceptance, by the clock as it is now. */
    private Instant acceptedAt(Run run) {
        return run.times().queuedAt().plus(clock.since(run.id()));
    }

    @Override
    public synchronized Optional<Run> due(RecipeName recipe, Instant until) {
        return of(recipe)
                .filter(run -> run.order()
                        .cause()
                        .dueAt()
                        .filter(at -> !at.isAfter(until))
                        .isPresent())
                .max(Comparator.comparing(
                                (Run run) -> run.order().cause().dueAt().orElseThrow())
                        .thenComparing(Run::id));
    }

    /** Returns the records of a recipe, newest first. */
    private Stream<Run> of(RecipeName recipe) {
        return newest().filter(run -> run.order().recipe().equals(recipe));
    }

    private Stream<Run> newest() {
        return rows.descendingMap().values().stream();
    }

    @Override
    public synchronized Optional<Run> find(long id) {
        return Optional.ofNullable(rows.get(id));
    }

    @Override
    public int count(RunFilter filter) {
        return ids(filter).size();
    }

    @Override
    public synchronized List<Long> ids(RunFilter filter) {
        return filter.recipe()
                .map(this::of)
                .orElseGet(this::newest)
                .filter(run -> filter.states().isEmpty() || filter.states().contains(run.state()))
                .filter(run -> filter.since()
                        .filter(since -> acceptedAt(run).isBefore(since))
                        .isEmpty())
                .filter(run -> filter.until()
                        .filter(until -> !acceptedAt(run).isBefore(until))
                        .isEmpty())
                .filter(run -> filter.trigger()
                        .filter(kind -> !kind.equals(run.order().cause().trigger()))
                        .isEmpty())
                .filter(run -> run.id() >= filter.numbers().from()
                        && run.id() < filter.numbers().below())
                .limit(filter.limit())
                .map(Run::id)
                .toList();
    }

    @Override
    public synchronized List<Run> list(List<Long> ids) {
        return ids.stream().flatMap(id -> find(id).stream()).toList();
    }

    @Override
    public synchronized Map<RecipeName, List<Run>> recent(Set<RecipeName> recipes, int most) {
        return recipes.stream()
                .flatMap(recipe -> of(recipe)
                        .filter(run -> run.state().hasRun())
                        .limit(most)
                        .map(run -> run.with(List.of())))
                .collect(Collectors.groupingBy(run -> run.order().recipe()));
    }

    @Override
    public synchronized Map<RecipeName, Run> last() {
        var last = new HashMap<RecipeName, Run>();
        newest().filter(run -> inputs.containsKey(run.id()))
                .forEach(run -> last.putIfAbsent(run.order().recipe(), run));
        return last;
    }

    @Override
    public synchronized Map<RecipeName, Integer> failures() {
        var failures = new HashMap<RecipeName, Integer>();
        newest().toList().reversed().stream()
                .filter(run -> run.state().isFinal())
                .forEach(run -> {
                    if (run.state().isTrouble()) {
                        failures.merge(run.order().recipe(), 1, Integer::sum);
                    } else if (run.state() == RunState.SUCCEEDED) {
                        failures.remove(run.order().recipe());
                    }
                });
        return failures;
    }

    @Override
    public CompletableFuture<Void> pause(RecipeName recipe, Optional<Pause> pause) {
        return change(() -> {
            pause.ifPresentOrElse(now -> pauses.put(recipe, now), () -> pauses.remove(recipe));
            return null;
        });
    }

    @Override
    public synchronized Map<RecipeName, Pause> pauses() {
        return Map.copyOf(pauses);
    }

    @Override
    public CompletableFuture<Void> pauseAgent(AgentName agent, Optional<Pause> pause) {
        return change(() -> {
            pause.ifPresentOrElse(now -> agentPauses.put(agent, now), () -> agentPauses.remove(agent));
            return null;
        });
    }

    @Override
    public synchronized Optional<Pause> agentPause(AgentName agent) {
        return Optional.ofNullable(agentPauses.get(agent));
    }
}
