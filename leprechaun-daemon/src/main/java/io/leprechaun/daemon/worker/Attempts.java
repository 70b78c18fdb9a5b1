package io.leprechaun.daemon.worker;

import io.leprechaun.daemon.execution.Executions;
import io.leprechaun.daemon.execution.Stop;
import io.leprechaun.daemon.history.RunStore;
import io.leprechaun.daemon.history.StoreException;
import io.leprechaun.daemon.lifecycle.Alarms.Alarm;
import io.leprechaun.daemon.lifecycle.Threads;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.run.Input;
import io.leprechaun.daemon.run.Outcome;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.settings.AgentName;
import io.leprechaun.daemon.settings.NoticeEvent;
import io.leprechaun.daemon.settings.NotifyRules;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life cycle of accepted runs, from the place in the queue to the end on disk. It gives every free slot to the
 * first in line that may have it, makes the attempts, and stores their results. Methods that change the queues are
 * called by a thread that holds the dispatcher's lock.
 */
final class Attempts {
    private static final Logger LOG = LoggerFactory.getLogger(Attempts.class);
    private static final Duration STORE_RETRY = Duration.ofSeconds(1);
    private static final Duration LONGEST_SLEEP = Duration.ofHours(1);
    /** The delay of the alarm that is tolerated, in nanoseconds. */
    private static final long EARLY_ENOUGH = 5_000_000;
    /** The largest number of late runs that are ended at once. */
    private static final int MOST_LATE = 100;

    private static final String NO_THREAD =
            "cannot create a thread (%s): raise the limit of processes (TasksMax=, ulimit -u) or the daemon's memory";

    private static final String NO_ROOM =
            "the daemon has no memory or threads left (%s): raise its memory (LEPRECHAUN_JAVA_OPTS=-Xmx256m) or the"
                    + " limit of processes (TasksMax=, ulimit -u)";

    private final QueueState queues;
    private final RunStore store;
    private final Executions executions;
    private final Function<RecipeName, NotifyRules> tell;
    /** The channels by agent. */
    private final Map<AgentName, Channels> channels = new ConcurrentHashMap<>();

    private volatile Consumer<Run> begins = run -> {};
    private volatile boolean closing;
    /**
     * The alarm that lets runs that wait too long {@link #expire}. Guarded by the dispatcher's lock, like the next two
     * fields.
     */
    private Optional<Alarm> expiry = Optional.empty();
    /** The instant of the alarm, by {@code nanoTime}. */
    private long expiresAt;
    /** The second in which the windows of all waiting runs were checked last. */
    private long lookedAtWindows;

    /** The channels of an agent, for the ends of its runs and for its errors. */
    record Channels(Channel<End> done, Channel<Run> errors) {}

    Attempts(QueueState queues, RunStore store, Executions executions, Function<RecipeName, NotifyRules> tell) {
        this.queues = queues;
        this.store = store;
        this.executions = executions;
        this.tell = tell;
    }

    /** Begins the shutdown: stops waiting for a store whose files are not in place. */
    void closing() {
        closing = true;
    }

    boolean isClosing() {
        return closing;
    }

    void onBegin(Consumer<Run> listener) {
        begins = listener;
    }

    void tellBy(AgentName agent, Channels told) {
        channels.put(agent, told);
    }

    Channels channels(AgentName agent) {
        Channels told = channels.get(agent);
        if (told == null) {
            throw new IllegalArgumentException("no workers for " + agent);
        }
        return told;
    }

    /** Puts a job on its agent's stack, and prepares its attempt. */
    void occupy(Job job, Instant now, Supplier<Input> input) {
        queues.occupy(job);
        job.run = job.run.started(now);
        var attempt = new CompletableFuture<Run>();
        job.attempt = attempt;
        var unused = job.over.whenComplete((run, failure) -> attempt.complete(job.run));
        job.execution = Optional.of(executions.of(job.run, job.recipe, input));
    }

