package io.leprechaun.daemon.worker;

import io.leprechaun.daemon.config.Telling;
import io.leprechaun.daemon.lifecycle.Threads;
import io.leprechaun.daemon.recipe.Lock;
import io.leprechaun.daemon.recipe.OnStop;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.recipe.Trigger;
import io.leprechaun.daemon.run.Admission;
import io.leprechaun.daemon.run.Decision;
import io.leprechaun.daemon.run.Execution;
import io.leprechaun.daemon.run.Input;
import io.leprechaun.daemon.run.Mask;
import io.leprechaun.daemon.run.Order;
import io.leprechaun.daemon.run.Outcome;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunDocument;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.run.RunStore;
import io.leprechaun.daemon.run.Stop;
import io.leprechaun.daemon.run.StoreException;
import io.leprechaun.daemon.run.Workshop;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what is due, gives it a slot or a place in the queue of its agent's workers, and hands each slot that becomes free to the next in line. Thread-safe; nothing blocks while its
 * lock is held.
 */
public final class Dispatcher {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
    /** What a run was given is kept in memory up to this size, in bytes; more is read from the store when it starts. */
    private static final int SMALL_INPUT = 1024;

    private static final Duration STORE_RETRY = Duration.ofSeconds(1);
    /** How long those that are told to end while the daemon stops may take. */
    private static final Duration LAST_WAIT = Duration.ofSeconds(25);
    /** What is left of their grace then, once for their processes and once for the steps that handle an end. */
    private static final Duration LAST_GRACE = Duration.ofSeconds(7);

    private final RunStore store;
    private final Workshop workshop;
    private final Pauses pauses;
    private final Function<RecipeName, Telling> tell;
    private volatile Consumer<Run> begins = run -> {};

    private final ReentrantLock lock = new ReentrantLock();
    /** Guarded by lock. */
    private final Map<String, Workers> agents = new LinkedHashMap<>();

    private final Line line = new Line(agents.values());
    /** By agent. */
    private final Map<String, Channels> channels = new ConcurrentHashMap<>();
    /** Every job whose end is not on disk. Guarded by lock. */
    private final Map<Long, Job> jobs = new HashMap<>();
    /** Those that have not left, by recipe. Guarded by lock. */
    private final Map<RecipeName, Unfinished> recipes = new HashMap<>();

    /** What tells of an agent's runs that are done, and of what went wrong. */
    private record Channels(Channel<Run> done, Channel<Run> errors) {}

    /**
     * A dispatcher without agents.
     *
     * @param pauses the recipes that are held back
     * @param tell what people are told of a recipe
     */
    public Dispatcher(RunStore store, Workshop workshop, Pauses pauses, Function<RecipeName, Telling> tell) {
        this.store = store;
        this.workshop = workshop;
        this.pauses = pauses;
        this.tell = tell;
    }

    /**
     * Gives an agent its workers, closed until they are {@linkplain #open opened}.
     *
     * @param max how many work at once
     * @param queue how many wait at most
     * @param done told of every end of a run
     * @param errors told of every end that was no success
     */
    public void employ(String agent, int max, int queue, Channel<Run> done, Channel<Run> errors) {
        var workers = new Workers(agent, max, queue);
        workers.closed = Optional.of(agent + " is not started");
        channels.put(agent, new Channels(done, errors));
        locked(() -> agents.put(agent, workers));
    }

    /** Tells somebody of each run that begins, in the run's own thread; must not take long, for the run waits. */
    public void onBegin(Consumer<Run> listener) {
        begins = listener;
    }

    /** Lets an agent take what is due, and starts what waits for it. */
    public void open(String agent) {
        start(locked(() -> {
            workers(agent).closed = Optional.empty();
            return fill();
        }));
    }

    /** Lets an agent take nothing: what becomes due is held, what waits goes on waiting, what works goes on working. */
    public void close(String agent, String why) {
        locked(() -> workers(agent).closed = Optional.of(why));
    }

