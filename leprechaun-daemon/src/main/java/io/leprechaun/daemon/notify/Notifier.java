package io.leprechaun.daemon.notify;

import io.leprechaun.daemon.lifecycle.SupervisedThread;
import io.leprechaun.daemon.notify.NotSentException.Fault;
import io.leprechaun.daemon.run.Notice;
import io.leprechaun.daemon.run.Outbox;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what people are to be told, in a thread of its own: a server that does not answer delays nothing but notices, and loses none. What comes faster than people read is told
 * together.
 *
 * <p>After a failure it waits, from 5 seconds to 10 minutes. A notice that the server refuses lets all others go first; after {@value #MOST_REFUSALS} refusals for good, about half an
 * hour when nothing else goes out, it is given up, which is logged as an error: the run itself stays in the history. Every other notice is tried until it is sent. A notice is sent
 * again only when it is not known whether it arrived: the server's answer, or the record that it was sent, was lost.
 */
public final class Notifier implements AutoCloseable {
    static final int MOST_REFUSALS = 10;
    /** How many notices one letter tells of. */
    static final int MOST_TOGETHER = 1000;

    private static final Logger LOG = LoggerFactory.getLogger(Notifier.class);
    /** How often it is looked whether it is still quiet: clocks are set. */
    private static final Duration LOOK_AGAIN = Duration.ofMinutes(1);

    /** Longer than any sender takes: they have limits of their own, of two minutes at most. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private static final Duration LAST_WORD = Duration.ofSeconds(1);

    private final Outbox outbox;
    private final String target;
    private final Sender sender;
    private final Backoff backoff;
    private final Pace pace;
    private final Supplier<Duration> quiet;
    private final Semaphore news = new Semaphore(0);
    private final CountDownLatch closing = new CountDownLatch(1);
    private final SupervisedThread thread;

    /** The notices that were refused. Only the thread changes it. */
    private final Map<Long, Refused> refused = new ConcurrentHashMap<>();
    /** The notices that were sent and whose record of that is not kept yet. Only the thread's. */
    private final Set<Long> told = new HashSet<>();
    /** In a row. Only the thread's. */
    private int failures;
    /** Whether notices waited for the end of quiet hours and are not all told. Only the thread's. */
    private boolean wasQuiet;
    /** Why nothing goes out. */
    private volatile Optional<String> trouble = Optional.empty();

    /**
     * A notice that was refused.
     *
     * @param times how often
     * @param forGood how often for good
     * @param until when it may be tried again, as {@link System#nanoTime} tells time
     * @param why in the server's words
     */
    private record Refused(int times, int forGood, long until, String why) {
        static final Refused NEVER = new Refused(0, 0, 0, "");
    }

    /**
     * What is told together.
     *
     * @param isLast whether it is known that nothing else could be told now
     */
    private record Letter(List<Notice> notices, boolean isLast) {}

    /** Sends one letter at a time. */
    @FunctionalInterface
    public interface Sender extends AutoCloseable {
        /**
         * Sends what tells of these notices, blocking.
         *
         * @param notices at least one
         * @throws NotSentException when it did not go out, or nobody knows whether it did
         */
        void send(List<Notice> notices) throws NotSentException;

        /** Whether people read it, who sleep, and not too fast. */
        default boolean isForPeople() {
            return true;
        }

        /** Who is told of a notice: what goes to others is never told in the same letter. */
        default Object audience(Notice notice) {
            return "";
        }

        /** Makes a send that is under way fail soon, and every later one. */
        @Override
        default void close() {}
    }

    private Notifier(
            Outbox outbox, String target, Sender sender, Backoff backoff, Pace pace, Supplier<Duration> quiet) {
        this.outbox = outbox;
        this.target = target;
        this.thread = SupervisedThread.of("notifier-" + target, "sends notices", PATIENCE, this::work);
        this.sender = sender;
        this.backoff = backoff;
        this.pace = pace;
        this.quiet = quiet;
    }

    /**
     * Starts the thread, which begins with what was not sent yet. The sender is closed with the notifier.
     *
     * @param target whose notices it sends
     * @param quiet how long nobody wants to be told but of what is wrong with the daemon itself; zero: not now
     */
    public static Notifier open(Outbox outbox, String target, Sender sender, Supplier<Duration> quiet) {
        return open(outbox, target, sender, quiet, Backoff.USUAL, Pace.Limits.USUAL);
    }

    static Notifier open(
            Outbox outbox,
            String target,
            Sender sender,
            Supplier<Duration> quiet,
            Backoff backoff,
            Pace.Limits limits) {
        var notifier = new Notifier(outbox, target, sender, backoff, new Pace(limits), quiet);
        notifier.thread.start();
        return notifier;
    }

    /** Says that there is something to be told; never waits. */
    public void wake() {
        if (news.availablePermits() == 0) {
            news.release();
        }
    }

    /** Why a notice that waits has not gone out, in a sentence; empty: it is about to. */
    public Optional<String> trouble(long notice) {
        return Optional.ofNullable(refused.get(notice))
                .map(before ->
                        "refused " + (before.times() == 1 ? "once" : before.times() + " times") + ": " + before.why())
                .or(() -> trouble)
                .or(() -> Optional.of("quiet hours")
                        .filter(words -> sender.isForPeople() && quiet.get().isPositive()));
    }

    private boolean work() throws InterruptedException {
        if (closing.getCount() == 0) {
            return false;
        }
        news.drainPermits();
        if (!tellNext()) {
            failures++;
            pause(backoff.after(failures));
        }
        return true;
    }

    /** Waits whatever the news, but not longer than until it is closed. */
    private void pause(Duration time) throws InterruptedException {
        var unused = closing.await(time.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Tells the next notices, or waits for one; false when something went wrong. */
    private boolean tellNext() throws InterruptedException {
        try {
            pause(sender.isForPeople() ? pace.pause(System.nanoTime()) : Duration.ZERO);
            if (closing.getCount() == 0) {
                return true;
            }
            boolean isQuiet = sender.isForPeople() && quiet.get().isPositive();
            Letter next = next(isQuiet);
            if (next.notices().isEmpty()) {
                awaitNews(isQuiet);
                return true;
            }
            if (!tell(next.notices())) {
                return false;
            }
            if (next.isLast()) {
                wasQuiet = isQuiet;
            }
            return true;
        } catch (RuntimeException e) { // the store does not work: it may do so later
            LOG.warn("notices wait because the store does not work: {}", e.getMessage());
            return false;
        }
    }

    /** The oldest notice that was never refused, else one that may be tried again; of many, and of those that waited for the morning, all. */
    private Letter next(boolean isQuiet) {
        long now = System.nanoTime();
        boolean alone = !sender.isForPeople() || pace.isSlow(now) && !wasQuiet && !isQuiet;
        int most = refused.size() + (alone ? 1 : MOST_TOGETHER);
        List<Notice> unsent = outbox.unsent(target, most);
        boolean all = unsent.size() < most;
        if (all) { // of what is not among them nobody has to be told any more
            refused.keySet().retainAll(unsent.stream().map(Notice::id).collect(Collectors.toSet()));
        }
        List<Notice> ready = unsent.stream()
                .filter(notice -> !isQuiet || notice.kind() == Notice.Kind.ALARM)
                .filter(notice -> times(notice) == 0 || of(notice).until() - now <= 0)
                .sorted(Comparator.comparingInt(this::times))
                .toList();
        List<Notice> together = ready.stream()
                .filter(notice -> sender.audience(notice).equals(sender.audience(ready.getFirst())))
                .limit(alone ? 1 : MOST_TOGETHER)
                .toList();
        return new Letter(together, all && together.size() == ready.size());
    }

    private Refused of(Notice notice) {
        return refused.getOrDefault(notice.id(), Refused.NEVER);
    }

    private int times(Notice notice) {
        return of(notice).times();
    }

    private void awaitNews(boolean isQuiet) throws InterruptedException {
        wasQuiet = isQuiet;
        long longest = isQuiet ? Math.min(quiet.get().toNanos(), LOOK_AGAIN.toNanos()) : Long.MAX_VALUE;
        long again = refused.values().stream()
                .mapToLong(refusal -> refusal.until() - System.nanoTime())
                .min()
                .orElse(Long.MAX_VALUE);
        var unused = news.tryAcquire(Math.min(longest, isQuiet ? longest : again), TimeUnit.NANOSECONDS);
    }

    private boolean tell(List<Notice> notices) {
        List<Notice> untold =
                notices.stream().filter(notice -> !told.contains(notice.id())).toList();
        if (!untold.isEmpty()) {
            thread.busy();
            try {
                sender.send(untold);
            } catch (NotSentException e) {
                return notSent(untold, e.fault(), String.valueOf(e.getMessage()));
            } catch (RuntimeException | Error e) { // a defect that these notices met; the others must go out
                LOG.error("a defect in telling {}", names(untold), e);
                return notSent(untold, Fault.NOTICE_FOR_GOOD, e.toString());
            } finally {
                thread.idle();
            }
            pace.wrote(System.nanoTime());
            untold.forEach(notice -> told.add(notice.id()));
        }
        List<Long> ids = notices.stream().map(Notice::id).toList();
        outbox.sent(ids).join();
        ids.forEach(told::remove);
        ids.forEach(refused::remove);
        if (failures > 0) {
            LOG.info("notices by {} go out again", target);
        }
        failures = 0;
        trouble = Optional.empty();
        return true;
    }

    private static String names(List<Notice> notices) {
        return notices.getFirst().name() + (notices.size() == 1 ? "" : " and " + (notices.size() - 1) + " more");
    }

    private boolean notSent(List<Notice> notices, Fault fault, String why) {
        if (closing.getCount() == 0) {
            return false;
        }
        if (fault == Fault.SERVER) {
            trouble = Optional.of(why);
            LOG.warn(
                    "notices by {} wait, the next try is in {} s: {}",
                    target,
                    backoff.after(failures + 1).toSeconds(),
                    why);
        } else {
            notices.forEach(notice -> refuse(notice, fault, why));
        }
        return false;
    }

    private void refuse(Notice notice, Fault fault, String why) {
        Refused before = of(notice);
        int times = before.times() + 1;
        int forGood = before.forGood() + (fault == Fault.NOTICE_FOR_GOOD ? 1 : 0);
        if (forGood >= MOST_REFUSALS) {
            LOG.error(
                    "{} is given up and nobody is told by {} that {}: {}",
                    notice.name(),
                    target,
                    notice.sentence(),
                    why);
            outbox.givenUp(notice.id(), why).join();
            refused.remove(notice.id());
        } else {
            LOG.warn("{} was refused and will be tried again: {}", notice.name(), why);
            long until = System.nanoTime() + backoff.after(times).toNanos();
            refused.put(notice.id(), new Refused(times, forGood, until, why));
        }
    }

    /** Ends the thread within two seconds, giving a send that is under way half of that; what was not sent stays in the store. */
    @Override
    public void close() {
        closing.countDown();
        thread.closing();
        news.release();
        try {
            if (!thread.join(LAST_WORD)) {
                sender.close();
                thread.join(LAST_WORD);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        sender.close();
    }
}
