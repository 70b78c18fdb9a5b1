package io.leprechaun.daemon.process;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The processes that steps left behind: they lost their parent and became the daemon's. The kernel lists them apart
 * from the daemon's own children. An orphan becomes the daemon's before its parent can be reaped, so a check at the end
 * of a step misses none. Thread-safe.
 */
final class Orphans {
    private final AdoptedPids adopted = new AdoptedPids();
    private final ReentrantLock lock = new ReentrantLock();

    /** The orphans that were examined, so that none is examined twice. Guarded by lock. */
    private final Map<Integer, Orphan> known = new HashMap<>();

    /** Guarded by lock. */
    private CompletableFuture<Void> nextEnd = new CompletableFuture<>();

    private record Orphan(Proc proc, Ownership claim) {}

    /** Returns the orphans of a scope that have not ended. */
    List<Proc> of(MarkFilter scope) {
        List<Integer> pids = adopted.now();
        if (pids.isEmpty()) {
            return List.of(); // nearly always the case
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

    /** Records that an orphan has been reaped. */
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

    /** Returns a future that completes when the next orphan ends, on the reaper's thread. */
    CompletableFuture<Void> nextEnd() {
        lock.lock();
        try {
            return nextEnd;
        } finally {
            lock.unlock();
        }
    }
}
