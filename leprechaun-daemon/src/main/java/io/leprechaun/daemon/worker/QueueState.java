package io.leprechaun.daemon.worker;

import io.leprechaun.daemon.body.BodyFolder;
import io.leprechaun.daemon.execution.Stop;
import io.leprechaun.daemon.recipe.Lock;
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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The decisions on runs, from the request to the end. Each method is an event. It changes the state, and returns the
 * effects that the caller has to carry out in their order. Nothing here reads a clock, waits, or calls anything outside
 * of this state. {@link Attempts} carries the effects out for the daemon, and {@link Simulation} on a list of events.
 * Not thread-safe.
 */
final class QueueState {
    /** The largest number of late runs that are ended at once, so that other changes do not wait long for the store. */
    private static final int MOST_LATE = 100;

    /** The longest coalesce value that is kept as it is, in characters; a longer one is replaced by its digest. */
    private static final int LONGEST_COMMON = 64;
    /**
     * The number of runs of one user that may wait for each one that may be at work: one user must not fill the queue
     * of all.
     */
    private static final int WAITING_EACH = 25;

    private static final Admission.Decision NO_MEMORY = new Admission.Decision.Refuse(
            RunState.REJECTED,
            "too many unfinished runs for the daemon's memory: raise it (LEPRECHAUN_JAVA_OPTS=-Xmx256m)");

    /** The duration of an attempt below which the next runs are claimed: for longer ones a commit does not matter. */
    private static final Duration SHORT = Duration.ofSeconds(1);
    /** The largest number of waiting runs of an agent that are claimed. */
    private static final int MOST_CLAIMED = 16;
    /** The time after which runs that still wait are claimed no more. */
    private static final Duration CLAIMED = Duration.ofSeconds(10);

    private final Jobs jobs;
    private final Absences absences;
    private final LongSupplier ids;
    /** The jobs between two attempts, by the instant of the next one, by the steady clock. */
    private final TreeMap<Instant, List<Job>> pauses = new TreeMap<>();
    /** The late jobs that are not ended yet, with their outcome. */
    private final Map<Job, Outcome> late = new LinkedHashMap<>();
    /** The last of the late jobs that were ended together: once its end is stored, more are ended. */
    private Optional<Job> lastOfLate = Optional.empty();
    /** The jobs that are claimed, and those that were launched by a claim and whose start is not on disk yet. */
    private final Set<Job> claims = new LinkedHashSet<>();
    /** The claims that were requested last; empty: what the store holds is not known. */
    private Optional<Set<Long>> requested = Optional.of(Set.of());
    /** The number of changes of the claims that are not on disk yet. */
    private int claimsUnderWay;
    /** The instant, by the steady clock, after which waiting runs are claimed no more. */
    private Instant claimedUntil = Instant.MAX;
    /** The second in which the windows of all waiting runs were checked last. */
    private long lookedAtWindows;
    /** The instant for which {@link #tick} was requested last; empty: it is not. */
    private Optional<Instant> wake = Optional.empty();

    /**
     * @param most the largest number of runs that there is memory for
     * @param removal the time after which the removal of a recipe is final
     * @param ids the supplier of numbers for accepted runs
     */
    QueueState(long most, Duration removal, LongSupplier ids) {
        this.jobs = new Jobs(most);
        this.absences = new Absences(removal);
        this.ids = ids;
    }

    /** Returns the jobs, to be read. */
    Jobs jobs() {
        return jobs;
    }

    /** Gives an agent its workers, which are closed at first. */
    void register(AgentName agent, int max, int queue) {
        jobs.register(agent, max, queue);
    }

    /** Opens an agent: it accepts due runs, and starts the runs that wait for it. */
    List<Effect> open(AgentName agent, Moment at) {
        return closed(agent, Optional.empty(), at);
    }

    /** Closes an agent: due runs are held, waiting runs continue to wait, working runs continue to work. */
    List<Effect> close(AgentName agent, String why, Moment at) {
        return closed(agent, Optional.of(why), at); // its waiting runs keep no lock from others any more
    }

