package io.leprechaun.daemon.worker;

import io.leprechaun.daemon.execution.Executions;
import io.leprechaun.daemon.execution.RunCounts;
import io.leprechaun.daemon.history.RunStore;
import io.leprechaun.daemon.history.StoreException;
import io.leprechaun.daemon.lifecycle.Alarms.Alarm;
import io.leprechaun.daemon.lifecycle.Threads;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.run.Input;
import io.leprechaun.daemon.run.Outcome;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.settings.AgentName;
import io.leprechaun.daemon.settings.notify.NoticeEvent;
import io.leprechaun.daemon.settings.notify.NotifyRules;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lock around {@link QueueState}, and the work that its effects ask for: changes of the store, attempts in threads
 * of their own, and one alarm. Effects are carried out under the lock, in their order; nothing blocks there, because
 * the store answers by futures. Thread-safe.
 */
final class Attempts {
    private static final Logger LOG = LoggerFactory.getLogger(Attempts.class);
    private static final Duration STORE_RETRY = Duration.ofSeconds(1);
    /** The longest delay of the alarm. Then time is compared again: alarms stop while the machine is suspended. */
    private static final Duration LONGEST_SLEEP = Duration.ofHours(1);
    /** The delay of the alarm that is tolerated, in nanoseconds. */
    private static final long EARLY_ENOUGH = 5_000_000;
    /**
     * The largest input of a run that is kept in memory, in bytes; a larger one is read from the store when the run
     * starts.
     */
    private static final int SMALL_INPUT = 1024;

    /** The number of runs waiting for an agent whose input is kept in memory. */
    private static final int WITH_INPUT = 1000;

    private static final String NO_THREAD =
            "cannot create a thread (%s): raise the limit of processes (TasksMax=, ulimit -u) or the daemon's memory";

    private static final String NO_ROOM =
            "the daemon has no memory or threads left (%s): raise its memory (LEPRECHAUN_JAVA_OPTS=-Xmx256m) or the"
                    + " limit of processes (TasksMax=, ulimit -u)";

    private final ReentrantLock lock = new ReentrantLock();
    private final QueueState state;
    private final RunStore store;
    private final Executions executions;
    private final Pauses pauses;
    private final Refusals refusals;
    private final Function<RecipeName, NotifyRules> tell;
    private final RunCounts counts = new RunCounts();
    /** The jobs whose end is not on disk yet, by run. Guarded by the lock. */
    private final Map<Long, Live> lives = new HashMap<>();
    /** The channels by agent. */
    private final Map<AgentName, Channels> channels = new ConcurrentHashMap<>();

    private volatile Consumer<Run> begins = run -> {};
    private volatile Consumer<Run> changes = run -> {};
    private volatile boolean closing;
    /** The alarm for the next tick. Guarded by the lock. */
    private Optional<Alarm> alarm = Optional.empty();
    /** The instant of the alarm, by {@code nanoTime}. Guarded by the lock. */
    private long ringsAt;

    /** The channels of an agent, for the ends of its runs and for its errors. */
    record Channels(Channel<End> done, Channel<Run> errors) {}

    /**
     * @param most the largest number of runs that are not over, by memory
     * @param removal the time after which the removal of a recipe is final
     */
    Attempts(
            RunStore store,
            Executions executions,
            Pauses pauses,
            Function<RecipeName, NotifyRules> tell,
            long most,
            Duration removal) {
        this.state = new QueueState(most, removal, store::nextId);
        this.store = store;
        this.executions = executions;
        this.pauses = pauses;
        this.refusals = new Refusals(store, executions.alarms());
        this.tell = tell;
    }

    /** Reads under the lock. */
    <T> T read(Function<QueueState, T> question) {
        lock.lock();
        try {
            return question.apply(state);
        } finally {
            lock.unlock();
        }
    }

    /** Changes the state under the lock, where nothing has to be carried out. */
    private void change(Consumer<QueueState> change) {
        read(decider -> {
            change.accept(decider);
            return decider;
        });
    }

    /** Decides on an event, and carries out its effects. */
    void event(Event event) {
        change(decider -> carryOut(event.decide(decider, Moment.of(executions.clock()))));
    }

