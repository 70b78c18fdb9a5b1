package io.leprechaun.daemon.lifecycle;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The watch on the parts of the daemon: every few seconds it checks that they do their work, and restarts threads that
 * have ended. A thread that has ended is an alarm at once. Any other fault is one when a part has reported it in
 * {@value #LOOKS} looks in a row: a busy moment, or a clock that was set, is not an alarm.
 */
public final class SelfWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SelfWatch.class);
    private static final Duration PERIOD = Duration.ofSeconds(5);
    private static final Duration STALE = Duration.ofSeconds(30);
    private static final Duration CLOSE = Duration.ofSeconds(5);
    private static final int LOOKS = 4;
    /**
     * The number of looks after which the carriers of virtual threads are kept alive once more: idle ones end after 30
     * s.
     */
    private static final int TURNS_OF_CARRIERS = 4;

    private final Supplier<? extends Collection<? extends Supervised>> threads;
    private final List<Supplier<Optional<String>>> parts;
    private final Hearer hearer;
    private final SupervisedThread thread =
            SupervisedThread.of("self-watch", "watches all other threads", this::waitAndLook);
    /** The number of turns so far. Only for the thread. */
    private int turn;
    /** The number of looks in a row in which each sentence was reported. Only for the thread. */
    private final Map<String, Integer> said = new HashMap<>();

    private volatile Optional<String> alarm = Optional.empty();
    /** The end of the last look, by {@code nanoTime}. */
    private volatile long looked = System.nanoTime();

    /** A listener for alarms. */
    public interface Hearer {
        /** Receives a sentence on a fault, once while the fault lasts. */
        void alarm(String sentence);

        /** Receives a sentence on a fault that only a new daemon can repair: this one must end. */
        void lost(String sentence);
    }

    /**
     * Creates a watch that has not begun.
     *
     * @param threads the parts with threads that must live now
     * @param parts the checks of other parts; each returns its fault in a sentence that stays the same while the fault
     *     lasts
     */
    SelfWatch(
            Supplier<? extends Collection<? extends Supervised>> threads,
            List<Supplier<Optional<String>>> parts,
            Hearer hearer) {
        this.threads = threads;
        this.parts = List.copyOf(parts);
        this.hearer = hearer;
    }

    /**
     * Begins to watch all supervised threads, and these parts.
     *
     * @param parts the checks of these parts; each returns its fault in a sentence that stays the same while the fault
     *     lasts
     * @param alarms the alarms, which restart the thread of the watch itself
     */
    public static SelfWatch open(List<Supplier<Optional<String>>> parts, Alarms alarms, Hearer hearer) {
        var watch = new SelfWatch(Threads::supervised, parts, hearer);
        watch.thread.start();
        alarms.every(PERIOD, () -> watch.thread.revive().ifPresent(LOG::error));
        return watch;
    }

    /** Returns the first fault, in a sentence; empty: all is well. */
    public Optional<String> alarm() {
        return System.nanoTime() - looked > STALE.toNanos()
                ? Optional.of("the daemon has not checked its threads for " + STALE.toSeconds()
                        + " s: if this lasts, restart it")
                : alarm;
    }

    private boolean waitAndLook() throws InterruptedException {
        if (turn++ % TURNS_OF_CARRIERS == 0) {
            Threads.keepCarriers();
        }
        Thread.sleep(PERIOD);
        thread.busy();
        look();
        return true;
    }

    void look() {
        Set<String> atOnce = new LinkedHashSet<>();
        for (Supervised supervised : List.copyOf(threads.get())) {
            asked(supervised::revive).ifPresent(sentence -> {
                atOnce.add(sentence);
                if (supervised.isLost()) {
                    LOG.error("{}", sentence); // at once: the process may end before the next line
                    said.put(sentence, LOOKS);
                    hearer.lost(sentence);
                }
            });
        }
        var now = new LinkedHashSet<>(atOnce);
        Stream.concat(
                        threads.get().stream().map(supervised -> (Supplier<Optional<String>>) supervised::fault),
                        parts.stream())
                .forEach(part -> asked(part).ifPresent(now::add));
        said.keySet().retainAll(now);
        Optional<String> before = alarm;
        alarm = Stream.concat(atOnce.stream(), now.stream().filter(wrong -> said.getOrDefault(wrong, 0) + 1 >= LOOKS))
                .findFirst();
        looked = System.nanoTime();
        for (String wrong : now) {
            int times = said.merge(wrong, 1, Integer::sum);
            if (times == (atOnce.contains(wrong) ? 1 : LOOKS)) {
                LOG.error("{}", wrong);
                hearer.alarm(wrong);
            }
        }
        if (before.isPresent() && alarm.isEmpty()) {
            LOG.info("all checks pass again");
        }
    }

    /** Checks a part; one that cannot be checked counts as faulty. */
    private static Optional<String> asked(Supplier<Optional<String>> part) {
        try {
            return part.get();
        } catch (RuntimeException | Error e) {
            return Optional.of(
                    "a check of the daemon failed (" + e.getClass().getName() + "): if this lasts, restart the daemon");
        }
    }

    @Override
    public void close() {
        thread.end(CLOSE);
    }
}