    private List<Effect> closed(AgentName agent, Optional<String> why, Moment at) {
        var effects = new ArrayList<Effect>();
        jobs.workers(agent).closed = why;
        if (why.isPresent()) {
            unclaim(effects);
        }
        start(at, effects);
        return awake(effects);
    }

    /** Closes all agents for good. */
    List<Effect> closeAll(String why) {
        var effects = new ArrayList<Effect>();
        jobs.agents().forEach(workers -> workers.closed = Optional.of(why));
        unclaim(effects);
        return effects;
    }

    /**
     * A recipe is due. The first effect is {@link Effect.Refuse} or {@link Effect.Accept}.
     *
     * @param paused the reason that the recipe is held back; empty: it is not
     */
    List<Effect> due(RunRequest request, Optional<String> paused, Moment at) {
        Recipe recipe = request.recipe();
        Workers workers = jobs.workers(request.agent());
        ActiveRuns unfinished = jobs.unfinished(recipe.name());
        var order = new RunSpec(
                recipe.name(),
                recipe.origin().hash(),
                request.agent(),
                recipe.policy().priority(),
                request.cause());
        RunSpec same = unfinished
                .newest()
                .map(job -> job.run.order())
                .filter(order::equals)
                .orElse(order); // one order for all that wait
        var older = unfinished.alike(coalesce(recipe, request::input));
        Admission.Decision decision = decide(request, paused, workers, older, at);
        boolean fits = decision instanceof Admission.Decision.Refuse || jobs.hasRoom() || !older.isEmpty();
        var effects = new ArrayList<Effect>();
        switch (fits ? decision : NO_MEMORY) {
            case Admission.Decision.Refuse refuse ->
                effects.add(new Effect.Refuse(
                        Run.refused(order, refuse.state(), refuse.reason(), Run.Repeat.ONCE, at.now())));
            case Admission.Decision.Start() -> {
                Job job = enter(request, same, at);
                occupy(job, at);
                effects.add(new Effect.Accept(job, job.run, request.input(), older, List.of()));
            }
            case Admission.Decision.Enqueue() -> enqueue(request, same, older, List.of(), at, effects);
            case Admission.Decision.Replace() -> enqueue(request, same, List.of(), unfinished.all(), at, effects);
        }
        return awake(effects);
    }

    private Admission.Decision decide(
            RunRequest request, Optional<String> paused, Workers workers, List<Job> older, Moment at) {
        Recipe recipe = request.recipe();
        var strict = recipe.policy().locks().stream().filter(Lock::isStrict).toList();
        var crowd = strict.stream()
                .filter(lock -> jobs.holding(lock) >= lock.most() * (1 + WAITING_EACH) && older.isEmpty())
                .findFirst();
        if (crowd.isPresent()) {
            return new Admission.Decision.Refuse(
                    RunState.REJECTED,
                    "too many unfinished " + crowd.get().name() + ": " + jobs.holding(crowd.get()) + " (users: runs)");
        }
        int room = workers.room()
                + (int) older.stream().filter(workers.queue::contains).count(); // the older ones make room
        if (request.force()) {
            return Admission.forced(new Admission.AdmissionFacts(
                    workers.closed,
                    Optional.empty(),
                    Optional.empty(),
                    jobs.startOrder().isContended(strict),
                    workers.slots(),
                    room));
        }
        var facts = new Admission.AdmissionFacts(
                workers.closed,
                paused,
                jobs.unfinished(recipe.name()).oldest().map(Job::id),
                jobs.startOrder().isContended(recipe.policy().locks()),
                workers.slots(),
                room);
        return Admission.decide(recipe, request.cause(), at.now(), facts);
    }

    private Job enter(RunRequest request, RunSpec order, Moment at) {
        var job = new Job(Run.accepted(ids.getAsLong(), order, at.now()), request.recipe(), at.ahead());
        job.forced = request.force();
        job.coalesce = coalesce(request.recipe(), request::input);
        return jobs.enter(job);
    }

