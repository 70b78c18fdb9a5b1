package io.leprechaun.daemon.http.hook;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;

/**
 * A limited resource that sources share. No source may take more than its share, so that the rest is left to the
 * others. Thread-safe.
 */
final class Shares {
    private final long perSource;
    /** Guarded by this. */
    private final Map<InetAddress, Long> taken = new HashMap<>();

    private long left;

    /**
     * Creates a resource of which nothing is taken.
     *
     * @param total the total amount
     * @param perSource the share of one source
     */
    Shares(long total, long perSource) {
        this.left = total;
        this.perSource = perSource;
    }

    /** Takes an amount, if it is left in all and for the source; returns whether it was. */
    synchronized boolean take(InetAddress source, long amount) {
        long its = taken.getOrDefault(source, 0L) + amount;
        if (amount > left || its > perSource) {
            return false;
        }
        left -= amount;
        taken.put(source, its);
        return true;
    }

    /** Returns whether the source's share allows the amount, regardless of the total left. */
    synchronized boolean mayHave(InetAddress source, long amount) {
        return taken.getOrDefault(source, 0L) + amount <= perSource;
    }

    /** Returns an amount to the resource. */
    synchronized void give(InetAddress source, long amount) {
        left += amount;
        taken.computeIfPresent(source, (_, its) -> its > amount ? its - amount : null);
    }
}