    /**
     * Gives every free slot to the first job in line that may have it, and ends late jobs that it finds. Returns the
     * jobs that start.
     */
    List<Job> fill() {
        var started = new ArrayList<Job>();
        var late = new ArrayList<Job>();
        Instant now = executions.clock().instant();
        Instant steady = executions.clock().steady();
        if (now.getEpochSecond() != lookedAtWindows) {
            lookedAtWindows = now.getEpochSecond();
            late.addAll(queues.deadlines().closed(now));
        }
        queues.startOrder()
                .advance(new StartOrder.Advance(
                        job -> job.expired(now, steady).isPresent(), late::add, queues::mayStart, job -> {
                            occupy(job, now, () -> job.input.orElseGet(() -> store.input(job.id())));
                            started.add(job);
                        }));
        endLate(late, now, steady);
        return started;
    }

    /**
     * Ends runs that still wait and must not start any more. Many are ended in batches, so that other changes do not
     * wait long for the store.
     */
    private void endLate(List<Job> late, Instant now, Instant steady) {
        var some = late.subList(0, Math.min(MOST_LATE, late.size()));
        some.stream()
                .filter(job -> !job.left)
                .forEach(job -> job.expired(now, steady).ifPresent(why -> endWaiting(job, why)));
        if (some.size() < late.size()) {
            var rest = late.subList(some.size(), late.size());
            soonAfter(
                    some.getLast(),
                    () -> queues.locked(() -> {
                        endLate(rest, now, steady);
                        return rest;
                    }));
        }
    }

    /** Runs a task after the end of a job, in another thread than the one that ends it: that has others to end. */
    private void soonAfter(Job job, Runnable task) {
        var unused = job.over.whenComplete((run, failure) -> executions.alarms().in(Duration.ZERO, task));
    }

    /** Ends waiting runs whose deadline has passed. */
    private void expire() {
        queues.locked(() -> {
            Instant steady = executions.clock().steady();
            expiry = Optional.empty();
            var late = queues.deadlines().passed(steady, MOST_LATE);
            endLate(late, executions.clock().instant(), steady);
            if (late.size() < MOST_LATE) {
                awaitDeadline();
            } else {
                soonAfter(late.getLast(), this::expire);
            }
            start(fill());
            return late;
        });
    }

    /**
     * Sets the alarm for the earliest deadline, unless it is set early enough. After an hour at most it is compared
     * with the clock again: alarms stop while the machine is suspended.
     */
    private void awaitDeadline() {
        queues.deadlines().first().ifPresent(latest -> {
            Duration left =
                    Duration.between(executions.clock().steady(), latest).plusMillis(1);
            long nanos = left.compareTo(LONGEST_SLEEP) > 0 ? LONGEST_SLEEP.toNanos() : Math.max(0, left.toNanos());
            long at = System.nanoTime() + nanos;
            if (expiry.isEmpty() || at - expiresAt < -EARLY_ENOUGH) {
                expiry.ifPresent(Alarm::cancel);
                expiresAt = at;
                expiry = Optional.of(executions.alarms().in(Duration.ofNanos(nanos), this::expire));
            }
        });
    }

    /** Puts a job into its queue, where it waits until its deadline at most. */
    void enqueue(Job job) {
        queues.queue(job);
        awaitDeadline();
    }

    /**
     * Starts a queued job if it may start now. Nothing else wakes a run that was queued only because another one of its
     * recipe waits for another agent.
     */
    void startIfItMay(Job job) {
        if (queues.workers(job).slots() > 0 && queues.mayStart(job)) {
            start(fill());
        }
    }

    /**
     * Ends a run: a working one is asked to stop, a waiting one is over at once. Returns its future end; empty: the run
     * is unknown.
     */
    Optional<CompletableFuture<Run>> end(long id, Stop stop) {
        Optional<Job> found = queues.job(id);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Job job = found.get();
        if (job.left) {
            return Optional.of(job.over);
        }
        if (job.execution.isPresent()) {
            if (job.run.state() == RunState.RUNNING) {
                job.run = job.run.stopping(stop.reason());
                store.changed(job.run);
            }
            job.execution.get().stop(stop);
        } else {
            endWaiting(job, new Outcome(stop.state(), Optional.of(stop.reason()), job.run.exitCode(), job.run.steps()));
            start(fill()); // the job may have kept its place for a lock
        }
        return Optional.of(job.over);
    }

