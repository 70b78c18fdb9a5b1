package io.leprechaun.daemon.process;

import io.leprechaun.daemon.posix.Signals;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntPredicate;
import java.util.function.Predicate;

/** The termination of children and their descendants, by TERM first, then KILL. For one thread, once. */
final class Termination {
    /**
     * The time that killed processes may take to disappear: longer only where the kernel itself waits, for a dead disk
     * for example.
     */
    private static final Duration KILL_LIMIT = Duration.ofSeconds(5);

    /**
     * The time that processes which the daemon may not signal have to end by themselves when all others are gone: their
     * input has ended then.
     */
    private static final Duration BARRED_LIMIT = Duration.ofMillis(500);

    private static final long SHORTEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long LONGEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(50);

    private final Map<Integer, Child> children = new HashMap<>();
    private final CompletableFuture<Void> exits;
    private final Predicate<Proc> meant;
    private final IntPredicate barred;

    /**
     * All processes that were ever found to belong, also those that have changed their parent, group and environment
     * since.
     */
    private final Map<Proc.Id, Proc> known = new HashMap<>();

    private boolean interrupted;

    /**
     * @param meant returns whether a process is to end besides the children and their descendants
     * @param barred returns whether the daemon is not permitted to signal a pid
     */
    Termination(Collection<Child> children, Predicate<Proc> meant, IntPredicate barred) {
        children.forEach(child -> this.children.put(child.pid(), child));
        this.exits = CompletableFuture.allOf(children.stream().map(Child::exit).toArray(CompletableFuture[]::new));
        this.meant = meant;
        this.barred = barred;
    }

    TerminationReport end(Duration grace) {
        try {
            return askAndKill(grace);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private TerminationReport askAndKill(Duration grace) {
        ask(grace);
        var killed = new LinkedHashMap<Proc.Id, String>();
        long begin = System.nanoTime();
        long pause = SHORTEST_PAUSE;
        List<Proc> left = find();
        while (!left.isEmpty() && System.nanoTime() - begin < limit(left).toNanos()) {
            List<Proc> ours = reachable(left);
            ours.forEach(proc -> killed.put(proc.id(), proc.shown()));
            send(ours, Signals.KILL);
            pause = pause(pause);
            left = find();
        }
        awaitExits(left.isEmpty() ? KILL_LIMIT : Duration.ZERO);
        left.forEach(proc -> killed.remove(proc.id()));
        List<Proc> stuck = reachable(left);
        return new TerminationReport(
                List.copyOf(killed.values()),
                shown(stuck),
                shown(left.stream().filter(proc -> !stuck.contains(proc)).toList()));
    }

    private Duration limit(List<Proc> left) {
        return reachable(left).isEmpty() ? BARRED_LIMIT : KILL_LIMIT;
    }

    /** Returns the processes that the daemon may signal. */
    private List<Proc> reachable(List<Proc> procs) {
        return procs.stream().filter(proc -> !barred.test(proc.pid())).toList();
    }

    private static List<String> shown(List<Proc> procs) {
        return procs.stream().map(Proc::shown).toList();
    }

    /**
     * Sends TERM to all processes that the daemon may signal, also to new ones, until none is left or the grace is
     * over.
     */
    private void ask(Duration grace) {
        long limit = System.nanoTime() + grace.toNanos();
        var asked = new HashSet<Proc.Id>();
        List<Proc> there = reachable(find());
        while (!there.isEmpty() && System.nanoTime() - limit < 0) {
            List<Proc> unasked =
                    there.stream().filter(proc -> asked.add(proc.id())).toList();
            send(unasked, Signals.TERM);
            send(unasked, Signals.CONT); // a stopped process does not handle TERM
            awaitGone(limit);
            there = reachable(find());
        }
    }

    /**
     * Waits until the known processes that may be signalled have ended, or the limit is reached. Does not read the
     * whole system, which costs far more.
     */
    private void awaitGone(long limit) {
        long pause = SHORTEST_PAUSE;
        while (System.nanoTime() - limit < 0
                && known.values().stream().anyMatch(proc -> proc.alive() && !barred.test(proc.pid()))) {
            pause = pause(Math.min(pause, limit - System.nanoTime()));
        }
    }

    /** Returns the processes that belong and have not ended. */
    private List<Proc> find() {
        Map<Integer, Proc> all = Proc.all();
        Deque<Proc> next = new ArrayDeque<>();
        Set<Integer> belonging = new HashSet<>();
        for (Proc proc : all.values()) {
            if (!proc.gone() && belongs(proc)) {
                belonging.add(proc.pid());
                next.add(proc);
            }
        }
        Map<Integer, List<Proc>> dependants = new HashMap<>();
        for (Proc proc : all.values()) {
            dependants
                    .computeIfAbsent(proc.parent(), parent -> new ArrayList<>())
                    .add(proc);
            dependants.computeIfAbsent(proc.group(), group -> new ArrayList<>()).add(proc);
            dependants
                    .computeIfAbsent(proc.session(), session -> new ArrayList<>())
                    .add(proc);
        }
        var found = new ArrayList<Proc>();
        for (Proc proc = next.poll(); proc != null; proc = next.poll()) {
            found.add(proc);
            known.put(proc.id(), proc);
            for (Proc dependant : dependants.getOrDefault(proc.pid(), List.of())) {
                if (!dependant.gone() && belonging.add(dependant.pid())) {
                    next.add(dependant);
                }
            }
        }
        return found;
    }

    private boolean belongs(Proc proc) {
        return known.containsKey(proc.id()) || isOfLivingChild(proc.session()) || meant.test(proc);
    }

    private boolean isOfLivingChild(int session) {
        Child child = children.get(session);
        return child != null && !child.exit().isDone();
    }

    /**
     * Sends a signal, first to the groups of children, so that no process can fork away between two signals. Groups
     * come first: a step that saw its child end before its own signal could end with success. Then signals the others
     * one by one, also those that have left their group since they were seen.
     */
    void send(List<Proc> procs, int signal) {
        var groups = new HashSet<Integer>();
        for (Proc proc : procs) {
            int group = proc.group();
            if (children.containsKey(group) && (isOfLivingChild(group) || proc.alive()) && groups.add(group)) {
                Signals.sendToGroup(group, signal);
            }
        }
        for (Proc proc : procs) {
            if (groups.contains(proc.group()) ? proc.hasLeftGroup() : proc.alive()) {
                Signals.send(proc.pid(), signal);
            }
        }
    }

    /** Waits a short time, or until all children have ended. Returns the time to wait next, in nanoseconds. */
    private long pause(long nanos) {
        try {
            if (exits.isDone()) {
                TimeUnit.NANOSECONDS.sleep(nanos);
            } else {
                exits.get(nanos, TimeUnit.NANOSECONDS);
            }
        } catch (InterruptedException e) {
            interrupted = true; // an incomplete termination is of no use
        } catch (TimeoutException e) {
            // the pause is over
        } catch (ExecutionException e) {
            throw new IllegalStateException("an exit is never completed exceptionally", e);
        }
        return Math.min(nanos * 2, LONGEST_PAUSE);
    }

    /** Waits for the exits of the children: the reaper records them within microseconds. */
    private void awaitExits(Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        while (!exits.isDone() && System.nanoTime() - end < 0) {
            pause(SHORTEST_PAUSE);
        }
    }
}
