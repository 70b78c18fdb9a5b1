package io.leprechaun.daemon.worker;

import io.leprechaun.daemon.recipe.Lock;
import io.leprechaun.daemon.recipe.RecipeName;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/**
 * A lane of runs of one recipe with the same locks: when the first may not start, neither may the others. Never empty
 * while it is in a queue.
 */
final class Lane {
    /** The order of lanes by their first runs, which must not change while lanes are sorted by it. */
    static final Comparator<Lane> IN_LINE = Comparator.comparing(lane -> lane.jobs.first(), Job.IN_LINE);

    final LaneKey key;
    final TreeSet<Job> jobs = new TreeSet<>(Job.IN_LINE);
    /** True while its recipe prevents a start. */
    boolean parked;

    Lane(LaneKey key) {
        this.key = key;
    }

    /**
     * The properties that the runs of a lane share.
     *
     * @param parallel whether they may work beside other runs of the recipe
     * @param alone the number of a run that is alone in its lane, because it has begun and continues; 0: no such run
     */
    record LaneKey(RecipeName recipe, List<Lock> locks, boolean parallel, long alone) {
        static LaneKey of(Job job) {
            boolean parallel = job.isParallel();
            return new LaneKey(job.recipe.name(), job.locks(), parallel, job.begun && !parallel ? job.id() : 0);
        }
    }
}
