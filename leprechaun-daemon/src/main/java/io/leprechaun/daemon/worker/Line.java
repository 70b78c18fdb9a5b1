package io.leprechaun.daemon.worker;

import io.leprechaun.daemon.recipe.Lock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * All who wait, of all agents, in one order: the next to start is the first that may. Who waits for a lock alone is not overtaken by those behind that want it too, or a lock that many share
 * would never be had by one. Who holds a lock is read off the stacks and counted nowhere, so that none is ever left locked. Guarded by the dispatcher's lock.
 */
final class Line {
    private final Collection<Workers> agents;

    /** @param agents all there are, also those that come later */
    Line(Collection<Workers> agents) {
        this.agents = agents;
    }

    /** The next job of one agent that has not been looked at. */
    private record Head(Workers workers, Job job, Iterator<Job> rest) {
        static Optional<Head> of(Workers workers, Iterator<Job> rest) {
            return rest.hasNext() ? Optional.of(new Head(workers, rest.next(), rest)) : Optional.empty();
        }
    }

    /**
     * Takes out of the queues those who start now.
     *
     * @param mayStart whether a job may, as far as its recipe goes; asked anew after each start
     * @param start puts a job on a stack
     */
    void advance(Predicate<Job> mayStart, BiConsumer<Workers, Job> start) {
        var heads = new PriorityQueue<>(Comparator.comparing(Head::job, Job.IN_LINE));
        agents.stream()
                .filter(Workers::isOpen)
                .forEach(workers -> Head.of(workers, workers.queue.iterator()).ifPresent(heads::add));
        var wanted = new ArrayList<Lock>();
        while (!heads.isEmpty()) {
            Head head = heads.remove();
            Job job = head.job();
            if (head.workers().slots() <= 0) {
                continue; // nobody behind it in this queue starts either
            }
            if (mayStart.test(job)) {
                if (isExcluded(job.locks(), wanted.stream())
                        || holder(job.locks()).isPresent()) {
                    wanted.addAll(job.locks());
                } else {
                    head.rest().remove();
                    start.accept(head.workers(), job);
                }
            }
            Head.of(head.workers(), head.rest()).ifPresent(heads::add);
        }
    }

    /** Whether somebody holds or waits for what keeps others from holding these locks. */
    boolean isContended(List<Lock> locks) {
        return !locks.isEmpty()
                && (holder(locks).isPresent()
                        || isExcluded(
                                locks,
                                agents.stream()
                                        .flatMap(workers -> workers.queue.stream())
                                        .flatMap(job -> job.locks().stream())));
    }

    /** Somebody who works and keeps others from holding these locks. */
    Optional<Job> holder(List<Lock> locks) {
        return locks.isEmpty()
                ? Optional.empty()
                : agents.stream()
                        .flatMap(workers -> workers.stack.stream())
                        .filter(job -> isExcluded(locks, job.locks().stream()))
                        .findFirst();
    }

    private static boolean isExcluded(List<Lock> locks, Stream<Lock> others) {
        return !locks.isEmpty() && others.anyMatch(other -> locks.stream().anyMatch(other::excludes));
    }
}
