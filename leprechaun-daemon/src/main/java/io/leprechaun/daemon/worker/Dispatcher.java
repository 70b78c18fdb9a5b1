package io.leprechaun.daemon.worker;

import io.leprechaun.daemon.execution.Execution;
import io.leprechaun.daemon.execution.Executions;
import io.leprechaun.daemon.execution.RunCounts;
import io.leprechaun.daemon.execution.Stop;
import io.leprechaun.daemon.history.RunStore;
import io.leprechaun.daemon.history.StoreException;
import io.leprechaun.daemon.output.Mask;
import io.leprechaun.daemon.recipe.Lock;
import io.leprechaun.daemon.recipe.OnStop;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.recipe.folder.RecipeBook;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.settings.AgentName;
import io.leprechaun.daemon.settings.notify.NotifyRules;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The dispatcher of due runs: it gives each a slot or a place in the queue of its agent's workers, and each free slot
 * to the next in line. Thread-safe; nothing blocks while its lock is held.
 */
public final class Dispatcher {
    /**
     * The memory that is reserved for a run that is not over, in bytes. It is more than the run needs, and bounds the
     * number of runs by the heap.
     */
    private static final int BYTES_A_JOB = 1024;

    /** The time that runs may take to end after they are asked to end during shutdown. */
    private static final Duration LAST_WAIT = Duration.ofSeconds(25);
    /** The grace of such runs, once for their processes and once for the steps that handle an end. */
    private static final Duration LAST_GRACE = Duration.ofSeconds(7);

    private final RunStore store;
    private final Executions executions;
    private final Pauses pauses;
    private final Attempts attempts;
    private final CompletableFuture<Void> shutDown = new CompletableFuture<>();

    /**
     * Creates a dispatcher without agents.
     *
     * @param pauses the recipes that are held back
     * @param tell the notice rules of a recipe
     */
    public Dispatcher(RunStore store, Executions executions, Pauses pauses, Function<RecipeName, NotifyRules> tell) {
        this(store, executions, pauses, tell, Runtime.getRuntime().maxMemory() / BYTES_A_JOB, Absences.PATIENCE);
    }

    /**
     * @param most the largest number of runs that are not over, by memory
     * @param removal the time after which the removal of a recipe is final
     */
    Dispatcher(
            RunStore store,
            Executions executions,
            Pauses pauses,
            Function<RecipeName, NotifyRules> tell,
            long most,
            Duration removal) {
        this.store = store;
        this.executions = executions;
        this.pauses = pauses;
        this.attempts = new Attempts(store, executions, pauses, tell, most, removal);
    }

    /**
     * Gives an agent its workers, closed until they are {@linkplain #open opened}.
     *
     * @param max the largest number of runs at work at once
     * @param queue the largest number of waiting runs
     * @param done the channel for every end of a run
     * @param errors the channel for runs whose end {@linkplain RunState#isTrouble is trouble} or
     *     {@linkplain RunState#isLoss a loss}, and for runs skipped at admission
     */
    public void register(AgentName agent, int max, int queue, Channel<End> done, Channel<Run> errors) {
        attempts.register(agent, max, queue, new Attempts.Channels(done, errors));
    }

    /**
     * Sets the listener for each run that begins. It is called in the run's own thread and must not take long, for the
     * run waits.
     */
    public void onBegin(Consumer<Run> listener) {
        attempts.onBegin(listener);
    }

    /**
     * Sets the listener for each change of a run's state, and for each record of a due run that did not start. It is
     * called once the change is on disk, in the order of the changes of a run, and must not block. A request to end a
     * run is reported at once.
     */
    public void onChange(Consumer<Run> listener) {
        attempts.onChange(listener);
    }

    /** Returns the counts of runs since the daemon started. */
    public RunCounts counts() {
        return attempts.counts();
    }

    /** Opens an agent: it accepts due runs, and starts the runs that wait for it. */
    public void open(AgentName agent) {
        attempts.event((state, at) -> state.open(agent, at));
    }

    /** Closes an agent: due runs are held, waiting runs continue to wait, working runs continue to work. */
    public void close(AgentName agent, String why) {
        attempts.event((state, at) -> state.close(agent, why, at));
    }

    /**
     * Submits a due run. The decision is made at once; the future completes when it is on disk.
     *
     * @return the result, or exceptionally a {@link StoreException} when it could not be stored: nothing was accepted
     */
    public CompletableFuture<AdmissionResult> submit(RunRequest request) {
        return attempts.submit(request);
    }

    /** Returns the recipes that are held back. */
    public Pauses pauses() {
        return pauses;
    }