    /**
     * Queues a request, and starts it if it may start now: nothing else wakes a run that was queued only because
     * another one of its recipe waits for another agent.
     */
    private void enqueue(
            RunRequest request, RunSpec order, List<Job> older, List<Job> replaced, Moment at, List<Effect> effects) {
        Job job = enter(request, order, at);
        jobs.queue(job);
        effects.add(new Effect.Accept(job, job.run, request.input(), older, replaced));
        if (jobs.workers(job).slots() > 0 && jobs.mayStart(job)) {
            start(at, effects);
        }
    }

    /**
     * Returns the coalesce value: of a recipe's requests with the same one only the newest waits; empty: it has none.
     *
     * @param input the supplier of the input, asked only where the recipe needs it
     */
    static Optional<String> coalesce(Recipe recipe, Supplier<Input> input) {
        return recipe.trigger(Trigger.Hook.class)
                .flatMap(hook -> hook.policy().coalesce())
                .flatMap(parameter ->
                        Optional.ofNullable(input.get().parameters().get(parameter)))
                .map(value -> value.length() <= LONGEST_COMMON ? value : digest(value));
    }

    private static String digest(String value) {
        return HexFormat.of().formatHex(BodyFolder.sha256().digest(value.getBytes(StandardCharsets.UTF_8)));
    }

    /** An acceptance is on disk. Only now it replaces others: a run that is not stored replaces nothing. */
    List<Effect> accepted(Effect.Accept accept, Moment at) {
        var effects = new ArrayList<Effect>();
        if (accept.run().state() == RunState.RUNNING) {
            effects.add(new Effect.Launch(accept.job()));
        }
        String by = "replaced by the newer run " + accept.job().id() + " (coalesce)";
        accept.older().stream()
                .filter(old -> !old.left && !old.begun)
                .forEach(old -> end(old, Outcome.of(RunState.SKIPPED, by), at, effects));
        var stop = new Stop(RunState.KILLED, "replaced by run " + accept.job().id());
        accept.replaced().forEach(old -> stop(old, stop, at, effects));
        if (!accept.older().isEmpty()) {
            start(at, effects); // they may have kept their places for a lock
        }
        return awake(effects);
    }

    /** An acceptance could not be stored. */
    List<Effect> abandoned(Job job, Moment at) {
        var effects = new ArrayList<Effect>();
        jobs.release(job);
        jobs.forget(job);
        claims.remove(job);
        start(at, effects);
        return awake(effects);
    }

    /**
     * The daemon has started, and finds a run that an earlier one accepted: it waits again.
     *
     * @param coalesce its coalesce value
     * @param ahead the lead of the steady clock over the host's clock when it was accepted
     */
    List<Effect> restored(Run queued, Recipe recipe, Optional<String> coalesce, Duration ahead, Moment at) {
        var effects = new ArrayList<Effect>();
        var job = new Job(queued, recipe, ahead);
        job.coalesce = coalesce;
        jobs.enter(job);
        absences.check(job, at, effects);
        if (queued.state() == RunState.WAITING) {
            pause(job, at);
        } else {
            jobs.queue(job);
        }
        return awake(effects);
    }

    /**
     * An attempt is over. This is the only way out of an attempt; its thread calls it, under the lock of
     * {@link Attempts}.
     *
     * <ol>
     *   <li>The job waits for its next attempt, or leaves. Its slot and its locks become free.
     *   <li>{@link StartOrder} gives all free slots to the first jobs in line that may start.
     *   <li>Those that hold a claim are launched at once.
     *   <li>The end and the starts are stored in one commit. If that fails, it is repeated each second.
     *   <li>After the commit the end is reported to the agent's channels, and then the others are launched.
     *   <li>{@link #kept} forgets the job. Where the store has failed for good, {@link #lost} does.
     * </ol>
     */
    List<Effect> ended(Job job, Outcome outcome, Moment at) {
        var effects = new ArrayList<Effect>();
        boolean isShort = Duration.between(job.begunAt, at.steady()).compareTo(SHORT) < 0;
        var retry = job.recipe.policy().retry();
        boolean again = (outcome.state() == RunState.FAILED || outcome.state() == RunState.TIMED_OUT)
                && retry.follows(job.run.attempt())
                && job.run.state() == RunState.RUNNING; // else it was asked to end meanwhile
        if (again) {
            jobs.leaveStack(job);
            job.run = job.run.waiting(outcome, at.now().plus(retry.after(job.run.attempt())));
        } else {
            jobs.release(job);
        }
        Workers workers = jobs.workers(job);
        var inLine = isShort ? inLine(workers) : List.<Job>of();
        Effect.Next next = next(at, effects);
        effects.add(
                again
                        ? new Effect.Retry(job, job.run, next)
                        : new Effect.End(job, job.run.ended(outcome, at.now()), next));
        claim(workers, inLine, at, effects);
        return awake(effects);
    }

