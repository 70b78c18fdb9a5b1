package io.leprechaun.daemon.worker;

import io.leprechaun.daemon.recipe.Lock;
import io.leprechaun.daemon.recipe.RecipeName;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BinaryOperator;
import java.util.stream.Stream;

/**
 * The queue of one agent, in lanes of runs with the same recipe and locks. A lane whose recipe prevents a start is
 * parked, and costs nothing until it is woken.
 */
final class Queue {
    private final Map<Lane.LaneKey, Lane> lanes = new HashMap<>();
    /** The lanes that are not parked, by the locks that they want. */
    private final Map<List<Lock>, TreeSet<Lane>> ready = new HashMap<>();

    private final Map<RecipeName, Set<Lane>> parked = new HashMap<>();
    /**
     * The first job of those that want the same locks that was passed over because of them, although a worker was free.
     */
    private final Map<List<Lock>, Job> passedOver = new HashMap<>();

    private int size;

    void add(Job job) {
        Lane lane = lanes.computeIfAbsent(Lane.LaneKey.of(job), Lane::new);
        takeOut(lane);
        size += lane.jobs.add(job) ? 1 : 0;
        putBack(lane);
    }

    /** Removes a job, and returns whether it was there. */
    boolean remove(Job job) {
        Lane lane = lanes.get(Lane.LaneKey.of(job));
        if (lane == null || !lane.jobs.contains(job)) {
            return false;
        }
        takeOut(lane);
        lane.jobs.remove(job);
        passedOver.remove(job.locks(), job);
        size--;
        putBack(lane);
        return true;
    }

    boolean contains(Job job) {
        Lane lane = lanes.get(Lane.LaneKey.of(job));
        return lane != null && lane.jobs.contains(job);
    }

    int size() {
        return size;
    }

    /** Returns the time at which the oldest job was accepted, of those that are first in their lanes. */
    Optional<Instant> oldest() {
        return lanes.values().stream()
                .map(lane -> lane.jobs.first().run.times().queuedAt())
                .min(Instant::compareTo);
    }

    /** Returns all jobs, the first in line first. */
    Stream<Job> inLine() {
        return lanes.values().stream().flatMap(lane -> lane.jobs.stream()).sorted(Job.IN_LINE);
    }

    /** Returns the first jobs in line of the lanes that are not parked, at most this many. */
    List<Job> first(int most) {
        return ready.values().stream()
                .flatMap(same -> same.stream().limit(most))
                .flatMap(lane -> lane.jobs.stream().limit(most))
                .sorted(Job.IN_LINE)
                .limit(most)
                .toList();
    }

    /** Returns the sets of locks that are wanted by lanes that are not parked. */
    Collection<List<Lock>> wanted() {
        return ready.keySet();
    }

    /** Returns the first in line of the lanes that want these locks and are not parked. */
    Optional<Lane> first(List<Lock> locks) {
        return Optional.ofNullable(ready.get(locks)).map(TreeSet::first);
    }

    /** Records that only its locks prevented the start of a job. */
    void passOver(Job job) {
        passedOver.merge(job.locks(), job, BinaryOperator.minBy(Job.IN_LINE));
    }

    /**
     * Returns the jobs that keep their places for their locks, whether or not a worker is free: one for each set of
     * locks.
     */
    Collection<Job> passedOver() {
        return passedOver.values();
    }

    /** Parks a lane until its recipe is woken. */
    void park(Lane lane) {
        takeOut(lane);
        lane.parked = true;
        putBack(lane);
    }

    /** Wakes the parked lanes of a recipe, so that their runs are considered again. */
    void wake(RecipeName recipe) {
        Set<Lane> woken = parked.remove(recipe);
        if (woken != null) {
            woken.forEach(lane -> {
                lane.parked = false;
                putBack(lane);
            });
        }
    }

    /** Removes a lane from the order, before its first run or its state changes. */
    private void takeOut(Lane lane) {
        if (!lane.jobs.isEmpty() && !lane.parked) {
            ready.computeIfPresent(lane.key.locks(), (unused, all) -> all.remove(lane) && all.isEmpty() ? null : all);
        }
    }

    private void putBack(Lane lane) {
        if (lane.parked) {
            parked.computeIfAbsent(lane.key.recipe(), unused -> new HashSet<>()).add(lane);
        }
        if (lane.jobs.isEmpty()) {
            lanes.remove(lane.key);
            parked.computeIfPresent(lane.key.recipe(), (unused, all) -> all.remove(lane) && all.isEmpty() ? null : all);
        } else if (!lane.parked) {
            ready.computeIfAbsent(lane.key.locks(), unused -> new TreeSet<>(Lane.IN_LINE))
                    .add(lane);
        }
    }
}
