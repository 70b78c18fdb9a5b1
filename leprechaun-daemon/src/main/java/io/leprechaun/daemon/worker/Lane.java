package io.leprechaun.daemon.worker;

import io.leprechaun.daemon.recipe.Lock;
import io.leprechaun.daemon.recipe.RecipeName;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/** Runs of one recipe that wait for the same: when the first of them may not start, neither may the others. Never empty while it is in a queue. Guarded by the dispatcher's lock. */
final class Lane {
    /** In the order of their first runs, which must not change while lanes are in this order. */
    static final Comparator<Lane> IN_LINE = Comparator.comparing(lane -> lane.jobs.first(), Job.IN_LINE);

    final LaneKey key;
    final TreeSet<Job> jobs = new TreeSet<>(Job.IN_LINE);
    /** Whether its recipe keeps it back. */
    boolean parked;

    Lane(LaneKey key) {
        this.key = key;
    }

    /**
     * What its runs have in common.
     *
     * @param parallel whether they may work beside other runs of the recipe
     * @param alone the number of a run that is alone in its lane, because it goes on with what it has begun; 0: none of them has begun
     */
    record LaneKey(RecipeName recipe, List<Lock> locks, boolean parallel, long alone) {
        static LaneKey of(Job job) {
            boolean parallel = job.isParallel();
            return new LaneKey(job.recipe.name(), job.locks(), parallel, job.begun && !parallel ? job.id() : 0);
        }
    }
}
