package io.leprechaun.daemon.http.hook;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;

/** A bounded good that sources share: none may have more than its part, so that what one takes is left to the others. Thread-safe. */
final class Shares {
    private final long perSource;
    /** Guarded by this. */
    private final Map<InetAddress, Long> taken = new HashMap<>();

    private long left;

    /**
     * All of it is left.
     *
     * @param total how much there is
     * @param perSource how much of it one source may have
     */
    Shares(long total, long perSource) {
        this.left = total;
        this.perSource = perSource;
    }

    /** Takes some, if so much is left in all and for the source. */
    synchronized boolean take(InetAddress source, long amount) {
        long its = taken.getOrDefault(source, 0L) + amount;
        if (amount > left || its > perSource) {
            return false;
        }
        left -= amount;
        taken.put(source, its);
        return true;
    }

    /** Whether the source's part would allow it, however much is left. */
    synchronized boolean mayHave(InetAddress source, long amount) {
        return taken.getOrDefault(source, 0L) + amount <= perSource;
    }

    /** Gives some back. */
    synchronized void give(InetAddress source, long amount) {
        left += amount;
        taken.computeIfPresent(source, (_, its) -> its > amount ? its - amount : null);
    }
}
