package io.leprechaun.daemon.worker;

import io.leprechaun.daemon.body.BodyFolder;
import io.leprechaun.daemon.execution.Execution;
import io.leprechaun.daemon.execution.Executions;
import io.leprechaun.daemon.execution.Stop;
import io.leprechaun.daemon.history.RunStore;
import io.leprechaun.daemon.history.StoreException;
import io.leprechaun.daemon.output.Mask;
import io.leprechaun.daemon.recipe.Lock;
import io.leprechaun.daemon.recipe.OnStop;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.recipe.Trigger;
import io.leprechaun.daemon.recipe.folder.RecipeBook;
import io.leprechaun.daemon.run.Input;
import io.leprechaun.daemon.run.Outcome;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunSpec;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.settings.AgentName;
import io.leprechaun.daemon.settings.NotifyRules;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The dispatcher of due runs: it gives each a slot or a place in the queue of its agent's workers, and each free slot
 * to the next in line. Thread-safe; nothing blocks while its lock is held.
 */
public final class Dispatcher {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
    /**
     * The largest input of a run that is kept in memory, in bytes; a larger one is read from the store when the run
     * starts.
     */
    private static final int SMALL_INPUT = 1024;

    /** The number of runs waiting for an agent whose input is kept in memory. */
    private static final int WITH_INPUT = 1000;
    /** The longest coalesce value that is kept as it is, in characters; a longer one is replaced by its digest. */
    private static final int LONGEST_COMMON = 64;
    /**
     * The memory that is reserved for a run that is not over, in bytes. It is more than the run needs, and bounds the
     * number of runs by the heap.
     */
    private static final int BYTES_A_JOB = 1024;

    /**
     * The number of runs of one user that may wait for each one that may be at work: one user must not fill the queue
     * of all.
     */
    private static final int WAITING_EACH = 25;

    private static final Decision NO_MEMORY = new Decision.Refuse(
            RunState.REJECTED,
            "too many unfinished runs for the daemon's memory: raise it (LEPRECHAUN_JAVA_OPTS=-Xmx256m)");

    /** The time that runs may take to end after they are asked to end during shutdown. */
    private static final Duration LAST_WAIT = Duration.ofSeconds(25);
    /** The grace of such runs, once for their processes and once for the steps that handle an end. */
    private static final Duration LAST_GRACE = Duration.ofSeconds(7);