    /**
     * Takes something due. The decision is made at once; the future completes when it is on disk.
     *
     * @return exceptionally a {@link StoreException} when it could not be kept: nothing was accepted
     */
    public CompletableFuture<Admitted> submit(Request request) {
        var order = new Order(
                request.recipe().name(),
                request.recipe().origin().hash(),
                request.agent(),
                request.recipe().policy().priority(),
                request.cause());
        return locked(() -> {
            Instant now = workshop.clock().instant(); // under the lock: in the order of the ids
            Workers workers = workers(request.agent());
            var alike = unfinishedOf(order.recipe()).alike(coalesce(request.recipe(), request.input()));
            return switch (decide(request, workers, alike, now)) {
                case Decision.Refuse refuse -> {
                    var record = Run.refused(order, refuse.state(), refuse.reason(), Run.Repeat.ONCE, now);
                    yield refuse(record, tell.apply(order.recipe()))
                            .thenApply(id -> (Admitted) new Admitted.Refused(id, refuse.state(), refuse.reason()));
                }
                case Decision.Start() -> {
                    Job job = enter(request, order, now);
                    occupy(
                            workers,
                            job,
                            now,
                            request.input().size() <= SMALL_INPUT ? request::input : () -> store.input(job.id()));
                    yield inPlaceOf(alike, job, accepted(job, request.input()));
                }
                case Decision.Queue() -> {
                    Job job = queue(workers, request, order, now);
                    var accepted = accepted(job, request.input());
                    startIfItMay(workers, job);
                    yield inPlaceOf(alike, job, accepted);
                }
                case Decision.Replace() -> {
                    var old = unfinishedOf(order.recipe()).all();
                    Job job = queue(workers, request, order, now);
                    var accepted = accepted(job, request.input());
                    startIfItMay(workers, job);
                    yield accepted.thenApply(
                            kept -> { // not before: what is not kept replaces nothing
                                var stop = new Stop(RunState.KILLED, "replaced by run " + job.id());
                                locked(() -> old.stream()
                                        .map(one -> end(one.id(), stop))
                                        .toList());
                                return kept;
                            });
                }
            };
        });
    }

    /** What requests of a recipe have in common of which only the newest is to wait; empty: nothing. */
    private static Optional<String> coalesce(Recipe recipe, Input input) {
        return recipe.trigger(Trigger.Hook.class)
                .flatMap(hook -> hook.policy().coalesce())
                .flatMap(parameter -> Optional.ofNullable(input.parameters().get(parameter)));
    }

    /** Lets a run take the place of those that wait, once it is kept. */
    private CompletableFuture<Admitted> inPlaceOf(List<Job> older, Job job, CompletableFuture<Admitted> accepted) {
        return older.isEmpty()
                ? accepted
                : accepted.thenApply(kept -> {
                    locked(() -> {
                        older.stream()
                                .filter(old -> !old.left && !old.begun)
                                .forEach(old -> endWaiting(
                                        old,
                                        Outcome.of(
                                                RunState.SKIPPED,
                                                "run " + job.id() + ", which is newer, took its place (coalesce)")));
                        return job;
                    });
                    return kept;
                });
    }

    private Decision decide(Request request, Workers workers, List<Job> alike, Instant now) {
        Recipe recipe = request.recipe();
        int room = workers.room()
                + (int) alike.stream().filter(workers.queue::contains).count(); // these make room
        if (request.force()) {
            var facts = new Admission.Facts(
                    workers.closed, Optional.empty(), Optional.empty(), false, workers.slots(), room);
            return Admission.forced(facts);
        }
        var facts = new Admission.Facts(
                workers.closed,
                pauses.why(recipe.name(), request.cause().dueAt().orElse(now)), // it may come late
                unfinishedOf(recipe.name()).oldest().map(Job::id),
                line.isContended(recipe.policy().locks()),
                workers.slots(),
                room);
        return Admission.decide(recipe, request.cause(), now, facts);
    }

    /** The recipes that are held back. */
    public Pauses pauses() {
        return pauses;
    }

    /**
     * Keeps that something was due and came to nothing. A failure is logged.
     *
     * @param told whether people are told of it in another way
     */
    public void missed(Run record, boolean told) {
        var unused = refuse(
                        record,
                        told ? Telling.NOTHING : tell.apply(record.order().recipe()))
                .exceptionally(failure -> {
                    LOG.error(
                            "that {} was {} could not be kept",
                            record.order().recipe(),
                            record.state().word(),
                            failure);
                    return 0L;
                });
    }

    private CompletableFuture<Long> refuse(Run record, Telling tell) {
        Channels told = channels(record.order().agent());
        return store.refuse(record, tell).thenApply(id -> {
            if (record.state().isLoss() || record.state() == RunState.SKIPPED) {
                told.errors().send(record.numbered(id));
            }
            return id;
        });
    }

