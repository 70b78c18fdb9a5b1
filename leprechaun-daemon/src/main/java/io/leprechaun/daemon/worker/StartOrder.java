package io.leprechaun.daemon.worker;

import io.leprechaun.daemon.recipe.Lock;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The start order of all waiting jobs of all agents: the next to start is the first that may.
 *
 * <p>No job starves, by one rule: a free worker goes to the first in line, by priority and then by number, that its
 * recipe and its locks let start. A job that is passed over because of a lock keeps its place for that lock. No job
 * behind it gets the lock first, of any agent: otherwise one job would never get a lock that many share. Only a stream
 * of runs of a higher priority keeps those of a lower one waiting: that is the meaning of a priority.
 *
 * <p>Only the first run of each lane that its recipe lets start is considered. Of the lanes that want the same locks,
 * only those that start and one more are. The number of jobs behind them does not matter.
 */
final class StartOrder {
    private final Collection<Workers> agents;
    private final Locks locks;

    /**
     * @param agents the workers of all agents, also those registered later
     * @param locks the holders of locks, and the jobs that wait for them
     */
    StartOrder(Collection<Workers> agents, Locks locks) {
        this.agents = agents;
        this.locks = locks;
    }

    /**
     * The tests for the jobs that are considered, and the actions for late and starting ones: such a job has left its
     * queue by then.
     */
    record Advance(Predicate<Job> isLate, Consumer<Job> late, Predicate<Job> mayStart, Consumer<Job> start) {}

    /**
     * A job that is considered.
     *
     * @param lane the lane whose first job it is; empty: it was passed over earlier and only keeps its place for its
     *     locks
     */
    private record Head(Workers workers, Job job, Optional<Lane> lane) {
        /** Returns the head of the first of an agent's lanes that want the same locks. */
        static Optional<Head> first(Workers workers, List<Lock> locks) {
            return workers.queue.first(locks).map(lane -> new Head(workers, lane.jobs.first(), Optional.of(lane)));
        }
    }

    /** Removes from the queues the jobs that start now, and those that must not start any more. */
    void advance(Advance decide) {
        var heads = new PriorityQueue<>(Comparator.comparing(Head::job, Job.IN_LINE));
        for (Workers workers : agents) {
            if (workers.isOpen()) {
                workers.queue.wanted().forEach(same -> Head.first(workers, same).ifPresent(heads::add));
                workers.queue.passedOver().forEach(job -> heads.add(new Head(workers, job, Optional.empty())));
            }
        }
        var wanted = new HashSet<Lock>();
        for (Head head = heads.poll(); head != null; head = heads.poll()) {
            Workers workers = head.workers();
            Job job = head.job();
            if (workers.slots() <= 0) {
                if (head.lane().isEmpty()
                        && !decide.isLate().test(job)
                        && decide.mayStart().test(job)) {
                    wanted.addAll(job.locks());
                }
            } else if (head.lane().isPresent()
                    && isDealtWith(workers, head.lane().get(), wanted, decide)) {
                Head.first(workers, job.locks()).ifPresent(heads::add);
            }
        }
    }

    /**
     * Handles the first job of a lane. Returns whether the next job of the same agent that wants the same locks may be
     * considered.
     */
    private boolean isDealtWith(Workers workers, Lane lane, Set<Lock> wanted, Advance decide) {
        Job job = lane.jobs.first();
        if (decide.isLate().test(job)) {
            leave(workers, job);
            decide.late().accept(job);
        } else if (!decide.mayStart().test(job)) {
            workers.queue.park(lane);
        } else if (Locks.areExcluded(job.locks(), wanted)
                || locks.holder(job.locks()).isPresent()) {
            workers.queue.passOver(job);
            wanted.addAll(job.locks());
            return false;
        } else {
            leave(workers, job);
            decide.start().accept(job);
        }
        return true;
    }

    /** Adds a job to its queue. */
    void join(Workers workers, Job job) {
        workers.queue.add(job);
        locks.awaited(job);
    }

    /** Removes a job from its queue, if it waits. */
    void leave(Workers workers, Job job) {
        if (workers.queue.remove(job)) {
            locks.awaitedNoMore(job);
        }
    }

    /** Returns whether a job holds or awaits a lock that excludes these locks. */
    boolean isContended(List<Lock> wanted) {
        return locks.holder(wanted).isPresent() || locks.isAwaited(wanted);
    }
}