    private final RunStore store;
    private final Executions executions;
    private final Pauses pauses;
    private final Function<RecipeName, NotifyRules> tell;
    private final QueueState queues;
    private final Attempts attempts;
    private final Absences absences;
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
        this.queues = new QueueState(most);
        this.store = store;
        this.executions = executions;
        this.pauses = pauses;
        this.tell = tell;
        this.attempts = new Attempts(queues, store, executions, tell);
        this.absences = new Absences(queues, attempts, executions.alarms(), removal);
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
        attempts.tellBy(agent, new Attempts.Channels(done, errors));
        queues.locked(() -> queues.register(agent, max, queue));
    }

    /**
     * Sets the listener for each run that begins. It is called in the run's own thread and must not take long, for the
     * run waits.
     */
    public void onBegin(Consumer<Run> listener) {
        attempts.onBegin(listener);
    }

    /** Opens an agent: it accepts due runs, and starts the runs that wait for it. */
    public void open(AgentName agent) {
        attempts.start(queues.locked(() -> {
            queues.workers(agent).closed = Optional.empty();
            return attempts.fill();
        }));
    }

    /** Closes an agent: due runs are held, waiting runs continue to wait, working runs continue to work. */
    public void close(AgentName agent, String why) {
        attempts.start(queues.locked(() -> {
            queues.workers(agent).closed = Optional.of(why);
            return attempts.fill(); // its waiting runs keep no lock from others any more
        }));
    }

    /**
     * Submits a due run. The decision is made at once; the future completes when it is on disk.
     *
     * @return the result, or exceptionally a {@link StoreException} when it could not be stored: nothing was accepted
     */
    public CompletableFuture<AdmissionResult> submit(RunRequest request) {
        var order = new RunSpec(
                request.recipe().name(),
                request.recipe().origin().hash(),
                request.agent(),
                request.recipe().policy().priority(),
                request.cause());
        return queues.locked(() -> {
            Instant now = executions.clock().instant(); // under the lock: times have the order of the ids
            Workers workers = queues.workers(request.agent());
            var alike = queues.unfinished(order.recipe()).alike(coalesce(request.recipe(), request.input()));
            RunSpec same = queues.unfinished(order.recipe())
                    .newest()
                    .map(job -> job.run.order())
                    .filter(order::equals)
                    .orElse(order); // one order for all that wait
            Decision decision = decide(request, workers, alike, now);
            boolean fits = decision instanceof Decision.Refuse || queues.hasRoom() || !alike.isEmpty();
            return switch (fits ? decision : NO_MEMORY) {
                case Decision.Refuse refuse -> {
                    var record = Run.refused(order, refuse.state(), refuse.reason(), Run.Repeat.ONCE, now);
                    yield refuse(record, tell.apply(order.recipe())).thenApply(id ->
                            (AdmissionResult) new AdmissionResult.NotStarted(id, refuse.state(), refuse.reason()));
                }
                case Decision.Start() -> {
                    Job job = enter(request, same, now);
                    attempts.occupy(
                            job,
                            now,
                            request.input().size() <= SMALL_INPUT ? request::input : () -> store.input(job.id()));
                    yield inPlaceOf(alike, job, accepted(job, request.input()));
                }
                case Decision.Enqueue() -> {
                    Job job = queue(workers, request, same, now);
                    var accepted = accepted(job, request.input());
                    attempts.startIfItMay(job);
                    yield inPlaceOf(alike, job, accepted);
                }
                case Decision.Replace() -> {
                    var old = queues.unfinished(order.recipe()).all();
                    Job job = queue(workers, request, same, now);
                    var accepted = accepted(job, request.input());
                    attempts.startIfItMay(job);
                    yield accepted.thenApply(
                            kept -> { // not before: a run that is not stored replaces nothing
                                var stop = new Stop(RunState.KILLED, "replaced by run " + job.id());
                                queues.locked(() -> old.stream()
                                        .map(one -> attempts.end(one.id(), stop))
                                        .toList());
                                return kept;
                            });
                }
            };
        });
    }

    /**
     * Returns the coalesce value: of a recipe's requests with the same one only the newest waits; empty: it has none.
     */
    private static Optional<String> coalesce(Recipe recipe, Input input) {
        return recipe.trigger(Trigger.Hook.class)
                .flatMap(hook -> hook.policy().coalesce())
                .flatMap(parameter -> Optional.ofNullable(input.parameters().get(parameter)))
                .map(value -> value.length() <= LONGEST_COMMON ? value : digest(value));
    }

    private static String digest(String value) {
        return HexFormat.of().formatHex(BodyFolder.sha256().digest(value.getBytes(StandardCharsets.UTF_8)));
    }

    /** Lets a run take the place of older waiting ones, once it is stored. */
    private CompletableFuture<AdmissionResult> inPlaceOf(
            List<Job> older, Job job, CompletableFuture<AdmissionResult> accepted) {
        return older.isEmpty()
                ? accepted
                : accepted.thenApply(kept -> {
                    queues.locked(() -> {
                        older.stream()
                                .filter(old -> !old.left && !old.begun)
                                .forEach(old -> attempts.endWaiting(
                                        old,
                                        Outcome.of(
                                                RunState.SKIPPED,
                                                "replaced by the newer run " + job.id() + " (coalesce)")));
                        return job;
                    });
                    return kept;
                });
    }

    private Decision decide(RunRequest request, Workers workers, List<Job> alike, Instant now) {
        Recipe recipe = request.recipe();
        var strict = recipe.policy().locks().stream().filter(Lock::isStrict).toList();
        var crowd = strict.stream()
                .filter(lock -> queues.holding(lock) >= lock.most() * (1 + WAITING_EACH) && alike.isEmpty())
                .findFirst();
        if (crowd.isPresent()) {
            return new Decision.Refuse(
                    RunState.REJECTED,
                    "too many unfinished " + crowd.get().name() + ": " + queues.holding(crowd.get())
                            + " (users: runs)");
        }
        int room = workers.room()
                + (int) alike.stream().filter(workers.queue::contains).count(); // the older ones make room
        if (request.force()) {
            var facts = new Admission.AdmissionFacts(
                    workers.closed,
                    Optional.empty(),
                    Optional.empty(),
                    queues.startOrder().isContended(strict),
                    workers.slots(),
                    room);
            return Admission.forced(facts);
        }
        var facts = new Admission.AdmissionFacts(
                workers.closed,
                pauses.why(recipe.name(), request.cause().dueAt().orElse(now)), // the run may be submitted late
                queues.unfinished(recipe.name()).oldest().map(Job::id),
                queues.startOrder().isContended(recipe.policy().locks()),
                workers.slots(),
                room);
        return Admission.decide(recipe, request.cause(), now, facts);
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
        var unused = refuse(
                        record,
                        told ? NotifyRules.NOTHING : tell.apply(record.order().recipe()))
                .exceptionally(failure -> {
                    LOG.error(
                            "recipe={} was {}, but the record could not be stored",
                            record.order().recipe(),
                            record.state().word(),
                            failure);
                    return 0L;
                });
    }

    private CompletableFuture<Long> refuse(Run record, NotifyRules tell) {
        var told = attempts.channels(record.order().agent());
        return store.refuse(record, tell).thenApply(id -> {
            if (record.state().isLoss() || record.state() == RunState.SKIPPED) {
                told.errors().send(record.numbered(id));
            }
            return id;
        });
    }

    /** Restores a run that was accepted before the daemon started. */
    public void restore(Run queued, Recipe recipe) {
        queues.locked(() -> {
            var job = new Job(queued, recipe, ahead().plus(store.clock().since(queued.id())));
            if (recipe.trigger(Trigger.Hook.class)
                    .flatMap(hook -> hook.policy().coalesce())
                    .isPresent()) {
                job.coalesce = coalesce(recipe, store.input(queued.id()));
            }
            queues.enter(job);
            absences.check(job);
            if (queued.state() == RunState.WAITING) {
                attempts.tryAgainLater(job);
            } else {
                attempts.enqueue(job);
            }
            return job;
        });
    }

    /** Adapts to a clock that was set: the next attempt of a run follows after the same elapsed time as before. */
    public void clockSet(Duration by) {
        queues.locked(() -> {
            queues.jobs().stream()
                    .filter(job -> !job.left && job.run.state() == RunState.WAITING)
                    .forEach(job -> {
                        job.run = job.run.postponed(by);
                        store.changed(job.run);
                    });
            return by;
        });
    }

    /**
     * Ends a run: a working one is asked to stop, a waiting one is removed from the queue.
     *
     * @return the future end; empty when there is no such run
     */
    public Optional<CompletableFuture<Run>> kill(long run, String by) {
        return queues.locked(() -> attempts.end(run, new Stop(RunState.KILLED, "killed by " + by)));
    }

    /** Removes a run from the queue, and returns its future end; empty: it does not wait there. */
    public Optional<CompletableFuture<Run>> drop(AgentName agent, long run, String by) {
        return queues.locked(() ->
                queues.job(run).filter(queues.workers(agent).queue::contains).isPresent()
                        ? attempts.end(run, new Stop(RunState.KILLED, "dropped from the queue by " + by))
                        : Optional.empty());
    }

    /**
     * Updates the recipes. An accepted run waits while its recipe is not in force, and ends 30 seconds after the recipe
     * was removed. Working runs continue.
     */
    public void update(RecipeBook book) {
        attempts.start(queues.locked(() -> absences.update(book) ? attempts.fill() : List.of()));
    }

    /** Ends at once the waiting runs of recipes that are removed. */
    public void confirmRemoved() {
        queues.locked(() -> {
            absences.confirm();
            return queues;
        });
    }

    /** Returns a run that is not over, with the known results of its steps. */
    public Optional<Run> find(long run) {
        return queues.locked(() -> queues.job(run).map(queues::snapshot));
    }

    /** Returns the instant by which a waiting run has to start, by the clock as it is now; empty: at any time. */
    public Optional<Instant> deadline(long run) {
        return queues.locked(() -> queues.job(run).flatMap(Job::deadline)).map(latest -> latest.minus(ahead()));
    }

    /** Returns the runs that hold a lock or wait for one, by lock: the holders first, then the waiting ones in line. */
    public List<LockUse> locks() {
        return queues.locked(queues::locks);
    }

    /** Returns the mask that hides the secrets of a working run; empty: the run does not work. */
    public Optional<Mask> mask(long run) {
        return queues.locked(() -> queues.job(run).flatMap(job -> job.execution))
                .map(Execution::mask);
    }

    /** Returns the future end of a run that is not over yet. */
    public Optional<CompletableFuture<Run>> over(long run) {
        return queues.locked(() -> queues.job(run).map(job -> job.over));
    }

    /** Returns the runs of a recipe that are not over, the oldest first. */
    public List<Run> unfinished(RecipeName recipe) {
        return queues.locked(() ->
                queues.unfinished(recipe).all().stream().map(queues::snapshot).toList());
    }

    /** Returns the oldest run of a recipe that is not over. */
    public Optional<Run> oldest(RecipeName recipe) {
        return queues.locked(() -> queues.unfinished(recipe).oldest().map(queues::snapshot));
    }

    /** Returns the workers on an agent's stack, in the order in which they began. */
    public List<Worker> stack(AgentName agent) {
        return queues.locked(() -> queues.workers(agent).stack.stream()
                .map(job -> new Worker(job.worker(), job.snapshot()))
                .toList());
    }

    /** Returns the runs that wait for an agent, the next to start first. */
    public List<Worker> queue(AgentName agent) {
        return waiting(agent, queued(agent));
    }

    /** Returns the numbers of the runs that wait for an agent, the next to start first. */
    public List<Long> queued(AgentName agent) {
        return queues.locked(() -> queues.workers(agent).queue.inLine().toList()).stream()
                .map(Job::id)
                .toList();
    }

    /** Returns those of some runs that still wait for an agent, in the order given. */
    public List<Worker> waiting(AgentName agent, List<Long> runs) {
        return queues.locked(() -> runs.stream()
                .flatMap(run -> queues.job(run).filter(queues.workers(agent).queue::contains).stream())
                .map(job -> new Worker(job.worker(), queues.snapshot(job)))
                .toList());
    }

    /** Returns the numbers of runs that an agent has at work and waiting now. */
    public Capacity occupied(AgentName agent) {
        return queues.locked(() -> new Capacity(
                queues.workers(agent).stack.size(), queues.workers(agent).queue.size()));
    }

    /** Returns the numbers of runs that an agent may have at work and waiting. */
    public Capacity bounds(AgentName agent) {
        return queues.locked(() -> new Capacity(queues.workers(agent).max, queues.workers(agent).capacity));
    }

    /**
     * Waits until the runs that work for an agent now have ended their attempts.
     *
     * @param kill whether working runs are asked to stop
     */
    public void drain(AgentName agent, boolean kill, String why) throws InterruptedException {
        await(
                queues.locked(() -> queues.workers(agent).stack.stream()
                        .map(job -> kill
                                ? attempts.end(job.id(), new Stop(RunState.KILLED, why))
                                        .orElse(job.over)
                                : job.attempt)
                        .toList()),
                Duration.ofDays(366));
    }

    /**
     * Closes every agent, and ends or awaits its working runs, as each recipe requires. Waiting runs stay in the store.
     *
     * @param limit the time that runs have to finish; after it the rest is asked to end, and has 25 seconds more
     */
    public void shutDown(String why, Duration limit) throws InterruptedException {
        var stop = new Stop(RunState.KILLED, why, Optional.of(LAST_GRACE));
        var atOnce = new Stop(RunState.KILLED, why, Optional.of(limit.dividedBy(2)));
        var working = queues.locked(() -> {
            queues.agents().forEach(workers -> workers.closed = Optional.of(why));
            attempts.closing();
            return queues.jobs().stream().filter(Job::isWorking).toList();
        });
        for (Job job : working) {
            if (job.recipe.policy().onStop() == OnStop.KILL) {
                queues.locked(() -> attempts.end(job.id(), atOnce));
            }
        }
        try {
            if (!await(underWay(working), limit)) {
                working.forEach(
                        job -> queues.locked(() -> job.isWorking() ? attempts.end(job.id(), stop) : Optional.empty()));
                await(underWay(working), LAST_WAIT);
            }
        } finally {
            shutDown.complete(null);
        }
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
        return queues.locked(() -> working.stream().map(job -> job.attempt).toList());
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

    /** Returns the lead of a clock that is never set over the host's clock now. */
    private Duration ahead() {
        return Duration.between(executions.clock().instant(), executions.clock().steady());
    }

    private Job enter(RunRequest request, RunSpec order, Instant now) {
        var job = new Job(Run.accepted(store.nextId(), order, now), request.recipe(), ahead());
        job.forced = request.force();
        job.coalesce = coalesce(request.recipe(), request.input());
        return queues.enter(job);
    }

    private Job queue(Workers workers, RunRequest request, RunSpec order, Instant now) {
        Job job = enter(request, order, now);
        if (request.input().size() <= SMALL_INPUT && workers.queue.size() < WITH_INPUT) {
            job.input = Optional.of(request.input());
        }
        attempts.enqueue(job);
        return job;
    }

    private CompletableFuture<AdmissionResult> accepted(Job job, Input input) {
        Run run = job.run;
        return store.accept(run, job.recipe, input).handle((kept, failure) -> {
            if (failure != null) {
                attempts.abandon(job);
                recordRefusal(run, failure);
                throw failure instanceof RuntimeException unchecked ? unchecked : new CompletionException(failure);
            }
            if (run.state() == RunState.RUNNING) {
                attempts.launch(job);
            }
            return new AdmissionResult.Accepted(run, job.over);
        });
    }

    /** Records a due run that could not be accepted: the store has room for records when it has none for new work. */
    private void recordRefusal(Run run, Throwable failure) {
        if (run.order().cause().dueAt().isPresent() && !Attempts.isForGood(failure)) {
            String why =
                    switch (failure instanceof StoreException store ? store.fault() : StoreException.StoreFault.NONE) {
                        case FULL -> "the disk was full";
                        case DISPLACED -> "the state folder was not in place";
                        case NONE, FAILED, DAMAGED -> "the store failed";
                    };
            Instant now = executions.clock().instant();
            recordMissed(Run.refused(run.order(), RunState.REJECTED, why, Run.Repeat.ONCE, now), false);
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
}