    /** An event in the state. */
    interface Event {
        List<Effect> decide(QueueState state, Moment at);
    }

    /** Begins the shutdown: closes all agents, and stops waiting for a store whose files are not in place. */
    void closing(String why) {
        closing = true;
        event((decider, at) -> decider.closeAll(why));
    }

    /** Ends the shutdown: answers the refused requests that still wait. */
    void closed() {
        refusals.flush();
    }

    RunCounts counts() {
        return counts;
    }

    boolean isClosing() {
        return closing;
    }

    void onBegin(Consumer<Run> listener) {
        begins = listener;
    }

    void onChange(Consumer<Run> listener) {
        changes = listener;
    }

    void register(AgentName agent, int max, int queue, Channels told) {
        channels.put(agent, told);
        change(decider -> decider.register(agent, max, queue));
    }

    private Channels channels(AgentName agent) {
        Channels told = channels.get(agent);
        if (told == null) {
            throw new IllegalArgumentException("no workers for " + agent);
        }
        return told;
    }

    /** Returns the work for a job; empty: its end is on disk. Called under the lock. */
    Optional<Live> live(long run) {
        return Optional.ofNullable(lives.get(run));
    }

    /** Submits a due run. The future completes when the decision is on disk. */
    CompletableFuture<AdmissionResult> submit(RunRequest request) {
        return read(decider -> {
            Moment at = Moment.of(executions.clock()); // under the lock: times have the order of the ids
            Instant due = request.cause().dueAt().orElse(at.now()); // the run may be submitted late
            var effects = decider.due(request, pauses.why(request.recipe().name(), due), at);
            var result = switch (effects.getFirst()) {
                case Effect.Accept accept -> accept(accept);
                case Effect.Refuse refuse -> refuse(refuse.record());
                default -> throw new IllegalStateException("a request is accepted or refused first");
            };
            carryOut(effects.subList(1, effects.size()));
            return result;
        });
    }

    /**
     * Restores a run that was accepted before the daemon started.
     *
     * @param ahead the time by which the clock was set forward since it was accepted
     */
    void restore(Run queued, Recipe recipe, Duration ahead) {
        var coalesce = QueueState.coalesce(recipe, () -> store.input(queued.id()));
        event((decider, at) -> {
            lives.put(queued.id(), new Live());
            return decider.restored(queued, recipe, coalesce, at.ahead().plus(ahead), at);
        });
    }

    private Live live(Job job) {
        return live(job.id()).orElseGet(Live::new); // new: nothing of it can be stored any more
    }

    private void carryOut(List<Effect> effects) {
        for (Effect effect : effects) { // first: a failure below must not stop the only alarm
            if (effect instanceof Effect.Wake wake) {
                wake(wake.after());
            }
        }
        for (Effect effect : effects) {
            switch (effect) {
                case Effect.Accept accept -> {
                    var unused = accept(accept);
                }
                case Effect.Refuse refuse -> {
                    var unused = refuse(refuse.record());
                }
                case Effect.Start start -> start(start.next());
                case Effect.Launch launch -> launch(launch.job());
                case Effect.LaunchClaimed launch -> {
                    prepare(List.of(launch.job()));
                    launch(launch.job());
                }
                case Effect.Claims claims -> claim(claims);
                case Effect.Retry retry -> retry(retry);
                case Effect.End end -> end(end);
                case Effect.Change change -> {
                    store.changed(change.run());
                    changes.accept(change.run());
                }
                case Effect.Stopping stop ->
                    live(stop.job()).execution.ifPresent(execution -> execution.stop(stop.why()));
                case Effect.Wake wake -> {} // above
                case Effect.Warn warn -> LOG.warn("{}", warn.line());
            }
        }
    }

    /** Sets the alarm for the next tick, unless it is set early enough. */
    private void wake(Instant after) {
        Duration left = Duration.between(executions.clock().steady(), after).plusMillis(1);
        long nanos = left.compareTo(LONGEST_SLEEP) > 0 ? LONGEST_SLEEP.toNanos() : Math.max(0, left.toNanos());
        long at = System.nanoTime() + nanos;
        if (alarm.isEmpty() || at - ringsAt < -EARLY_ENOUGH) {
            alarm.ifPresent(Alarm::cancel);
            ringsAt = at;
            alarm = Optional.of(executions.alarms().in(Duration.ofNanos(nanos), this::tick));
        }
    }