    /**
     * Stores the record of a due run that did not start. A failure is logged.
     *
     * @param told whether a notice of it is sent in another way
     */
    public void recordMissed(Run record, boolean told) {
        attempts.recordMissed(record, told);
    }

    /** Restores a run that was accepted before the daemon started. */
    public void restore(Run queued, Recipe recipe) {
        attempts.restore(queued, recipe, store.clock().since(queued.id()));
    }

    /** Adapts to a clock that was set: the next attempt of a run follows after the same elapsed time as before. */
    public void clockSet(Duration by) {
        attempts.event((state, at) -> state.clockSet(by));
    }

    /**
     * Ends a run: a working one is asked to stop, a waiting one is removed from the queue.
     *
     * @return the future end; empty when there is no such run
     */
    public Optional<CompletableFuture<Run>> kill(long run, String by) {
        return stop(run, new Stop(RunState.KILLED, "killed by " + by));
    }

    private Optional<CompletableFuture<Run>> stop(long run, Stop why) {
        return attempts.read(state -> {
            var over = attempts.live(run).map(live -> live.over);
            attempts.event((decider, at) -> decider.stop(run, why, at));
            return over;
        });
    }

    /** Removes a run from the queue, and returns its future end; empty: it does not wait there. */
    public Optional<CompletableFuture<Run>> drop(AgentName agent, long run, String by) {
        return attempts.read(state -> state.jobs()
                .job(run)
                .filter(state.jobs().workers(agent).queue::contains)
                .flatMap(job -> stop(run, new Stop(RunState.KILLED, "dropped from the queue by " + by))));
    }

    /**
     * Updates the recipes. An accepted run waits while its recipe is not in force, and ends 30 seconds after the recipe
     * was removed. Working runs continue.
     */
    public void update(RecipeBook book) {
        attempts.event((state, at) -> state.update(book, at));
    }

    /** Ends at once the waiting runs of recipes that are removed. */
    public void confirmRemoved() {
        attempts.event(QueueState::removed);
    }

    /** Returns a run that is not over, with the known results of its steps. */
    public Optional<Run> find(long run) {
        return jobs(jobs -> jobs.job(run).map(job -> snapshot(jobs, job)));
    }

    private <T> T jobs(Function<Jobs, T> question) {
        return attempts.read(state -> question.apply(state.jobs()));
    }

    private Run snapshot(Jobs jobs, Job job) {
        Run run = jobs.snapshot(job);
        return attempts.live(job.id()).map(live -> live.snapshot(run)).orElse(run);
    }

    /** Returns the instant by which a waiting run has to start, by the clock as it is now; empty: at any time. */
    public Optional<Instant> deadline(long run) {
        return jobs(jobs -> jobs.job(run).flatMap(Job::deadline))
                .map(latest -> latest.minus(Moment.of(executions.clock()).ahead()));
    }

    /** Returns the runs that hold a lock or wait for one, by lock: the holders first, then the waiting ones in line. */
    public List<LockUse> locks() {
        return jobs(Jobs::locks);
    }

    /** Returns the mask that hides the secrets of a working run; empty: the run does not work. */
    public Optional<Mask> mask(long run) {
        return attempts.read(state -> attempts.live(run).flatMap(live -> live.execution))
                .map(Execution::mask);
    }

    /** Returns the future end of a run that is not over yet. */
    public Optional<CompletableFuture<Run>> over(long run) {
        return attempts.read(state -> attempts.live(run).map(live -> live.over));
    }

    /** Returns the runs of a recipe that are not over, the oldest first. */
    public List<Run> unfinished(RecipeName recipe) {
        return jobs(jobs -> jobs.unfinished(recipe).all().stream()
                .map(job -> snapshot(jobs, job))
                .toList());
    }

    /** Returns the oldest run of a recipe that is not over. */
    public Optional<Run> oldest(RecipeName recipe) {
        return jobs(jobs -> jobs.unfinished(recipe).oldest().map(job -> snapshot(jobs, job)));
    }

    /** Returns the workers on an agent's stack, in the order in which they began. */
    public List<Worker> stack(AgentName agent) {
        return jobs(jobs -> jobs.workers(agent).stack.stream()
                .map(job -> new Worker(job.worker(), snapshot(jobs, job)))
                .toList());
    }

    /** Returns the runs that wait for an agent, the next to start first. */
    public List<Worker> queue(AgentName agent) {
        return waiting(agent, queued(agent));
    }