    /** Ends a run that does not work. */
    void endWaiting(Job job, Outcome outcome) {
        queues.release(job);
        keepEnd(job, job.run.ended(outcome, executions.clock().instant()), List.of());
    }

    /** Ends a run that does not work because its recipe was removed. */
    void endRemoved(Job job) {
        LOG.warn("run={} recipe={} ended: the recipe was removed", job.id(), job.recipe.name());
        endWaiting(job, job.removal());
    }

    /** Stores the start of jobs that were given a slot, then launches them. */
    void start(List<Job> jobs) {
        if (!jobs.isEmpty()) {
            keep(jobs, () -> store.start(jobs.stream().map(job -> job.run).toList()), _ -> jobs.forEach(this::launch));
        }
    }

    /** Begins the work of a job that was given a slot. */
    void launch(Job job) {
        if (queues.locked(
                () -> queues.job(job.id()).isPresent())) { // else it got a slot before storing its acceptance failed
            try {
                Threads.virtual("run-" + job.id(), () -> work(job)).start();
            } catch (OutOfMemoryError e) { // the job may have got a thread all the same
                if (takes(job)) {
                    LOG.error("run={} recipe={} could not be started: {}", job.id(), job.recipe.name(), e.getMessage());
                    leave(job, Outcome.of(RunState.FAILED, NO_THREAD.formatted(e.getMessage())));
                }
            }
        }
    }

    /** Takes this attempt of a job, and returns whether the caller is the first to do so. */
    private boolean takes(Job job) {
        return queues.locked(() -> {
            boolean isFirst = job.taken < job.run.attempt();
            job.taken = job.run.attempt();
            return isFirst;
        });
    }