    /**
     * Returns the jobs of an agent that start next and those to be claimed, before the free slots are given away. None
     * while earlier changes of the claims are not on disk: a later one may leave out what an earlier one has.
     */
    private List<Job> inLine(Workers workers) {
        return claimsUnderWay == 0 && workers.isOpen()
                ? workers.queue.first(workers.slots() + mostClaimed(workers))
                : List.of();
    }

    /**
     * Claims those of the jobs in line that still wait, so that they can start without a commit. To be called after a
     * short attempt alone: a claim is a risk of being lost with the machine.
     */
    private void claim(Workers workers, List<Job> inLine, Moment at, List<Effect> effects) {
        var claimed = inLine.stream()
                .filter(job -> job.claim == Job.Claim.NONE && !job.begun && !job.left)
                .limit(mayClaim(workers))
                .toList();
        if (!claimed.isEmpty()) {
            claimed.forEach(job -> job.claim = Job.Claim.REQUESTED);
            claims.addAll(claimed);
            claimedUntil = at.steady().plus(CLAIMED);
            effects.add(claims(claimed));
        }
    }

    private static int mostClaimed(Workers workers) {
        return Math.min(2 * workers.max, MOST_CLAIMED);
    }

    /** Returns the number of further jobs of an agent that may be claimed. */
    private long mayClaim(Workers workers) {
        long waiting = claims.stream()
                .filter(job -> !job.begun && jobs.workers(job) == workers)
                .count();
        return Math.max(0, mostClaimed(workers) - waiting);
    }

    private Effect claims(List<Job> claimed) {
        Set<Long> all = runs(claims);
        claimsUnderWay++;
        requested = Optional.of(all);
        return new Effect.Claims(claimed, all);
    }

    private static Set<Long> runs(Collection<Job> claims) {
        return claims.stream().map(Job::id).collect(Collectors.toUnmodifiableSet());
    }

    /** Claims no waiting job any more, and stores that. */
    private void unclaim(List<Effect> effects) {
        dropClaims();
        if (!requested.equals(Optional.of(runs(claims)))) {
            effects.add(claims(List.of()));
        }
    }

    /** Lets no waiting job start by a claim any more: the store fails, and nothing else may start. */
    void dropClaims() {
        claims.stream().filter(job -> !job.begun).forEach(job -> job.claim = Job.Claim.NONE);
        claims.removeIf(job -> !job.begun);
        claimedUntil = Instant.MAX;
    }

    /** Claims are on disk. */
    void claimed(List<Job> jobs) {
        claimsUnderWay--;
        jobs.stream()
                .filter(job -> job.claim == Job.Claim.REQUESTED && !job.left)
                .forEach(job -> job.claim = Job.Claim.HELD);
    }

    /** Claims could not be stored. */
    void unclaimed(List<Job> jobs) {
        claimsUnderWay--;
        requested = Optional.empty();
        jobs.stream().filter(job -> job.claim == Job.Claim.REQUESTED).forEach(job -> {
            job.claim = Job.Claim.NONE;
            claims.remove(job);
        });
    }

    /** The starts of jobs that were launched by a claim are on disk. */
    void recorded(List<Job> jobs) {
        jobs.forEach(claims::remove);
    }

