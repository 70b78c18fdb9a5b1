package io.leprechaun.daemon.worker;

import io.leprechaun.daemon.recipe.Lock;
import io.leprechaun.daemon.recipe.RecipeName;
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
 * What waits for one agent, in lanes of those that wait for the same. A lane whose recipe keeps it back is parked, and costs nothing until it is woken. Guarded by the dispatcher's
 * lock.
 */
final class Queue {
    private final Map<Lane.LaneKey, Lane> lanes = new HashMap<>();
    /** Those that are not parked, by the locks that they want. */
    private final Map<List<Lock>, TreeSet<Lane>> ready = new HashMap<>();

    private final Map<RecipeName, Set<Lane>> parked = new HashMap<>();
    /** Of those that want the same locks the first that was passed over because of them, although a worker was free. */
    private final Map<List<Lock>, Job> passedOver = new HashMap<>();

    private int size;

    void add(Job job) {
        Lane lane = lanes.computeIfAbsent(Lane.LaneKey.of(job), Lane::new);
        takeOut(lane);
        size += lane.jobs.add(job) ? 1 : 0;
        putBack(lane);
    }

    /** Whether it was there. */
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

    /** All, the first in line first. */
    Stream<Job> inLine() {
        return lanes.values().stream().flatMap(lane -> lane.jobs.stream()).sorted(Job.IN_LINE);
    }

    /** The sets of locks that are wanted by lanes that are not parked. */
    Collection<List<Lock>> wanted() {
        return ready.keySet();
    }

    /** The first in line of those lanes that want these locks and are not parked. */
    Optional<Lane> first(List<Lock> locks) {
        return Optional.ofNullable(ready.get(locks)).map(TreeSet::first);
    }

    /** Notes that a job could have started but for its locks. */
    void passOver(Job job) {
        passedOver.merge(job.locks(), job, BinaryOperator.minBy(Job.IN_LINE));
    }

    /** Those that keep their places for their locks, whether or not a worker is free: one of those that want the same. */
    Collection<Job> passedOver() {
        return passedOver.values();
    }

    /** Lets a lane be, until its recipe is woken. */
    void park(Lane lane) {
        takeOut(lane);
        lane.parked = true;
        putBack(lane);
    }

    /** Lets a recipe's runs be looked at again. */
    void wake(RecipeName recipe) {
        Set<Lane> woken = parked.remove(recipe);
        if (woken != null) {
            woken.forEach(lane -> {
                lane.parked = false;
                putBack(lane);
            });
        }
    }

    /** Before a lane's first run or its state changes. */
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
