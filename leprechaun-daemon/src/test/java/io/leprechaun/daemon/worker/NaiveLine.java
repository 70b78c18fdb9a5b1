package io.leprechaun.daemon.worker;

import io.leprechaun.daemon.recipe.Lock;
import io.leprechaun.daemon.settings.AgentName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/** A naive start order that considers every job, without an index: the reference for {@link StartOrder}. */
final class NaiveLine {
    final List<Agent> agents = new ArrayList<>();
    final List<Job> jobs = new ArrayList<>();

    /** An agent's stack and queue. */
    static final class Agent {
        final AgentName name;
        final int max;
        final List<Job> stack = new ArrayList<>();
        final TreeSet<Job> queue = new TreeSet<>(Job.IN_LINE);
        /** The first job that was passed over because of its locks, by these locks. */
        final Map<List<Lock>, Job> passedOver = new HashMap<>();

        boolean open = true;

        Agent(AgentName name, int max) {
            this.name = name;
            this.max = max;
        }

        int slots() {
            return max - stack.size();
        }
    }

    private record Waiting(Agent agent, Job job) {}

    /** Starts the jobs that may start, in order, and ends late ones. Returns the started jobs. */
    List<Job> fill(Lateness late) {
        var started = new ArrayList<Job>();
        var wanted = new ArrayList<Lock>();
        var blocked = new HashSet<List<Object>>();
        List<Waiting> all = agents.stream()
                .filter(agent -> agent.open)
                .flatMap(agent -> agent.queue.stream().map(job -> new Waiting(agent, job)))
                .sorted(Comparator.comparing(Waiting::job, Job.IN_LINE))
                .toList();
        for (Waiting waiting : all) {
            Agent agent = waiting.agent();
            Job job = waiting.job();
            if (agent.slots() <= 0) {
                if (agent.passedOver.get(job.locks()) == job && !late.is(job) && mayStart(job)) {
                    wanted.addAll(job.locks());
                }
            } else if (late.is(job)) {
                release(job);
            } else if (mayStart(job)) {
                if (isExcluded(job.locks(), wanted) || isHeld(job.locks())) {
                    wanted.addAll(job.locks());
                    if (blocked.add(List.of(agent.name, job.locks()))) {
                        agent.passedOver.merge(
                                job.locks(), job, (one, other) -> Job.IN_LINE.compare(one, other) < 0 ? one : other);
                    }
                } else {
                    agent.queue.remove(job);
                    agent.passedOver.remove(job.locks(), job);
                    agent.stack.add(job);
                    job.begun = true;
                    started.add(job);
                }
            }
        }
        return started;
    }

    interface Lateness {
        boolean is(Job job);
    }

    /**
     * Returns whether the job is parallel, or no job of its recipe is at work and none has begun, unless this is the
     * oldest that has.
     */
    private boolean mayStart(Job job) {
        List<Job> begun = jobs.stream()
                .filter(other -> other.begun && other.recipe.name().equals(job.recipe.name()))
                .toList();
        boolean working = begun.stream().anyMatch(other -> agent(other).stack.contains(other));
        return job.isParallel()
                || !working
                        && (begun.isEmpty()
                                || begun.stream()
                                                .min(Comparator.comparingLong(Job::id))
                                                .get()
                                        == job);
    }

    void release(Job job) {
        jobs.remove(job);
        Agent agent = agent(job);
        agent.stack.remove(job);
        agent.queue.remove(job);
        agent.passedOver.remove(job.locks(), job);
    }

    Agent agent(Job job) {
        return agents.stream()
                .filter(agent -> agent.name.equals(job.run.order().agent()))
                .findFirst()
                .orElseThrow();
    }

    boolean isContended(List<Lock> locks) {
        return isHeld(locks)
                || isExcluded(
                        locks,
                        agents.stream()
                                .flatMap(agent -> agent.queue.stream())
                                .flatMap(job -> job.locks().stream())
                                .toList());
    }

    boolean isHeld(List<Lock> locks) {
        return isExcluded(
                locks,
                agents.stream()
                        .flatMap(agent -> agent.stack.stream())
                        .flatMap(job -> job.locks().stream())
                        .toList());
    }

    private static boolean isExcluded(List<Lock> locks, Collection<Lock> others) {
        return locks.stream().anyMatch(lock -> others.stream().anyMatch(lock::excludes));
    }

    Stream<Job> oldestFirst() {
        return jobs.stream().sorted(Comparator.comparingLong(Job::id));
    }

    Optional<Job> job(long id) {
        return jobs.stream().filter(job -> job.id() == id).findFirst();
    }
}
