package io.leprechaun.daemon.notify;

import io.leprechaun.daemon.lifecycle.Threads;
import io.leprechaun.daemon.notify.NotSentException.Fault;
import io.leprechaun.daemon.run.Notice;
import io.leprechaun.daemon.run.Outbox;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what people are to be told, in a thread of its own: a server that does not answer delays nothing but notices, and loses none.
 *
 * <p>After a failure it waits, from 5 seconds to 10 minutes. A notice that the server refuses lets all others go first; after {@value #MOST_REFUSALS} refusals for good, about half an
 * hour when nothing else goes out, it is given up, which is logged as an error: the run itself stays in the history. Every other notice is tried until it is sent. A notice is sent
 * again only when it is not known whether it arrived: the server's answer, or the record that it was sent, was lost.
 */
public final class Notifier implements AutoCloseable {
    static final int MOST_REFUSALS = 10;

    private static final Logger LOG = LoggerFactory.getLogger(Notifier.class);
    private static final Duration LAST_WORD = Duration.ofSeconds(1);

    private final Outbox outbox;
    private final Sender sender;
    private final Backoff backoff;
    private final Semaphore news = new Semaphore(0);
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread = Threads.platform("notifier", this::work);

    /** The notices that were refused. Only the thread's. */
    private final Map<Long, Refused> refused = new HashMap<>();
    /** The notices that were sent and whose record of that is not kept yet. Only the thread's. */
    private final Set<Long> told = new HashSet<>();
    /** In a row. Only the thread's. */
    private int failures;

    /**
     * A notice that was refused.
     *
     * @param times how often
     * @param forGood how often for good
     * @param until when it may be tried again, as {@link System#nanoTime} tells time
     */
    private record Refused(int times, int forGood, long until) {
        static final Refused NEVER = new Refused(0, 0, 0);
    }

    /** Sends one notice at a time. */
    @FunctionalInterface
    public interface Sender extends AutoCloseable {
        /**
         * Sends a notice, blocking.
         *
         * @throws NotSentException when it did not go out, or nobody knows whether it did
         */
        void send(Notice notice) throws NotSentException;

        /** Makes a send that is under way fail soon, and every later one. */
        @Override
        default void close() {}
    }

    private Notifier(Outbox outbox, Sender sender, Backoff backoff) {
        this.outbox = outbox;
        this.sender = sender;
        this.backoff = backoff;
    }

    /** Starts the thread, which begins with what was not sent yet. The sender is closed with the notifier. */
    public static Notifier open(Outbox outbox, Sender sender) {
        return open(outbox, sender, Backoff.USUAL);
    }

    static Notifier open(Outbox outbox, Sender sender, Backoff backoff) {
        var notifier = new Notifier(outbox, sender, backoff);
        notifier.thread.start();
        return notifier;
    }

    /** Says that there is something to be told; never waits. */
    public void wake() {
        if (news.availablePermits() == 0) {
            news.release();
        }
    }

    private void work() {
        try {
            while (closing.getCount() > 0) {
                news.drainPermits();
                if (!tellNext()) {
                    failures++;
                    pause();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody does; what was not sent is in the store
        }
    }

    /** Waits whatever the news, but not longer than until it is closed. */
    private void pause() throws InterruptedException {
        var unused = closing.await(backoff.after(failures).toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Tells the next notice, or waits for one; false when something went wrong. */
    private boolean tellNext() throws InterruptedException {
        try {
            Optional<Notice> next = next();
            if (next.isEmpty()) {
                awaitNews();
                return true;
            }
            return tell(next.get());
        } catch (RuntimeException e) { // the store does not work: it may do so later
            LOG.warn("notices wait because the store does not work: {}", e.getMessage());
            return false;
        }
    }

    /** The oldest notice that was never refused, else one that may be tried again. */
    private Optional<Notice> next() {
        long now = System.nanoTime();
        return outbox.unsent(refused.size() + 1).stream()
                .filter(notice -> times(notice) == 0 || of(notice).until() - now <= 0)
                .min(Comparator.comparingInt(this::times));
    }

    private Refused of(Notice notice) {
        return refused.getOrDefault(notice.id(), Refused.NEVER);
    }

    private int times(Notice notice) {
        return of(notice).times();
    }

    private void awaitNews() throws InterruptedException {
        var again = refused.values().stream().mapToLong(Refused::until).min();
        if (again.isEmpty()) {
            news.acquire();
        } else {
            var unused = news.tryAcquire(again.getAsLong() - System.nanoTime(), TimeUnit.NANOSECONDS);
        }
    }

    private boolean tell(Notice notice) {
        if (!told.contains(notice.id())) {
            try {
                sender.send(notice);
            } catch (NotSentException e) {
                return notSent(notice, e.fault(), String.valueOf(e.getMessage()));
            } catch (RuntimeException e) { // a defect that this notice met; the others must go out
                LOG.error("a defect in telling {}", notice.name(), e);
                return notSent(notice, Fault.NOTICE_FOR_GOOD, e.toString());
            }
            told.add(notice.id());
        }
        forget(notice);
        if (failures > 0) {
            LOG.info("notices go out again");
        }
        failures = 0;
        return true;
    }

    private boolean notSent(Notice notice, Fault fault, String why) {
        if (closing.getCount() == 0) {
            return false;
        }
        Duration wait = backoff.after(failures + 1);
        if (fault == Fault.SERVER) {
            LOG.warn("notices wait, the next try is in {} s: {}", wait.toSeconds(), why);
            return false;
        }
        Refused before = of(notice);
        int times = before.times() + 1;
        int forGood = before.forGood() + (fault == Fault.NOTICE_FOR_GOOD ? 1 : 0);
        String what = notice.name();
        if (forGood >= MOST_REFUSALS) {
            LOG.error("{} is given up and nobody is told that {}: {}", what, notice.sentence(), why);
            forget(notice);
        } else {
            LOG.warn("{} was refused and will be tried again: {}", what, why);
            refused.put(
                    notice.id(),
                    new Refused(
                            times,
                            forGood,
                            System.nanoTime() + backoff.after(times).toNanos()));
        }
        return false;
    }

    private void forget(Notice notice) {
        outbox.sent(notice.id()).join();
        told.remove(notice.id());
        refused.remove(notice.id());
    }

    /** Ends the thread within two seconds, giving a send that is under way half of that; what was not sent stays in the store. */
    @Override
    public void close() {
        closing.countDown();
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