    private void tick() {
        event((decider, at) -> {
            alarm = Optional.empty();
            return decider.tick(at);
        });
    }

    private CompletableFuture<AdmissionResult> refuse(Run record) {
        return refuse(record, tell.apply(record.order().recipe()))
                .thenApply(id -> new AdmissionResult.NotStarted(
                        id, record.state(), record.reason().orElse("")));
    }

    /** Stores the record of a due run that did not start. */
    CompletableFuture<Long> refuse(Run record, NotifyRules telling) {
        Channels told = channels(record.order().agent());
        return refusals.add(record, telling).thenApply(id -> {
            counts.ended(record);
            changes.accept(record.numbered(id));
            if (record.state().isLoss() || record.state() == RunState.SKIPPED) {
                told.errors().send(record.numbered(id));
            }
            return id;
        });
    }

    /**
     * Stores the record of a due run that did not start. A failure is logged.
     *
     * @param told whether a notice of it is sent in another way
     */
    void recordMissed(Run record, boolean told) {
        RecipeName recipe = record.order().recipe();
        var unused = refuse(record, told ? NotifyRules.NOTHING : tell.apply(recipe))
                .exceptionally(failure -> {
                    LOG.error(
                            "recipe={} was {}, but the record could not be stored",
                            recipe,
                            record.state().word(),
                            failure);
                    return 0L;
                });
    }

    private CompletableFuture<AdmissionResult> accept(Effect.Accept accept) {
        Job job = accept.job();
        Input input = accept.input();
        var live = new Live();
        lives.put(job.id(), live);
        boolean isSmall = input.size() <= SMALL_INPUT;
        if (accept.run().state() == RunState.RUNNING) {
            prepare(job, isSmall ? () -> input : () -> store.input(job.id()));
        } else if (isSmall && state.jobs().workers(job).queue.size() <= WITH_INPUT) {
            live.input = Optional.of(input);
        }
        return store.accept(accept.run(), job.recipe, input).handle((kept, failure) -> {
            if (failure != null) {
                abandon(job, live);
                recordRefusal(accept.run(), failure);
                throw failure instanceof RuntimeException unchecked ? unchecked : new CompletionException(failure);
            }
            changes.accept(accept.run());
            event((decider, at) -> decider.accepted(accept, at));
            return new AdmissionResult.Accepted(accept.run(), live.over);
        });
    }

    /** Withdraws an acceptance that could not be stored. */
    private void abandon(Job job, Live live) {
        event((decider, at) -> {
            lives.remove(job.id());
            return decider.abandoned(job, at);
        });
        live.over.complete(job.run);
    }

    /** Records a due run that could not be accepted: the store has room for records when it has none for new work. */
    private void recordRefusal(Run run, Throwable failure) {
        if (run.order().cause().dueAt().isPresent() && !isForGood(failure)) {
            String why = switch (failure instanceof StoreException failed
                    ? failed.fault()
                    : StoreException.StoreFault.NONE) {
                case FULL -> "the disk was full";
                case DISPLACED -> "the state folder was not in place";
                case NONE, FAILED, DAMAGED -> "the store failed";
            };
            Instant now = executions.clock().instant();
            recordMissed(Run.refused(run.order(), RunState.REJECTED, why, Run.Repeat.ONCE, now), false);
        }
    }

    private void start(Effect.Next next) {
        prepare(next.waiting());
        var runs = next.runs();
        keep(next.waiting(), () -> store.start(runs), _ -> follow(next, runs));
    }

    /**
     * Continues after the starts of jobs were stored.
     *
     * @param started the runs as they were stored
     */
    private void follow(Effect.Next next, List<Run> started) {
        started.forEach(changes);
        if (!next.claimed().isEmpty()) {
            change(decider -> decider.recorded(next.claimed()));
        }
        next.waiting().forEach(this::launch);
    }

