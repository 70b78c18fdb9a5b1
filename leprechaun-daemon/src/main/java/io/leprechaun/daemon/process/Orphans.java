package io.leprechaun.daemon.process;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The processes that lost their parent and became ours: what steps left behind. The kernel lists them apart from our own children, and makes one ours before its parent can be
 * reaped, so a look at the end of a step misses none. Thread-safe.
 */
final class Orphans {
    private final ReentrantLock lock = new ReentrantLock();

    /** Those that were looked at, so that none is looked at twice. Guarded by lock. */
    private final Map<Integer, Orphan> known = new HashMap<>();

    /** Guarded by lock. */
    private CompletableFuture<Void> nextEnd = new CompletableFuture<>();

    private record Orphan(Proc proc, Ownership claim) {}

    /** Those of a scope that have not ended. */
    List<Proc> of(MarkFilter scope) {
        List<Integer> pids = Proc.adopted();
        if (pids.isEmpty()) {
            return List.of(); // nearly always
        }
        lock.lock();
        try {
            return pids.stream()
                    .flatMap(pid -> orphan(pid).stream())
                    .filter(orphan ->
                            orphan.claim().isIn(scope) && orphan.proc().alive())
                    .map(Orphan::proc)
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    private Optional<Orphan> orphan(int pid) {
        return Optional.ofNullable(known.get(pid))
                .or(() -> Proc.of(pid).filter(proc -> !proc.gone()).map(proc -> {
                    var orphan = new Orphan(proc, proc.claim());
                    known.put(pid, orphan);
                    return orphan;
                }));
    }

    /** An orphan has been reaped. */
    void ended(int pid) {
        CompletableFuture<Void> told;
        lock.lock();
        try {
            known.remove(pid);
            told = nextEnd;
            nextEnd = new CompletableFuture<>();
        } finally {
            lock.unlock();
        }
        told.complete(null);
    }

    /** Completes when the next one ends, on the reaper's thread. */
    CompletableFuture<Void> nextEnd() {
        lock.lock();
        try {
            return nextEnd;
        } finally {
            lock.unlock();
        }
    }
}