    private void work(Job job) {
        if (!takes(job)) {
            return;
        }
        Outcome outcome = Outcome.of(RunState.FAILED, "internal error: see the daemon's log");
        try {
            if (job.run.attempt() == 1) {
                begins.accept(job.run);
            }
            outcome = job.execution.orElseThrow().run();
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

    /** Leaves an attempt, the only way out: frees the slot, gives it to the next in line, records, then notifies. */
    private void leave(Job job, Outcome outcome) {
        boolean again = outcome.state() == RunState.FAILED || outcome.state() == RunState.TIMED_OUT;
        if (!again || !job.recipe.policy().retry().follows(job.run.attempt()) || !pause(job, outcome)) {
            over(job, outcome);
        }
    }

    /**
     * Lets a failed run wait for its next attempt, without a slot. Returns false for a run that was asked to end
     * meanwhile.
     */
    private boolean pause(Job job, Outcome outcome) {
        record Paused(Run waiting, List<Job> next) {}
        Optional<Paused> paused = queues.locked(() -> {
            if (job.run.state() != RunState.RUNNING) {
                return Optional.empty();
            }
            Instant until = executions
                    .clock()
                    .instant()
                    .plus(job.recipe.policy().retry().after(job.run.attempt()));
            queues.leaveStack(job);
            job.execution = Optional.empty();
            job.input = Optional.empty();
            job.run = job.run.waiting(outcome, until);
            return Optional.of(new Paused(job.run, fill()));
        });
        paused.ifPresent(now -> keep(
                with(job, now.next()),
                () -> store.attempted(
                        now.waiting(),
                        now.next().stream().map(started -> started.run).toList()),
                _ -> {
                    LOG.info("{}", now.waiting().sentence());
                    now.next().forEach(this::launch);
                    queues.locked(() -> job.attempt).complete(now.waiting());
                    tryAgainLater(job);
                }));
        return paused.isPresent();
    }

    /**
     * Schedules the next attempt of a run for the end of its pause. Ends the run at once if its recipe was removed
     * while it worked.
     */
    void tryAgainLater(Job job) {
        Instant now = executions.clock().instant();
        Duration delay = job.run
                .times()
                .retryAt()
                .map(until -> Duration.between(now, until))
                .filter(left -> !left.isNegative() && !queues.locked(() -> job.removed))
                .orElse(Duration.ZERO);
        executions.alarms().in(delay, () -> tryAgain(job));
    }

    /** Queues a run that waited for its next attempt. */
    private void tryAgain(Job job) {
        start(queues.locked(() -> {
            if (job.left) {
                return List.of();
            }
            if (job.removed) {
                endRemoved(job);
                return List.of();
            }
            queues.queue(job);
            return fill();
        }));
    }

    private void over(Job job, Outcome outcome) {
        record Released(Run ended, List<Job> next) {}
        Released left = queues.locked(() -> {
            queues.release(job);
            return new Released(job.run.ended(outcome, executions.clock().instant()), fill());
        });
        keepEnd(job, left.ended(), left.next());
    }

    private void keepEnd(Job job, Run ended, List<Job> next) {
        Channels told = channels(ended.order().agent());
        keep(
                with(job, next),
                () -> store.end(
                        ended,
                        next.stream().map(started -> started.run).toList(),
                        job.removed
                                ? tellOfRemoved(job)
                                : tell.apply(ended.order().recipe())),
                number -> {
                    queues.locked(() -> queues.forget(job));
                    told.done().send(new End(ended, number)); // before the next jobs begin: they may end soon
                    if (ended.state().isTrouble() || ended.state().isLoss()) {
                        told.errors().send(ended);
                    }
                    next.forEach(this::launch);
                    job.over.complete(ended);
                });
    }

    /**
     * Returns the notice rules of a removed recipe as they were. Accepted work that is given up counts as a failure
     * does.
     */
    private static NotifyRules tellOfRemoved(Job job) {
        NotifyRules telling = job.recipe.bounds().telling();
        return telling.on().contains(NoticeEvent.FAILURE) ? telling.and(NoticeEvent.REJECTED) : telling;
    }

    private static List<Job> with(Job job, List<Job> next) {
        return Stream.concat(Stream.of(job), next.stream()).toList();
    }

    /**
     * Repeats a change until the store has kept it, because the slots are given away already. Gives up when the store
     * has failed for good, or during shutdown when its files are not in place.
     */
    private <T> void keep(List<Job> concerned, Supplier<CompletableFuture<T>> change, Consumer<T> then) {
        keep(concerned, change, then, true);
    }

    /** @param first whether this is the first try: a failure is logged once */
    private <T> void keep(List<Job> concerned, Supplier<CompletableFuture<T>> change, Consumer<T> then, boolean first) {
        var unused = change.get().whenComplete((kept, failure) -> {
            if (failure == null) {
                follow(concerned, () -> then.accept(kept));
            } else if (isForGood(failure) || closing && isDisplaced(failure)) {
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
            LOG.error(
                    "run={} was stored, but its follow-up failed: restart the daemon if runs do not continue",
                    concerned.getFirst().id(),
                    e);
            String sentence = "the follow-up of run " + concerned.getFirst().id() + " failed ("
                    + e.getClass().getName() + "): restart the daemon, or runs may not continue";
            Threads.supervise(() -> Optional.of(sentence));
        }
    }

    /** Returns whether the store will keep nothing more while the daemon lives. */
    static boolean isForGood(Throwable failure) {
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
            queues.locked(() -> {
                queues.release(job);
                return queues.forget(job);
            });
            job.over.completeExceptionally(failure);
        }
    }

    /** Withdraws an acceptance that could not be stored. */
    void abandon(Job job) {
        start(queues.locked(() -> {
            queues.release(job);
            queues.forget(job);
            return fill();
        }));
        job.over.complete(job.run);
    }
}