    private void claim(Effect.Claims claims) {
        var unused = store.claim(new RunStore.Claims(executions.boot(), claims.runs()))
                .whenComplete((kept, failure) -> change(decider -> {
                    if (failure == null) {
                        decider.claimed(claims.jobs());
                    } else {
                        decider.unclaimed(claims.jobs());
                    }
                }));
    }

    private void prepare(List<Job> jobs) {
        for (Job job : jobs) {
            Optional<Input> kept = live(job).input;
            prepare(job, () -> kept.orElseGet(() -> store.input(job.id())));
        }
    }

    /** Prepares the attempt of a job that was given a slot, so that it can be asked to stop. */
    private void prepare(Job job, Supplier<Input> input) {
        Live live = live(job);
        Run run = job.run;
        var attempt = new CompletableFuture<Run>();
        live.attempt = attempt;
        var unused = live.over.whenComplete((ended, failure) -> attempt.complete(failure == null ? ended : run));
        live.execution = Optional.of(executions.of(run, job.recipe, input));
    }

    /** Begins the work of a job whose slot is on disk, unless storing its acceptance failed meanwhile. */
    private void launch(Job job) {
        read(decider -> live(job.id())).ifPresent(live -> {
            try {
                Threads.virtual("run-" + job.id(), () -> work(job, live)).start();
            } catch (OutOfMemoryError e) { // the job may have got a thread all the same
                if (takes(job, live)) {
                    LOG.error("run={} recipe={} could not be started: {}", job.id(), job.recipe.name(), e.getMessage());
                    leave(job, Outcome.of(RunState.FAILED, NO_THREAD.formatted(e.getMessage())));
                }
            }
        });
    }

    /** Takes this attempt of a job, and returns whether the caller is the first to do so. */
    private boolean takes(Job job, Live live) {
        return read(decider -> {
            boolean isFirst = live.taken < job.run.attempt();
            live.taken = job.run.attempt();
            return isFirst;
        });
    }