    /** Puts a run back that was accepted before the daemon started. */
    public void restore(Run queued, Recipe recipe) {
        locked(() -> {
            Job job = enter(new Job(queued, recipe));
            if (recipe.trigger(Trigger.Hook.class)
                    .flatMap(hook -> hook.policy().coalesce())
                    .isPresent()) {
                job.coalesce = coalesce(recipe, store.input(queued.id()));
            }
            if (queued.state() == RunState.WAITING) {
                tryAgainLater(job);
            } else {
                enqueue(workers(queued.order().agent()), job);
            }
            return job;
        });
    }

    /**
     * Ends a run: one that works is told to stop, one that waits is taken out of the queue.
     *
     * @return the future end; empty when no such run is there
     */
    public Optional<CompletableFuture<Run>> kill(long run, String by) {
        return locked(() -> end(run, new Stop(RunState.KILLED, "killed by " + by)));
    }

    /** Takes a run out of the queue. Empty when it does not wait there. */
    public Optional<CompletableFuture<Run>> drop(String agent, long run, String by) {
        return locked(() -> workers(agent).queue.stream().anyMatch(job -> job.id() == run)
                ? end(run, new Stop(RunState.KILLED, "dropped from the queue by " + by))
                : Optional.empty());
    }

    /** Rejects what waits of recipes that are not there any more. What works goes on. */
    public void retain(Predicate<RecipeName> isThere) {
        locked(() -> {
            var orphans = jobs.values().stream()
                    .filter(job -> !job.left && !job.isWorking() && !isThere.test(job.recipe.name()))
                    .toList();
            orphans.forEach(job -> endWaiting(job, removed(job.run)));
            return orphans.size();
        });
    }

    private static Outcome removed(Run run) {
        return run.state() == RunState.WAITING
                ? new Outcome(
                        RunState.FAILED,
                        Optional.of(run.reason().map(why -> why + "; ").orElse("") + "the recipe was removed"),
                        run.exitCode(),
                        run.steps())
                : Outcome.of(RunState.REJECTED, "recipe removed");
    }

    /** A run that is not over, with what is known of its steps. */
    public Optional<Run> find(long run) {
        return locked(() -> Optional.ofNullable(jobs.get(run)).map(this::snapshot));
    }

    /** What is known of a run now. One that waits for a lock alone is seen as waiting, with who holds it. */
    private Run snapshot(Job job) {
        Run run = job.snapshot();
        return run.state() == RunState.QUEUED && workers(run.order().agent()).isOpen()
                ? line.holder(job.locks())
                        .map(holder -> run.waitingFor("run " + holder.id() + " of " + holder.recipe.name()
                                + " holds the lock " + names(job, holder)))
                        .orElse(run)
                : run;
    }

    private static String names(Job job, Job holder) {
        return job.locks().stream()
                .filter(lock -> holder.locks().stream().anyMatch(lock::excludes))
                .map(Lock::name)
                .collect(Collectors.joining(", "));
    }

    /** Who holds a lock and who waits for one, by lock; those who hold it first, then in line. */
    public List<LockUse> locks() {
        return locked(() -> {
            var uses = new ArrayList<LockUse>();
            for (boolean holds : List.of(true, false)) {
                agents.values().stream()
                        .flatMap(workers -> (holds ? workers.stack : workers.queue).stream())
                        .sorted(Job.IN_LINE)
                        .forEach(job -> job.locks().forEach(lock -> uses.add(new LockUse(lock, snapshot(job), holds))));
            }
            uses.sort(Comparator.comparing(use -> use.lock().name()));
            return uses;
        });
    }

    /** Hides the secrets of a run that works; empty when none does. */
    public Optional<Mask> mask(long run) {
        return locked(() -> Optional.ofNullable(jobs.get(run)).flatMap(job -> job.execution))
                .map(Execution::mask);
    }

    /** The end of a run that is not over yet. */
    public Optional<CompletableFuture<Run>> over(long run) {
        return locked(() -> Optional.ofNullable(jobs.get(run)).map(job -> job.over));
    }

    /** The runs of a recipe that are not over, the oldest first. */
    public List<Run> unfinished(RecipeName recipe) {
        return locked(
                () -> unfinishedOf(recipe).all().stream().map(this::snapshot).toList());
    }

    /** Those who work for an agent, in the order in which they began. */
    public List<Worker> stack(String agent) {
        return locked(() -> workers(agent).stack.stream()
                .map(job -> new Worker(job.worker(), job.snapshot()))
                .toList());
    }