    /** Returns the numbers of the runs that wait for an agent, the next to start first. */
    public List<Long> queued(AgentName agent) {
        return jobs(jobs -> jobs.workers(agent).queue.inLine().toList()).stream()
                .map(Job::id)
                .toList();
    }

    /** Returns the time at which the oldest of the runs that wait for an agent was accepted; empty: none waits. */
    public Optional<Instant> oldestQueued(AgentName agent) {
        return jobs(jobs -> jobs.workers(agent).queue.oldest());
    }

    /** Returns those of some runs that still wait for an agent, in the order given. */
    public List<Worker> waiting(AgentName agent, List<Long> runs) {
        return jobs(jobs -> runs.stream()
                .flatMap(run -> jobs.job(run).filter(jobs.workers(agent).queue::contains).stream())
                .map(job -> new Worker(job.worker(), snapshot(jobs, job)))
                .toList());
    }

    /** Returns the numbers of runs that an agent has at work and waiting now. */
    public Capacity occupied(AgentName agent) {
        return jobs(jobs -> new Capacity(
                jobs.workers(agent).stack.size(), jobs.workers(agent).queue.size()));
    }

    /** Returns the numbers of runs that an agent may have at work and waiting. */
    public Capacity bounds(AgentName agent) {
        return jobs(jobs -> new Capacity(jobs.workers(agent).max, jobs.workers(agent).capacity));
    }

    /**
     * Waits until the runs that work for an agent now have ended their attempts.
     *
     * @param kill whether working runs are asked to stop
     */
    public void drain(AgentName agent, boolean kill, String why) throws InterruptedException {
        var stop = new Stop(RunState.KILLED, why);
        await(
                jobs(jobs -> List.copyOf(jobs.workers(agent).stack).stream()
                        .flatMap(job -> (kill ? stop(job.id(), stop) : underWay(job)).stream())
                        .toList()),
                Duration.ofDays(366));
    }

    private Optional<CompletableFuture<Run>> underWay(Job job) {
        return attempts.live(job.id()).map(live -> live.attempt);
    }

    /**
     * Closes every agent, and ends or awaits its working runs, as each recipe requires. Waiting runs stay in the store.
     *
     * @param limit the time that runs have to finish; after it the rest is asked to end, and has 25 seconds more
     */
    public void shutDown(String why, Duration limit) throws InterruptedException {
        var stop = new Stop(RunState.KILLED, why, Optional.of(LAST_GRACE));
        var atOnce = new Stop(RunState.KILLED, why, Optional.of(limit.dividedBy(2)));
        attempts.closing(why);
        var working = jobs(jobs -> jobs.all().stream().filter(this::works).toList());
        working.stream()
                .filter(job -> job.recipe.policy().onStop() == OnStop.KILL)
                .forEach(job -> stop(job.id(), atOnce));
        try {
            if (!await(underWay(working), limit)) {
                working.forEach(job -> jobs(jobs -> works(job) ? stop(job.id(), stop) : Optional.empty()));
                await(underWay(working), LAST_WAIT);
            }
        } finally {
            attempts.closed();
            shutDown.complete(null);
        }
    }

    /** Returns whether a job makes an attempt, or has made its last one and the end is not on disk yet. */
    private boolean works(Job job) {
        return attempts.live(job.id()).flatMap(live -> live.execution).isPresent();
    }

    /** Returns a future that completes when {@link #shutDown} no longer waits for runs. */
    public CompletableFuture<?> whenShutDown() {
        return shutDown;
    }

    /** Returns whether {@link #shutDown} was called. */
    public boolean isShuttingDown() {
        return attempts.isClosing();
    }

    private List<CompletableFuture<Run>> underWay(List<Job> working) {
        return jobs(
                jobs -> working.stream().flatMap(job -> underWay(job).stream()).toList());
    }

    private static boolean await(List<CompletableFuture<Run>> ends, Duration limit) throws InterruptedException {
        try {
            CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new)).get(limit.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            return true; // some ends could not be stored: nothing is left to wait for
        }
    }

    /**
     * One place on an agent's stack or in its queue.
     *
     * @param name the worker's name: the recipe's name, with the run's number where several may work at once
     */
    public record Worker(String name, Run run) {}

    /**
     * The numbers of runs that an agent may have, or has.
     *
     * @param max the number at work at once
     * @param queue the number waiting
     */
    public record Capacity(int max, int queue) {}

    /**
     * The use of a lock by a run that holds it or waits for it.
     *
     * @param holds whether the run holds the lock; false: it waits
     */
    public record LockUse(Lock lock, Run run, boolean holds) {}
}
