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
import java.util.stream.Collectors;

/** The jobs that work and those that wait, by number, recipe, lock and deadline. */
final class Jobs {
    private final long most;
    private final Map<AgentName, Workers> agents = new LinkedHashMap<>();
    private final Locks locks = new Locks();
    private final StartOrder startOrder = new StartOrder(agents.values(), locks);
    private final Deadlines deadlines = new Deadlines();
    /** Every job whose end is not on disk yet. */
    private final Map<Long, Job> jobs = new HashMap<>();
    /** The number of jobs that have not left and hold or want each counted lock. */
    private final Map<Lock, Integer> counted = new HashMap<>();
    /** The jobs that have not left, by recipe. */
    private final Map<RecipeName, ActiveRuns> recipes = new HashMap<>();

    /** @param most the largest number of jobs that there is memory for */
    Jobs(long most) {
        this.most = most;
    }

    /** Gives an agent its workers, which are closed at first. */
    Workers register(AgentName agent, int max, int queue) {
        var workers = new Workers(agent, max, queue);
        workers.closed = Optional.of(agent + " is not started");
        agents.put(agent, workers);
        return workers;
    }

    /** Returns the workers of every agent. */
    Collection<Workers> agents() {
        return agents.values();
    }

    /** Returns the workers of the agent of a job. */
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

    /** Returns the order in which waiting jobs start. */
    StartOrder startOrder() {
        return startOrder;
    }

    /** Returns the waiting jobs that must not wait for ever. */
    Deadlines deadlines() {
        return deadlines;
    }

    /** Returns whether there is memory for one more job. */
    boolean hasRoom() {
        return jobs.size() < most;
    }

    /** Returns every job whose end is not on disk yet. */
    Collection<Job> all() {
        return jobs.values();
    }

    Optional<Job> job(long run) {
        return Optional.ofNullable(jobs.get(run));
    }

    /** Returns the number of jobs that hold or want a counted lock. */
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

    /** Puts a job into its queue. */
    void queue(Job job) {
        startOrder.join(workers(job), job);
        deadlines.add(job);
    }

    /** Moves a job from its queue to its stack, where it makes an attempt. */
    void occupy(Job job) {
        job.working = true;
        deadlines.remove(job);
        startOrder.leave(workers(job), job);
        unfinished(job.recipe.name()).begins(job);
        workers(job).stack.add(job);
        locks.taken(job);
    }

    /**
     * Removes a job from its stack or queue. It stays known until its end is on disk, so that no client sees less than
     * before.
     */
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

    /** Removes a job from its stack alone: it comes back. */
    void leaveStack(Job job) {
        if (job.begun && workers(job).stack.remove(job)) {
            job.working = false;
            locks.given(job);
            unfinished(job.recipe.name()).pauses(job);
            wake(job.recipe.name());
        }
    }

    /** Forgets a job. */
    void forget(Job job) {
        jobs.remove(job.id());
    }

    /** Returns the jobs of a recipe that have not left. */
    ActiveRuns unfinished(RecipeName recipe) {
        ActiveRuns found = recipes.get(recipe);
        return found == null ? new ActiveRuns() : found;
    }

    /** Returns the recipes that have jobs that have not left. */
    List<RecipeName> recipes() {
        return List.copyOf(recipes.keySet());
    }

    /**
     * Returns whether the recipe of a job lets it start. The answer is the same for all jobs of a {@link Lane}, and
     * read once. Code that changes it for a recipe {@linkplain #wake wakes} the recipe.
     */
    boolean mayStart(Job job) {
        return job.missing.isEmpty()
                && (job.isParallel() || unfinished(job.recipe.name()).isFreeFor(job));
    }

    /**
     * Wakes a recipe: its waiting jobs are checked again whether they {@linkplain #mayStart may start}, the next time
     * that slots are filled.
     */
    void wake(RecipeName recipe) {
        agents.values().forEach(workers -> workers.queue.wake(recipe));
    }

    /**
     * Returns a run as it is shown. A run that waits for its recipe, or for a lock alone, is shown as waiting, with the
     * reason or the holder of the lock.
     */
    Run snapshot(Job job) {
        Run run = job.run;
        if (job.missing.isPresent() && !job.working && !job.left) {
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

    /** Returns the runs that hold a lock or wait for one, by lock: the holders first, then the waiting ones in line. */
    List<Dispatcher.LockUse> locks() {
        var uses = new ArrayList<Dispatcher.LockUse>();
        for (boolean holds : List.of(true, false)) {
            agents.values().stream()
                    .flatMap(workers -> holds ? workers.stack.stream() : workers.queue.inLine())
                    .filter(job -> !job.locks().isEmpty())
                    .sorted(Job.IN_LINE)
                    .forEach(
                            job -> job.locks().forEach(lock -> uses.add(new Dispatcher.LockUse(lock, job.run, holds))));
        }
        uses.sort(Comparator.comparing(use -> use.lock().name()));
        return uses;
    }
}
