package io.leprechaun.daemon.worker;

import io.leprechaun.daemon.recipe.Lock;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.settings.AgentName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Who works, who waits and what is known of both: the state under the dispatcher's one lock. Everything but {@link #locked} is called by who holds it, and blocks nobody. */
final class QueueState {
    private final ReentrantLock lock = new ReentrantLock();
    private final long most;
    private final Map<AgentName, Workers> agents = new LinkedHashMap<>();
    private final Locks locks = new Locks();
    private final StartOrder startOrder = new StartOrder(agents.values(), locks);
    private final Deadlines deadlines = new Deadlines();
    /** Every job whose end is not on disk. */
    private final Map<Long, Job> jobs = new HashMap<>();
    /** How many that have not left hold or want each lock that is counted. */
    private final Map<Lock, Integer> counted = new HashMap<>();
    /** Those that have not left, by recipe. */
    private final Map<RecipeName, ActiveRuns> recipes = new HashMap<>();

    /** @param most how many jobs there is memory for */
    QueueState(long most) {
        this.most = most;
    }

    <T> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }

    /** Gives an agent its workers, closed as yet. */
    Workers register(AgentName agent, int max, int queue) {
        var workers = new Workers(agent, max, queue);
        workers.closed = Optional.of(agent + " is not started");
        agents.put(agent, workers);
        return workers;
    }

    /** The workers of every agent. */
    Collection<Workers> agents() {
        return agents.values();
    }

    /** Whose workers a job wants. */
    Workers workers(Job job) {
        return workers(job.run.order().agent());
    }

    Workers workers(AgentName agent) {
        Workers workers = agents.get(agent);
        if (workers == null) {
            throw new IllegalArgumentException("no workers for " + agent);
        }
        return workers;
    }

    /** The order in which those who wait begin. */
    StartOrder startOrder() {
        return startOrder;
    }

    /** Who waits, and must not for ever. */
    Deadlines deadlines() {
        return deadlines;
    }

    /** Whether there is memory for one more job. */
    boolean hasRoom() {
        return jobs.size() < most;
    }

    /** Every job whose end is not on disk. */
    Collection<Job> jobs() {
        return jobs.values();
    }

    Optional<Job> job(long run) {
        return Optional.ofNullable(jobs.get(run));
    }

    /** The number of jobs that hold or want a counted lock. */
    int holding(Lock lock) {
        return counted.getOrDefault(lock, 0);
    }

    private void count(Job job, int by) {
        job.recipe.policy().locks().stream()
                .filter(Lock::isStrict)
                .forEach(lock -> counted.merge(lock, by, (one, other) -> one + other == 0 ? null : one + other));
    }

    Job enter(Job job) {
        jobs.put(job.id(), job);
        count(job, 1);
        recipes.computeIfAbsent(job.recipe.name(), unused -> new ActiveRuns()).add(job);
        return job;
    }

    /** Lets a job wait in line. */
    void queue(Job job) {
        startOrder.join(workers(job), job);
        deadlines.add(job);
    }

    /** Puts a job on its stack. */
    void occupy(Job job) {
        deadlines.remove(job);
        startOrder.leave(workers(job), job);
        unfinished(job.recipe.name()).begins(job);
        workers(job).stack.add(job);
        locks.taken(job);
    }

    /** Takes a job from its stack or queue. It is known until its end is on disk, so that nobody is told less than before. */
    void release(Job job) {
        if (!job.left) {
            count(job, -1);
        }
        job.left = true;
        deadlines.remove(job);
        startOrder.leave(workers(job), job);
        leaveStack(job);
        RecipeName recipe = job.recipe.name();
        ActiveRuns rest = unfinished(recipe);
        rest.remove(job);
        if (rest.isEmpty()) {
            recipes.remove(recipe);
        }
        wake(recipe);
    }

    /** Takes a job from its stack alone: it comes back. */
    void leaveStack(Job job) {
        if (job.begun && workers(job).stack.remove(job)) {
            locks.given(job);
            unfinished(job.recipe.name()).pauses(job);
            wake(job.recipe.name());
        }
    }

    /** Knows nothing more of a job; empty: it did not before. */
    Optional<Job> forget(Job job) {
        return Optional.ofNullable(jobs.remove(job.id()));
    }

    /** The jobs of a recipe that have not left. */
    ActiveRuns unfinished(RecipeName recipe) {
        ActiveRuns found = recipes.get(recipe);
        return found == null ? new ActiveRuns() : found;
    }

    /** The recipes that have jobs that have not left. */
    List<RecipeName> recipes() {
        return List.copyOf(recipes.keySet());
    }

    /**
     * Whether a job may start, as far as its recipe goes. The same for all that wait in a {@link Lane}, and asked once; whoever changes the answer for a recipe {@linkplain #wake wakes} it.
     */
    boolean mayStart(Job job) {
        return job.missing.isEmpty()
                && (job.isParallel() || unfinished(job.recipe.name()).isFreeFor(job));
    }

    /** Lets what waits of a recipe be asked anew whether it {@linkplain #mayStart may start}: the next time that slots are filled. */
    void wake(RecipeName recipe) {
        agents.values().forEach(workers -> workers.queue.wake(recipe));
    }

    /** What is known of a run now. One that waits for its recipe, or for a lock alone, is seen as waiting, with the reason or who holds the lock. */
    Run snapshot(Job job) {
        Run run = job.snapshot();
        if (job.missing.isPresent() && !job.isWorking() && !job.left) {
            String before = run.reason().map(why -> why + "; ").orElse("");
            return run.waitingFor(before + job.missing.get().reason());
        }
        return run.state() == RunState.QUEUED && workers(run.order().agent()).isOpen()
                ? locks.holder(job.locks())
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
    List<LockUse> locks() {
        var uses = new ArrayList<LockUse>();
        for (boolean holds : List.of(true, false)) {
            agents.values().stream()
                    .flatMap(workers -> holds ? workers.stack.stream() : workers.queue.inLine())
                    .filter(job -> !job.locks().isEmpty())
                    .sorted(Job.IN_LINE)
                    .forEach(job -> job.locks().forEach(lock -> uses.add(new LockUse(lock, job.run, holds))));
        }
        uses.sort(Comparator.comparing(use -> use.lock().name()));
        return uses;
    }
}
