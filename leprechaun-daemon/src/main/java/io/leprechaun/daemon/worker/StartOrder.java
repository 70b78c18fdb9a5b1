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
 * All who wait, of all agents, in one order: the next to start is the first that may. Guarded by the dispatcher's lock.
 *
 * <p>Nobody starves, by one rule: a worker that gets free goes to the first in line, by priority and then by number, that its recipe and its locks let start. Who is passed over because of a
 * lock keeps its place for that lock: nobody behind it gets the lock before, of whatever agent, or a lock that many share would never be had by one. Only a stream of runs of a higher priority
 * keeps those of a lower one waiting: that is what a priority says.
 *
 * <p>Looked at are the first run of each lane that its recipe does not keep back, and of the lanes that want the same locks no more than start, and one. How many wait behind them does not
 * matter.
 */
final class StartOrder {
    private final Collection<Workers> agents;
    private final Locks locks;

    /**
     * @param agents all there are, also those that come later
     * @param locks which are held
     */
    StartOrder(Collection<Workers> agents, Locks locks) {
        this.agents = agents;
        this.locks = locks;
    }

    /** What decides on those that are looked at, and what becomes of them: each is out of its queue by then. */
    record Advance(Predicate<Job> isLate, Consumer<Job> late, Predicate<Job> mayStart, Consumer<Job> start) {}

    /**
     * A job that is looked at.
     *
     * @param lane whose first it is; empty: it was passed over earlier and only keeps its place for its locks
     */
    private record Head(Workers workers, Job job, Optional<Lane> lane) {
        /** The first of an agent's lanes that want the same locks. */
        static Optional<Head> first(Workers workers, List<Lock> locks) {
            return workers.queue.first(locks).map(lane -> new Head(workers, lane.jobs.first(), Optional.of(lane)));
        }
    }

    /** Takes out of the queues those who start now, and those who must not any more. */
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

    /** Whether another one may be looked at that wants the same locks from the same agent. */
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

    /** Lets a job wait. */
    void join(Workers workers, Job job) {
        workers.queue.add(job);
        locks.awaited(job);
    }

    /** Lets a job wait no longer, if it does. */
    void leave(Workers workers, Job job) {
        if (workers.queue.remove(job)) {
            locks.awaitedNoMore(job);
        }
    }

    /** Whether somebody holds or waits for what keeps others from holding these locks. */
    boolean isContended(List<Lock> wanted) {
        return locks.holder(wanted).isPresent() || locks.isAwaited(wanted);
    }
}
