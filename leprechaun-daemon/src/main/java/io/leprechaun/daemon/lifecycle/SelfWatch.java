package io.leprechaun.daemon.lifecycle;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    private final List<Part> parts;
    private final Hearer hearer;
    private final SupervisedThread thread =
            SupervisedThread.of("self-watch", "watches all other threads", this::waitAndLook);
    /** The number of turns so far. Only for the thread. */
    private int turn;
    /** The reports of each sentence. Only for the thread. */
    private final Map<String, Reports> said = new HashMap<>();

    private volatile List<Fault> faults = List.of();
    /** The end of the last look, by {@code nanoTime}. */
    private volatile long looked = System.nanoTime();

    /** The check of the store. */
    public static final String STORE = "store";

    /** The check of the timers that make recipes due. */
    public static final String TIMERS = "timers";

    /** The check of the channels that pass on ended runs. */
    public static final String CHANNELS = "channels";

    /** The check of the sockets and ports. */
    public static final String LISTENERS = "listeners";

    /** The check of the watch over the recipes folder. */
    public static final String WATCHER = "watcher";

    /** The check of the sending of notices. */
    public static final String NOTICES = "notices";

    /** The check of all other threads. */
    public static final String THREADS = "threads";

    /**
     * A part of the daemon.
     *
     * @param check the name of the check of the daemon's health to which it belongs
     * @param fault returns its fault in a sentence that stays the same while the fault lasts
     */
    public record Part(String check, Supplier<Optional<String>> fault) {}

    /**
     * A fault that is an alarm.
     *
     * @param check the name of the check of the daemon's health
     * @param why the fault in a sentence
     * @param since the time of the first report, by {@code nanoTime}
     */
    public record Fault(String check, String why, long since) {}

    /**
     * The reports of one sentence.
     *
     * @param times the number of looks in a row in which it was reported
     * @param since the time of the first one, by {@code nanoTime}
     */
    private record Reports(int times, long since) {
        Reports again() {
            return new Reports(times + 1, since);
        }
    }

    /** A listener for alarms. */
    public interface Hearer {
        /** Receives a sentence on a fault, once while the fault lasts. */
        void alarm(String sentence);

        /** Receives a sentence on a fault that only a new daemon can repair: this one must end. */
        void lost(String sentence);

        /** Receives the end of each look. */
        default void looked() {}
    }

    /**
     * Creates a watch that has not begun.
     *
     * @param threads the parts with threads that must live now
     */
    SelfWatch(Supplier<? extends Collection<? extends Supervised>> threads, List<Part> parts, Hearer hearer) {
        this.threads = threads;
        this.parts = List.copyOf(parts);
        this.hearer = hearer;
    }

    /**
     * Begins to watch all supervised threads, and these parts.
     *
     * @param alarms the alarms, which restart the thread of the watch itself
     */
    public static SelfWatch open(List<Part> parts, Alarms alarms, Hearer hearer) {
        var watch = new SelfWatch(Threads::supervised, parts, hearer);
        watch.thread.start();
        alarms.every(PERIOD, () -> watch.thread.revive().ifPresent(LOG::error));
        return watch;
    }

    /** Returns all faults; empty: all is well. */
    public List<Fault> faults() {
        long last = looked;
        return System.nanoTime() - last > STALE.toNanos()
                ? List.of(new Fault(
                        THREADS,
                        "the daemon has not checked its threads for " + STALE.toSeconds()
                                + " s: if this lasts, restart it",
                        last))
                : faults;
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
        Map<String, String> atOnce = new LinkedHashMap<>(); // the checks by sentence
        for (Supervised supervised : List.copyOf(threads.get())) {
            asked(supervised::revive).ifPresent(sentence -> {
                atOnce.put(sentence, supervised.check());
                if (supervised.isLost()) {
                    LOG.error("{}", sentence); // at once: the process may end before the next line
                    said.put(sentence, new Reports(LOOKS, System.nanoTime()));
                    hearer.lost(sentence);
                }
            });
        }
        var now = new LinkedHashMap<>(atOnce);
        Stream.concat(
                        threads.get().stream().map(supervised -> new Part(supervised.check(), supervised::fault)),
                        parts.stream())
                .forEach(part -> asked(part.fault()).ifPresent(sentence -> now.putIfAbsent(sentence, part.check())));
        said.keySet().retainAll(now.keySet());
        boolean faulty = !faults.isEmpty();
        var alarms = new ArrayList<String>();
        now.keySet().forEach(wrong -> {
            var reports = said.compute(
                    wrong, (_, before) -> before == null ? new Reports(1, System.nanoTime()) : before.again());
            if (reports.times() == (atOnce.containsKey(wrong) ? 1 : LOOKS)) {
                alarms.add(wrong);
            }
        });
        faults = now.entrySet().stream()
                .filter(wrong -> atOnce.containsKey(wrong.getKey()) || times(wrong.getKey()) >= LOOKS)
                .map(wrong -> new Fault(wrong.getValue(), wrong.getKey(), since(wrong.getKey())))
                .toList();
        looked = System.nanoTime();
        for (String wrong : alarms) {
            LOG.error("{}", wrong);
            hearer.alarm(wrong);
        }
        if (faulty && faults.isEmpty()) {
            LOG.info("all checks pass again");
        }
        hearer.looked();
    }

    private int times(String sentence) {
        Reports reports = said.get(sentence);
        return reports == null ? 0 : reports.times();
    }

    private long since(String sentence) {
        Reports reports = said.get(sentence);
        return reports == null ? System.nanoTime() : reports.since();
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