    /** A job's wait for its next attempt is on disk. If its recipe was removed while it worked, it ends at once. */
    List<Effect> waits(Job job, Moment at) {
        pause(job, at);
        return awake(new ArrayList<>());
    }

    private void pause(Job job, Moment at) {
        Duration delay = job.run
                .times()
                .retryAt()
                .map(until -> Duration.between(at.now(), until))
                .filter(left -> !left.isNegative() && !job.removed)
                .orElse(Duration.ZERO);
        pauses.computeIfAbsent(at.steady().plus(delay), unused -> new ArrayList<>())
                .add(job);
    }

    /** A job's end is on disk. */
    List<Effect> kept(Job job, Moment at) {
        var effects = new ArrayList<Effect>();
        jobs.forget(job);
        claims.remove(job);
        lastOfLate = lastOfLate.filter(last -> last != job);
        endLate(at, effects);
        return awake(effects);
    }

    /** Nothing more of a job can be stored: it leaves without an end. */
    void lost(Job job) {
        jobs.release(job);
        jobs.forget(job);
        claims.remove(job);
        lastOfLate = lastOfLate.filter(last -> last != job);
    }

    /** A run is asked to end: a working one is asked to stop, a waiting one is over at once. */
    List<Effect> stop(long run, Stop why, Moment at) {
        var effects = new ArrayList<Effect>();
        jobs.job(run).ifPresent(job -> stop(job, why, at, effects));
        return awake(effects);
    }

    private void stop(Job job, Stop why, Moment at, List<Effect> effects) {
        if (job.left) {
            return;
        }
        if (!job.working) {
            end(
                    job,
                    new Outcome(why.state(), Optional.of(why.reason()), job.run.exitCode(), job.run.steps()),
                    at,
                    effects);
            start(at, effects); // the job may have kept its place for a lock
            return;
        }
        if (job.run.state() == RunState.RUNNING) {
            job.run = job.run.stopping(why.reason());
            effects.add(new Effect.Change(job.run));
        }
        effects.add(new Effect.Stopping(job, why));
    }

    /** The recipes have changed: an accepted run waits while its recipe is not in force. */
    List<Effect> update(RecipeBook book, Moment at) {
        var effects = new ArrayList<Effect>();
        var freed = absences.update(book, jobs.all(), at, effects);
        freed.forEach(jobs::wake);
        if (!freed.isEmpty()) {
            start(at, effects);
        }
        return awake(effects);
    }

    /** The recipes that are removed will not return: their waiting runs end at once. */
    List<Effect> removed(Moment at) {
        var effects = new ArrayList<Effect>();
        absences.confirm().forEach(name -> remove(name, at, effects));
        start(at, effects);
        return awake(effects);
    }

    private void remove(RecipeName name, Moment at, List<Effect> effects) {
        for (Job job : jobs.unfinished(name).all()) {
            job.removed = true;
            if (!job.working) {
                endRemoved(job, at, effects);
            }
        }
    }

    private void endRemoved(Job job, Moment at, List<Effect> effects) {
        effects.add(
                new Effect.Warn("run=" + job.id() + " recipe=" + job.recipe.name() + " ended: the recipe was removed"));
        end(job, job.removal(), at, effects);
    }

    /** The host's clock was set: the next attempt of a run follows after the same elapsed time as before. */
    List<Effect> clockSet(Duration by) {
        var effects = new ArrayList<Effect>();
        jobs.all().stream()
                .filter(job -> !job.left && job.run.state() == RunState.WAITING)
                .forEach(job -> {
                    job.run = job.run.postponed(by);
                    effects.add(new Effect.Change(job.run));
                });
        return effects;
    }