    /** What waits for an agent, the next to start first. */
    public List<Worker> queue(String agent) {
        return locked(() -> workers(agent).queue.stream()
                .map(job -> new Worker(job.worker(), snapshot(job)))
                .toList());
    }

    /** How many an agent may have at work and waiting. */
    public Bounds bounds(String agent) {
        return locked(() -> new Bounds(workers(agent).max, workers(agent).capacity));
    }

    /**
     * Waits until nobody works for an agent.
     *
     * @param kill whether those that work are told to stop
     */
    public void drain(String agent, boolean kill, String why) throws InterruptedException {
        await(
                locked(() -> workers(agent).stack.stream()
                        .map(job -> kill
                                ? end(job.id(), new Stop(RunState.KILLED, why)).orElse(job.over)
                                : job.attempt)
                        .toList()),
                Duration.ofDays(366));
    }

    /**
     * Lets every agent take nothing more, and ends or waits for what works, as each recipe says. What waits in a queue stays in the store.
     *
     * @param limit how long those that may finish have; then they are told to end, and have 25 seconds more
     */
    public void shutDown(String why, Duration limit) throws InterruptedException {
        var stop = new Stop(RunState.KILLED, why, Optional.of(LAST_GRACE));
        var atOnce = new Stop(RunState.KILLED, why, Optional.of(limit.dividedBy(2)));
        var working = locked(() -> {
            agents.values().forEach(workers -> workers.closed = Optional.of(why));
            return jobs.values().stream().filter(Job::isWorking).toList();
        });
        for (Job job : working) {
            if (job.recipe.policy().onStop() == OnStop.KILL) {
                locked(() -> end(job.id(), atOnce));
            }
        }
        if (!await(attempts(working), limit)) {
            working.forEach(job -> locked(() -> job.isWorking() ? end(job.id(), stop) : Optional.empty()));
            await(attempts(working), LAST_WAIT);
        }
    }

    private List<CompletableFuture<Run>> attempts(List<Job> working) {
        return locked(() -> working.stream().map(job -> job.attempt).toList());
    }