    private void work(Job job, Live live) {
        if (!takes(job, live)) {
            return;
        }
        Outcome outcome = Outcome.of(RunState.FAILED, "internal error: see the daemon's log");
        try {
            if (job.run.attempt() == 1) {
                counts.began(job.run);
                begins.accept(job.run);
            }
            outcome = live.execution.orElseThrow().run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (OutOfMemoryError e) {
            outcome = Outcome.of(RunState.FAILED, NO_ROOM.formatted(e.getMessage()));
            LOG.error("run={} recipe={} failed: no memory or threads left", job.id(), job.recipe.name(), e);
        } catch (RuntimeException | Error e) { // the slot must become free, whatever happened
            LOG.error("run={} recipe={} failed: internal error", job.id(), job.recipe.name(), e);
        } finally {
            leave(job, outcome);
        }
    }

    /** Leaves an attempt, the only way out. */
    private void leave(Job job, Outcome outcome) {
        event((decider, at) -> decider.ended(job, outcome, at));
    }

    private void retry(Effect.Retry retry) {
        Job job = retry.job();
        Live live = live(job);
        live.execution = Optional.empty();
        live.input = Optional.empty();
        var attempt = live.attempt;
        prepare(retry.next().waiting());
        var next = retry.next().runs();
        keep(with(job, retry.next()), () -> store.attempted(retry.waiting(), next), _ -> {
            LOG.info("{}", retry.waiting().sentence());
            changes.accept(retry.waiting());
            follow(retry.next(), next);
            attempt.complete(retry.waiting());
            event((decider, at) -> decider.waits(job, at));
        });
    }

    private void end(Effect.End end) {
        Job job = end.job();
        Run ended = end.ended();
        Live live = live(job);
        prepare(end.next().waiting());
        var next = end.next().runs();
        RecipeName recipe = ended.order().recipe();
        keep(
                with(job, end.next()),
                () -> store.end(ended, next, job.removed ? tellOfRemoved(job) : tell.apply(recipe)),
                number -> {
                    event((decider, at) -> {
                        lives.remove(job.id());
                        return decider.kept(job, at);
                    });
                    counts.ended(ended);
                    Channels told = channels(ended.order().agent());
                    told.done().send(new End(ended, number)); // before the next jobs begin: they may end soon
                    if (ended.state().isTrouble() || ended.state().isLoss()) {
                        told.errors().send(ended);
                    }
                    changes.accept(ended);
                    follow(end.next(), next);
                    answerRefused(ended.order().agent());
                    live.over.complete(ended);
                });
    }

    /**
     * Answers requests that were refused for lack of room, once half of the queue is free: their senders may return.
     */
    private void answerRefused(AgentName agent) {
        if (refusals.areWaiting() && read(decider -> isHalfFree(decider.jobs().workers(agent)))) {
            refusals.hasRoom(agent);
        }
    }

    private static boolean isHalfFree(Workers workers) {
        return workers.queue.size() <= workers.capacity / 2;
    }

    /**
     * Returns the notice rules of a removed recipe as they were. Accepted work that is given up counts as a failure
     * does.
     */
    private static NotifyRules tellOfRemoved(Job job) {
        NotifyRules telling = job.recipe.bounds().telling();
        return telling.on().contains(NoticeEvent.FAILURE) ? telling.and(NoticeEvent.REJECTED) : telling;
    }

    private static List<Job> with(Job job, Effect.Next next) {
        return next.isEmpty()
                ? List.of(job)
                : Stream.concat(Stream.of(job), next.waiting().stream()).toList();
    }

    /**
     * Repeats a change until the store has kept it, because the slots are given away already. Gives up when the store
     * has failed for good, or during shutdown when its files are not in place.
     *
     * @param concerned the jobs to forget then, without those that are at work
     */
    private <T> void keep(List<Job> concerned, Supplier<CompletableFuture<T>> change, Consumer<T> then) {
        keep(concerned, change, then, true);
    }

    /** @param first whether this is the first try: a failure is logged once */
    private <T> void keep(List<Job> concerned, Supplier<CompletableFuture<T>> change, Consumer<T> then, boolean first) {
        var unused = change.get().whenComplete((kept, failure) -> {
            if (failure == null) {
                follow(concerned, () -> then.accept(kept));
                return;
            }
            change(QueueState::dropClaims); // nothing else may start without a record
            if (isForGood(failure) || closing && isDisplaced(failure)) {
                forget(concerned, failure);
            } else {
                if (first) {
                    LOG.error(
                            "{}; retrying every {} s",
                            failure.getMessage(),
                            STORE_RETRY.toSeconds(),
                            failure.getCause());
                }
                executions.alarms().in(STORE_RETRY, () -> keep(concerned, change, then, false));
            }
        });
    }

    /** Runs the action that follows a stored change, and logs its failure, which the future would hide. */
    private static void follow(List<Job> concerned, Runnable then) {
        try {
            then.run();
        } catch (RuntimeException | Error e) {
            String run = concerned.isEmpty()
                    ? "?" // a start alone
                    : String.valueOf(concerned.getFirst().id());
            LOG.error(
                    "run={} was stored, but its follow-up failed: restart the daemon if runs do not continue", run, e);
            String sentence = "the follow-up of run " + run + " failed ("
                    + e.getClass().getName() + "): restart the daemon, or runs may not continue";
            Threads.supervise(() -> Optional.of(sentence));
        }
    }

    /** Returns whether the store will keep nothing more while the daemon lives. */
    private static boolean isForGood(Throwable failure) {
        return failure instanceof StoreException store
                && (store.fault() == StoreException.StoreFault.FAILED
                        || store.fault() == StoreException.StoreFault.DAMAGED);
    }

    private static boolean isDisplaced(Throwable failure) {
        return failure instanceof StoreException store && store.fault() == StoreException.StoreFault.DISPLACED;
    }

    /** Forgets jobs of which nothing more can be stored: the next start of the daemon recovers them from the store. */
    private void forget(List<Job> concerned, Throwable failure) {
        for (Job job : concerned) {
            LOG.error("run={} recipe={} could not be stored: {}", job.id(), job.recipe.name(), failure.getMessage());
            Optional<Live> gone = read(decider -> {
                decider.lost(job);
                return Optional.ofNullable(lives.remove(job.id()));
            });
            gone.ifPresent(live -> live.over.completeExceptionally(failure));
        }
    }
}
