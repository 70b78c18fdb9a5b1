package io.leprechaun.daemon.http.port;

import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The log of each source's refusals. The first {@value #LINES} of a minute get a line each, the others are reported by
 * their number when the minute is over. Sources beyond {@value #SOURCES} a minute are counted as one. Thread-safe.
 */
public final class RefusalLog {
    static final int LINES = 10;
    static final int SOURCES = 100;
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private final Consumer<String> log;
    private final LongSupplier nanoTime;
    /** The refusals by source; empty: all other sources. Guarded by this. */
    private final Map<Optional<String>, Count> counts = new HashMap<>();

    /** The refusals of one source in a minute. Guarded by the log. */
    private static final class Count {
        private final long since;
        private long refusals;

        Count(long since) {
            this.since = since;
        }
    }

    /**
     * Creates a log without refusals.
     *
     * @param log the receiver of lines, which does not block
     * @param nanoTime the clock of elapsed time, in nanoseconds
     */
    public RefusalLog(Consumer<String> log, LongSupplier nanoTime) {
        this.log = log;
        this.nanoTime = nanoTime;
    }

    /** Logs a refusal, or counts it. */
    public void refused(InetAddress source, String line) {
        refused(source.getHostAddress(), line);
    }

    /** Logs a refusal, or counts it. */
    public synchronized void refused(String source, String line) {
        Optional<String> known = Optional.of(source);
        boolean fits = counts.containsKey(known) || counts.size() < SOURCES;
        Count count = counts.computeIfAbsent(fits ? known : Optional.empty(), _ -> new Count(nanoTime.getAsLong()));
        if (++count.refusals <= LINES) {
            log.accept(line);
        }
    }

    /** Logs the counts of the sources whose minute is over. To be called about every second. */
    public synchronized void report() {
        long now = nanoTime.getAsLong();
        counts.entrySet().removeIf(entry -> {
            boolean over = now - entry.getValue().since >= MINUTE;
            if (over) {
                report(entry.getKey(), entry.getValue());
            }
            return over;
        });
    }

    /** Logs the counts of all sources. */
    public synchronized void close() {
        counts.forEach(this::report);
        counts.clear();
    }

    private void report(Optional<String> source, Count count) {
        if (count.refusals > LINES) {
            log.accept("%,d more refusals from %s in the last minute"
                    .formatted(count.refusals - LINES, source.orElse("other sources")));
        }
    }
}