    private static boolean await(List<CompletableFuture<Run>> ends, Duration limit) throws InterruptedException {
        try {
            CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new)).get(limit.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            return true; // how some ended could not be kept: nothing is left to wait for
        }
    }

    private Workers workers(String agent) {
        Workers workers = agents.get(agent);
        if (workers == null) {
            throw new IllegalArgumentException("no workers for " + agent);
        }
        return workers;
    }

    private Channels channels(String agent) {
        Channels told = channels.get(agent);
        if (told == null) {
            throw new IllegalArgumentException("no workers for " + agent);
        }
        return told;
    }

    private Job enter(Request request, Order order, Instant now) {
        var job = new Job(Run.accepted(store.nextId(), order, now), request.recipe());
        job.forced = request.force();
        job.coalesce = coalesce(request.recipe(), request.input());
        return enter(job);
    }

    private Job enter(Job job) {
        jobs.put(job.id(), job);
        recipes.computeIfAbsent(job.recipe.name(), unused -> new Unfinished()).add(job);
        return job;
    }

    /** Takes a job from its stack or queue. It is known until its end is on disk, so that nobody is told less than before. */
    private void release(Job job) {
        job.left = true;
        var rest = recipes.get(job.recipe.name());
        if (rest != null) {
            rest.remove(job);
            if (rest.isEmpty()) {
                recipes.remove(job.recipe.name());
            }
        }
        agents.values().forEach(workers -> {
            workers.stack.remove(job);
            workers.queue.remove(job);
        });
    }

    private void occupy(Workers workers, Job job, Instant now, Supplier<Input> input) {
        job.run = job.run.started(now);
        var attempt = new CompletableFuture<Run>();
        job.attempt = attempt;
        var unused = job.over.whenComplete((run, failure) -> attempt.complete(job.run));
        job.execution = Optional.of(new Execution(workshop, job.run, job.recipe, input));
        unfinishedOf(job.recipe.name()).begins(job);
        workers.stack.add(job);
    }

    /** Gives every free slot to the first in line that may have it. */
    private List<Job> fill() {
        var started = new ArrayList<Job>();
        var expired = new LinkedHashMap<Job, Outcome>();
        Instant now = workshop.clock().instant();
        line.advance(
                job -> {
                    Optional<Outcome> late = job.expired(now);
                    late.ifPresent(outcome -> expired.put(job, outcome));
                    return late.isEmpty() && mayStart(job);
                },
                (workers, job) -> {
                    occupy(workers, job, now, () -> job.input.orElseGet(() -> store.input(job.id())));
                    started.add(job);
                });
        expired.forEach(this::endWaiting);
        return started;
    }

    /** Ends a run that still waits when it had to start at the latest. */
    private void expire(Job job) {
        locked(() -> {
            if (!job.left && !job.begun) {
                job.expired(workshop.clock().instant()).ifPresent(late -> endWaiting(job, late));
            }
            return job;
        });
    }

    private void enqueue(Workers workers, Job job) {
        workers.queue.add(job);
        job.deadline().ifPresent(latest -> {
            Duration left = Duration.between(workshop.clock().instant(), latest).plusMillis(1);
            var alarm = workshop.alarms().in(left.isNegative() ? Duration.ZERO : left, () -> expire(job));
            var unused = job.over.whenComplete((run, failure) -> alarm.cancel());
        });
    }

    /** Nothing else wakes a run that was queued only because another one of its recipe waits for another agent. */
    private void startIfItMay(Workers workers, Job job) {
        if (workers.slots() > 0 && mayStart(job)) {
            start(fill());
        }
    }

    private boolean mayStart(Job job) {
        return job.isParallel() || unfinishedOf(job.recipe.name()).isFreeFor(job);
    }

    private Unfinished unfinishedOf(RecipeName recipe) {
        return recipes.getOrDefault(recipe, new Unfinished());
    }

    private Job queue(Workers workers, Request request, Order order, Instant now) {
        Job job = enter(request, order, now);
        if (request.input().size() <= SMALL_INPUT) {
            job.input = Optional.of(request.input());
        }
        enqueue(workers, job);
        return job;
    }

    private CompletableFuture<Admitted> accepted(Job job, Input input) {
        Run run = job.run;
        return store.accept(run, job.recipe, input).handle((kept, failure) -> {
            if (failure != null) {
                abandon(job);
                recordRefusal(run, failure);
                throw failure instanceof RuntimeException unchecked ? unchecked : new CompletionException(failure);
            }
            if (run.state() == RunState.RUNNING) {
                launch(job);
            }
            return new Admitted.Accepted(run, job.over);
        });
    }

    /** What was due and could not be accepted has its record all the same: there is room for that when there is none for new work. */
    private void recordRefusal(Run run, Throwable failure) {
        if (run.order().cause().dueAt().isPresent() && !isForGood(failure)) {
            boolean full = failure instanceof StoreException store && store.fault() == StoreException.Fault.FULL;
            String why = full ? "the disk was full" : "the store could not keep it";
            Instant now = workshop.clock().instant();
            missed(Run.refused(run.order(), RunState.REJECTED, why, Run.Repeat.ONCE, now), false);
        }
    }

    /** Takes back what could not be kept. */
    private void abandon(Job job) {
        start(locked(() -> {
            release(job);
            jobs.remove(job.id());
            return fill();
        }));
        job.over.complete(job.run);
    }

    private Optional<CompletableFuture<Run>> end(long id, Stop stop) {
        Job job = jobs.get(id);
        if (job == null) {
            return Optional.empty();
        }
        if (job.left) {
            return Optional.of(job.over);
        }
        if (job.execution.isPresent()) {
            if (job.run.state() == RunState.RUNNING) {
                job.run = job.run.stopping(stop.reason());
                store.stopping(job.run);
            }
            job.execution.get().stop(stop);
        } else {
            endWaiting(job, new Outcome(stop.state(), Optional.of(stop.reason()), job.run.exitCode(), job.run.steps()));
        }
        return Optional.of(job.over);
    }

    private void endWaiting(Job job, Outcome outcome) {
        release(job);
        keepEnd(job, job.run.ended(outcome, workshop.clock().instant()), List.of());
    }

    private void start(List<Job> jobs) {
        if (!jobs.isEmpty()) {
            keep(jobs, () -> store.start(jobs.stream().map(job -> job.run).toList()), () -> jobs.forEach(this::launch));
        }
    }

    private void launch(Job job) {
        if (locked(() -> jobs.containsKey(job.id()))) { // else it got a slot before its acceptance could not be kept
            Threads.virtual("run-" + job.id(), () -> work(job)).start();
        }
    }

    private void work(Job job) {
        Outcome outcome = Outcome.of(RunState.FAILED, "a defect of leprechaun: its log says more");
        try {
            if (job.run.attempt() == 1) {
                begins.accept(job.run);
            }
            outcome = job.execution.orElseThrow().run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) { // the slot must become free, whatever happened
            LOG.error("run {} of {} ended by a defect", job.id(), job.recipe.name(), e);
        } finally {
            leave(job, outcome);
        }
    }

    /** The one way out of an attempt: frees the slot, hands it to the next in line, records, then tells. */
    private void leave(Job job, Outcome outcome) {
        boolean again = outcome.state() == RunState.FAILED || outcome.state() == RunState.TIMED_OUT;
        if (!again || !job.recipe.policy().retry().follows(job.run.attempt()) || !pause(job, outcome)) {
            over(job, outcome);
        }
    }

    /** Lets a run that failed wait for its next attempt, without a slot. Not one that was told to end meanwhile. */
    private boolean pause(Job job, Outcome outcome) {
        record Paused(Run waiting, List<Job> next) {}
        Optional<Paused> paused = locked(() -> {
            if (job.run.state() != RunState.RUNNING) {
                return Optional.empty();
            }
            Instant until =
                    workshop.clock().instant().plus(job.recipe.policy().retry().after(job.run.attempt()));
            agents.values().forEach(workers -> workers.stack.remove(job));
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
                () -> {
                    LOG.info("{}", RunDocument.sentence(now.waiting()));
                    now.next().forEach(this::launch);
                    locked(() -> job.attempt).complete(now.waiting());
                    tryAgainLater(job);
                }));
        return paused.isPresent();
    }

    private void tryAgainLater(Job job) {
        Instant now = workshop.clock().instant();
        Duration delay = job.run
                .times()
                .retryAt()
                .map(until -> Duration.between(now, until))
                .filter(left -> !left.isNegative())
                .orElse(Duration.ZERO);
        workshop.alarms().in(delay, () -> tryAgain(job));
    }

    /** Puts a run that waited for its next attempt in line. */
    private void tryAgain(Job job) {
        start(locked(() -> {
            if (job.left) {
                return List.of();
            }
            workers(job.run.order().agent()).queue.add(job);
            return fill();
        }));
    }

    private void over(Job job, Outcome outcome) {
        record Left(Run ended, List<Job> next) {}
        Left left = locked(() -> {
            release(job);
            return new Left(job.run.ended(outcome, workshop.clock().instant()), fill());
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
                        tell.apply(ended.order().recipe())),
                () -> {
                    locked(() -> jobs.remove(job.id()));
                    told.done().send(ended); // before the next begin: they may end before this thread goes on
                    if (ended.state().isTrouble() || ended.state().isLoss()) {
                        told.errors().send(ended);
                    }
                    next.forEach(this::launch);
                    job.over.complete(ended);
                });
    }

    private static List<Job> with(Job job, List<Job> next) {
        return Stream.concat(Stream.of(job), next.stream()).toList();
    }

    /** Asks the store until it keeps something: the slots are given away already, and what has happened has happened. Not a store that has failed for good. */
    private void keep(List<Job> concerned, Supplier<CompletableFuture<Void>> change, Runnable then) {
        var unused = change.get().whenComplete((kept, failure) -> {
            if (failure == null) {
                then.run();
            } else if (isForGood(failure)) {
                forget(concerned, failure);
            } else {
                LOG.error("the store keeps nothing; trying again in {} s", STORE_RETRY.toSeconds(), failure);
                workshop.alarms().in(STORE_RETRY, () -> keep(concerned, change, then));
            }
        });
    }

    /** Whether the store will keep nothing more while the daemon lives. */
    private static boolean isForGood(Throwable failure) {
        return failure instanceof StoreException store
                && (store.fault() == StoreException.Fault.FAILED || store.fault() == StoreException.Fault.DAMAGED);
    }

    /** Lets jobs go about which nothing more can be kept: the next start of the daemon tells what the store knows of them. */
    private void forget(List<Job> concerned, Throwable failure) {
        for (Job job : concerned) {
            LOG.error(
                    "what became of run {} of {} cannot be kept: {}",
                    job.id(),
                    job.recipe.name(),
                    failure.getMessage());
            locked(() -> {
                release(job);
                return jobs.remove(job.id());
            });
            job.over.completeExceptionally(failure);
        }
    }

    private <T> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }

    /**
     * One place on an agent's stack or in its queue.
     *
     * @param name the worker's: the recipe's name, with the run's number where several may work at once
     */
    public record Worker(String name, Run run) {}

    /**
     * How many an agent may have.
     *
     * @param max at work at once
     * @param queue waiting
     */
    public record Bounds(int max, int queue) {}
}