    /** Time has passed: pauses and deadlines may be over, and removals final. */
    List<Effect> tick(Moment at) {
        var effects = new ArrayList<Effect>();
        wake = Optional.empty();
        if (claimedUntil.isBefore(at.steady())) {
            unclaim(effects);
        }
        var over = pauses.headMap(at.steady(), true);
        var again = over.values().stream().flatMap(List::stream).toList();
        over.clear();
        for (Job job : again) {
            if (job.removed && !job.left) {
                endRemoved(job, at, effects);
            } else if (!job.left) {
                jobs.queue(job);
            }
        }
        absences.passed(at.steady()).forEach(name -> remove(name, at, effects));
        addLate(jobs.deadlines().passed(at.steady()), at);
        start(at, effects);
        return awake(effects);
    }

    /** Starts the jobs that may start. */
    private void start(Moment at, List<Effect> effects) {
        Effect.Next next = next(at, effects);
        if (!next.isEmpty()) {
            effects.add(new Effect.Start(next));
        }
    }

    /** Gives free slots to the jobs that may start, and launches those that hold a claim. */
    private Effect.Next next(Moment at, List<Effect> effects) {
        var waiting = new ArrayList<Job>();
        var claimed = new ArrayList<Job>();
        for (Job job : fill(at, effects)) {
            if (job.claim == Job.Claim.HELD) {
                claimed.add(job);
                effects.add(new Effect.LaunchClaimed(job));
            } else {
                waiting.add(job);
                claims.remove(job);
            }
            job.claim = Job.Claim.NONE;
        }
        return waiting.isEmpty() && claimed.isEmpty() ? Effect.Next.NONE : new Effect.Next(waiting, claimed);
    }

    /**
     * Gives every free slot to the first job in line that may have it, and ends late jobs that it finds. Returns the
     * jobs that start.
     */
    private List<Job> fill(Moment at, List<Effect> effects) {
        var started = new ArrayList<Job>();
        var found = new ArrayList<Job>();
        if (at.now().getEpochSecond() != lookedAtWindows) {
            lookedAtWindows = at.now().getEpochSecond();
            found.addAll(jobs.deadlines().closed(at.now()));
        }
        jobs.startOrder()
                .advance(new StartOrder.Advance(job -> job.expired(at).isPresent(), found::add, jobs::mayStart, job -> {
                    occupy(job, at);
                    started.add(job);
                }));
        addLate(found, at);
        endLate(at, effects);
        return started;
    }

    private void occupy(Job job, Moment at) {
        jobs.occupy(job);
        job.begunAt = at.steady();
        job.run = job.run.started(at.now());
    }

    private void addLate(List<Job> found, Moment at) {
        found.forEach(job -> job.expired(at).ifPresent(outcome -> late.putIfAbsent(job, outcome)));
    }

    /** Ends late jobs, unless earlier ones are not stored yet. */
    private void endLate(Moment at, List<Effect> effects) {
        if (lastOfLate.isPresent()) {
            return;
        }
        late.keySet().removeIf(job -> job.left || job.begun);
        var some =
                late.entrySet().stream().limit(MOST_LATE).map(Map.Entry::copyOf).toList();
        for (var one : some) {
            late.remove(one.getKey());
            end(one.getKey(), one.getValue(), at, effects);
            lastOfLate = Optional.of(one.getKey());
        }
    }

    /** Ends a job that does not work. */
    private void end(Job job, Outcome outcome, Moment at, List<Effect> effects) {
        jobs.release(job);
        effects.add(new Effect.End(job, job.run.ended(outcome, at.now()), Effect.Next.NONE));
    }

    /** Returns the effects with a request for {@link #tick}, unless the last request was for the same instant. */
    private List<Effect> awake(List<Effect> effects) {
        Stream.of(
                        late.isEmpty() ? jobs.deadlines().first() : Optional.<Instant>empty(),
                        pauses.isEmpty() ? Optional.<Instant>empty() : Optional.of(pauses.firstKey()),
                        absences.first(),
                        Optional.of(claimedUntil).filter(until -> !until.equals(Instant.MAX)))
                .flatMap(Optional::stream)
                .min(Instant::compareTo)
                .filter(first -> wake.isEmpty() || !first.equals(wake.get()))
                .ifPresent(first -> {
                    wake = Optional.of(first);
                    effects.add(new Effect.Wake(first));
                });
        return effects;
    }
}
