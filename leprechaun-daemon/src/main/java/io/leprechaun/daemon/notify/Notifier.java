package io.leprechaun.daemon.notify;

import io.leprechaun.daemon.history.Notice;
import io.leprechaun.daemon.history.Outbox;
import io.leprechaun.daemon.lifecycle.SelfWatch;
import io.leprechaun.daemon.lifecycle.SupervisedThread;
import io.leprechaun.daemon.notify.NotSentException.SendFault;
import io.leprechaun.daemon.settings.notify.NoticeEvent;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sending of the notices of one target, in a thread of its own: a server that does not answer delays nothing but
 * notices, and loses none. Notices that come faster than people read are sent together.
 *
 * <p>After a failure it waits, from 5 seconds to 10 minutes. A notice that the server refuses lets all others go first.
 * After {@value #MOST_REFUSALS} refusals for good it is given up: after about half an hour when nothing else goes out.
 * That is logged as an error, and the run itself stays in the history. Every other notice is tried until it is sent. A
 * notice is sent again only when it is unknown whether it arrived: the server's answer, or the record that it was sent,
 * was lost. Without an answer it is sent again after long pauses, and {@value #MOST_UNANSWERED} times in all. A
 * recipient that was refused while others got the notice is tried again alone, or given up.
 */
public final class Notifier implements AutoCloseable {
    static final int MOST_REFUSALS = 10;
    static final int MOST_UNANSWERED = 5;
    /** The largest number of notices in one message. */
    static final int MOST_TOGETHER = 1000;

    private static final Logger LOG = LoggerFactory.getLogger(Notifier.class);
    /** The longest wait until quiet hours are checked again: clocks are set. */
    private static final Duration LOOK_AGAIN = Duration.ofMinutes(1);

    /** The longest time that one message may take. A sender has limits of its own below this. */
    public static final Duration LONGEST_SENDING = Duration.ofMinutes(20);

    private static final Duration PATIENCE = LONGEST_SENDING.plusMinutes(5);

    /** The time after which a target that takes nothing is a fault. */
    private static final Duration STUCK = Duration.ofMinutes(15);

    private static final Duration LAST_WORD = Duration.ofSeconds(1);

    private final Outbox outbox;
    private final String target;
    private final Sender sender;
    private final Backoff backoff;
    private final SendThrottle pace;
    private final Supplier<Duration> quiet;
    private final Semaphore news = new Semaphore(0);
    private final CountDownLatch closing = new CountDownLatch(1);
    private final SupervisedThread thread;

    /** The notices that were refused. Only the thread changes it. */
    private final Map<Long, RefusedNotice> refused = new ConcurrentHashMap<>();
    /**
     * The notices that were sent and whose record of that is not kept yet, with the refused recipients. Only the thread
     * uses it.
     */
    private final Map<Long, List<Outbox.Refusal>> told = new HashMap<>();
    /** The number of failures in a row. Only the thread uses it. */
    private int failures;
    /**
     * The time for which the server asked not to be tried again when the last message did not go out. Only the thread
     * uses it.
     */
    private Duration asked = Duration.ZERO;
    /** True while notices that waited for the end of quiet hours are not all sent. Only the thread uses it. */
    private boolean wasQuiet;
    /** The reason that nothing goes out; empty: there is none. */
    private volatile Optional<String> trouble = Optional.empty();

    /** The time since which nothing goes out, by {@code nanoTime}; only with {@link #trouble}. */
    private volatile long stuckSince;

    private final LongAdder givenUp = new LongAdder();

    /**
     * A notice that was refused.
     *
     * @param times the number of refusals
     * @param forGood the number of refusals for good
     * @param unanswered the number of times that it is unknown whether it was taken
     * @param until the time at which it may be tried again, by {@link System#nanoTime}
     * @param why the reason, in the server's words
     */
    private record RefusedNotice(int times, int forGood, int unanswered, long until, String why) {
        static final RefusedNotice NEVER = new RefusedNotice(0, 0, 0, 0, "");

        String sentence() {
            String often = times == 1 ? "once" : times + " times";
            return (unanswered == 0 ? "refused " : "not accepted ") + often + ": " + why;
        }
    }

    /**
     * The notices that are sent together.
     *
     * @param isLast whether it is known that no other notice could be sent now
     */
    private record Batch(List<Notice> notices, boolean isLast) {}

    /** A sender of one message at a time. */
    @FunctionalInterface
    public interface Sender extends AutoCloseable {
        /**
         * Sends the message of these notices, blocking.
         *
         * @param notices at least one
         * @return the only recipients that it did not go to
         * @throws NotSentException when it went to no recipient, or it is unknown whether it did
         */
        List<Outbox.Refusal> send(List<Notice> notices) throws NotSentException;

        /** Returns whether people read the messages. People sleep, and do not read too fast. */
        default boolean isForPeople() {
            return true;
        }

        /** Returns the recipients of a notice. Notices for other recipients are never in the same message. */
        default Object audience(Notice notice) {
            return "";
        }

        /**
         * Returns the sequence of a notice; empty: the notice waits for no other. Notices of one sequence go out in
         * their order: while one of them waits, so do the later ones.
         */
        default Optional<Object> sequence(Notice notice) {
            return Optional.empty();
        }

        /** Makes a send that is under way fail soon, and every later one. */
        @Override
        default void close() {}
    }

    private Notifier(
            Outbox outbox, String target, Sender sender, Backoff backoff, SendThrottle pace, Supplier<Duration> quiet) {
        this.outbox = outbox;
        this.target = target;
        this.thread = SupervisedThread.of("notifier-" + target, "sends notices", PATIENCE, this::work)
                .in(SelfWatch.NOTICES);
        this.sender = sender;
        this.backoff = backoff;
        this.pace = pace;
        this.quiet = quiet;
    }

    /**
     * Creates a notifier that sends nothing before it is woken: only then are the recipes known, whose rules name the
     * recipients. The sender is closed with the notifier.
     *
     * @param target the name of the target whose notices it sends
     * @param quiet the time until the quiet hours end, in which only alarms are sent; zero: it is not quiet
     */
    public static Notifier open(Outbox outbox, String target, Sender sender, Supplier<Duration> quiet) {
        return open(outbox, target, sender, quiet, Backoff.USUAL, SendThrottle.Pace.USUAL);
    }

    static Notifier open(
            Outbox outbox,
            String target,
            Sender sender,
            Supplier<Duration> quiet,
            Backoff backoff,
            SendThrottle.Pace limits) {
        return new Notifier(outbox, target, sender, backoff, new SendThrottle(limits), quiet);
    }

    /**
     * Signals that there are notices to send; never waits. The first call starts the thread, which begins with the
     * notices that an earlier daemon left.
     */
    public void wake() {
        thread.start();
        if (news.availablePermits() == 0) {
            news.release();
        }
    }

    /** Returns the reason that a waiting notice has not gone out, in a sentence; empty: it is about to. */
    public Optional<String> trouble(long notice) {
        return Optional.ofNullable(refused.get(notice))
                .map(RefusedNotice::sentence)
                .or(() -> trouble)
                .or(() -> Optional.of("quiet hours")
                        .filter(words -> sender.isForPeople() && quiet.get().isPositive()));
    }

    /** Returns the number of notices that were given up since the start. */
    public long givenUp() {
        return givenUp.sum();
    }

    /**
     * Returns the reason why notices do not arrive, in a sentence: nothing has gone out for fifteen minutes although
     * notices wait. A notice that was given up does not count: the others arrive.
     */
    public Optional<String> fault() {
        return fault(System.nanoTime());
    }

    /** @param now the time by {@code nanoTime} */
    Optional<String> fault(long now) {
        return trouble.filter(_ -> now - stuckSince > STUCK.toNanos())
                .map(why -> "notices by " + target + " have not gone out for more than " + STUCK.toMinutes()
                        + " minutes: " + why);
    }

    private boolean work() throws InterruptedException {
        if (closing.getCount() == 0) {
            return false;
        }
        news.drainPermits();
        if (!tellNext()) {
            failures++;
            pause(backoff.after(failures, asked));
        }
        return true;
    }

    /** Waits whatever notices come, but not longer than until it is closed. */
    private void pause(Duration time) throws InterruptedException {
        var unused = closing.await(time.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Sends the next notices, or waits for one. Returns whether nothing went wrong. */
    private boolean tellNext() throws InterruptedException {
        asked = Duration.ZERO;
        try {
            pause(sender.isForPeople() ? pace.pause(System.nanoTime()) : Duration.ZERO);
            if (closing.getCount() == 0) {
                return true;
            }
            boolean isQuiet = sender.isForPeople() && quiet.get().isPositive();
            Batch next = next(isQuiet);
            if (next.notices().isEmpty()) {
                if (isQuiet) { // nothing is tried until it ends
                    trouble = Optional.empty();
                }
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
            LOG.warn("notices wait: the store failed: {}", e.getMessage());
            return false;
        }
    }

    /**
     * Returns the oldest notice that was never refused, else one that may be tried again. Of many, and of those that
     * waited in quiet hours, it returns all.
     */
    private Batch next(boolean isQuiet) {
        long now = System.nanoTime();
        boolean alone = !sender.isForPeople() || pace.isSlow(now) && !wasQuiet && !isQuiet;
        int most = refused.size() + (alone ? 1 : MOST_TOGETHER);
        List<Notice> unsent = outbox.unsent(target, most);
        List<Notice> ready = ready(unsent, isQuiet, now);
        while (ready.isEmpty()
                && unsent.size() == most
                && !sender.isForPeople()) { // those of other sequences come later
            most *= 2;
            unsent = outbox.unsent(target, most);
            ready = ready(unsent, isQuiet, now);
        }
        boolean all = unsent.size() < most;
        if (all) { // a notice that is not among them need not be sent any more
            refused.keySet().retainAll(unsent.stream().map(Notice::id).collect(Collectors.toSet()));
        }
        Object audience = ready.isEmpty() ? "" : sender.audience(ready.getFirst());
        List<Notice> together = ready.stream()
                .filter(notice -> sender.audience(notice).equals(audience))
                .limit(alone ? 1 : MOST_TOGETHER)
                .toList();
        return new Batch(together, all && together.size() == ready.size());
    }

    /**
     * Returns the notices that may go out now, those that were refused least often first; of each sequence only the
     * oldest.
     */
    private List<Notice> ready(List<Notice> unsent, boolean isQuiet, long now) {
        var sequences = new HashSet<Object>();
        return unsent.stream()
                .filter(notice -> sender.sequence(notice).map(sequences::add).orElse(true))
                .filter(notice -> !isQuiet || notice.kind() == NoticeEvent.ALARM)
                .filter(notice -> times(notice) == 0 || of(notice).until() - now <= 0)
                .sorted(Comparator.comparingInt(this::times))
                .toList();
    }

    private RefusedNotice of(Notice notice) {
        return refused.getOrDefault(notice.id(), RefusedNotice.NEVER);
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
        List<Notice> untold = notices.stream()
                .filter(notice -> !told.containsKey(notice.id()))
                .toList();
        if (!untold.isEmpty()) {
            thread.busy();
            try {
                List<Outbox.Refusal> refusals = sender.send(untold);
                untold.forEach(notice -> told.put(notice.id(), refusals));
            } catch (NotSentException e) {
                asked = e.pause();
                return notSent(untold, e.fault(), String.valueOf(e.getMessage()));
            } catch (RuntimeException | Error e) { // a defect that these notices met; the others must go out
                LOG.error("internal error while sending {}", names(untold), e);
                return notSent(untold, SendFault.NOTICE_FOR_GOOD, e.toString());
            } finally {
                thread.idle();
            }
            pace.wrote(System.nanoTime());
        }
        notices.stream()
                .collect(Collectors.groupingBy(notice -> told.getOrDefault(notice.id(), List.of())))
                .forEach(this::keepSent);
        if (failures > 0) {
            LOG.info("delivery by {} resumed", target);
        }
        failures = 0;
        trouble = Optional.empty();
        return true;
    }

    private void keepSent(List<Outbox.Refusal> refusals, List<Notice> notices) {
        outbox.sent(notices.stream().map(Notice::id).toList(), refusals).join();
        refusals.forEach(refusal -> LOG.warn(
                "{} was not accepted for {}; {}: {}",
                names(notices),
                refusal.address(),
                refusal.forGood() ? "given up" : "retrying later",
                refusal.why()));
        countGivenUp(notices.size()
                * refusals.stream().filter(Outbox.Refusal::forGood).count());
        long now = System.nanoTime();
        var left = refusals.stream().filter(refusal -> !refusal.forGood()).findFirst();
        for (Notice notice : notices) {
            told.remove(notice.id());
            left.ifPresentOrElse(
                    refusal -> postpone(notice, SendFault.NOTICE_FOR_NOW, refusal.why(), now),
                    () -> refused.remove(notice.id()));
        }
    }

    private void countGivenUp(long number) {
        if (number > 0) {
            givenUp.add(number);
        }
    }

    private static String names(List<Notice> notices) {
        return notices.getFirst().name() + (notices.size() == 1 ? "" : " and " + (notices.size() - 1) + " more");
    }

    private boolean notSent(List<Notice> notices, SendFault fault, String why) {
        if (closing.getCount() == 0) {
            return false;
        }
        if (fault == SendFault.SERVER) {
            if (trouble.isEmpty()) {
                stuckSince = System.nanoTime();
            }
            trouble = Optional.of(why);
            LOG.warn(
                    "delivery by {} failed; retrying in {} s: {}",
                    target,
                    backoff.after(failures + 1, asked).toSeconds(),
                    why);
            return false;
        }
        failures = 0;
        trouble = Optional.empty();
        long now = System.nanoTime();
        pace.wrote(now);
        notices.forEach(notice -> refuse(notice, fault, why, now));
        return true;
    }

    private void refuse(Notice notice, SendFault fault, String why, long now) {
        RefusedNotice after = postpone(notice, fault, why, now);
        if (after.forGood() >= MOST_REFUSALS || after.unanswered() >= MOST_UNANSWERED) {
            LOG.error(
                    "{} was given up, {} delivered by {}: {}: {}",
                    notice.name(),
                    after.unanswered() > 0 ? "perhaps not" : "not",
                    target,
                    notice.sentence(),
                    why);
            outbox.givenUp(notice.id(), why).join();
            countGivenUp(1);
            refused.remove(notice.id());
        } else {
            LOG.warn("{} was not accepted; retrying later: {}", notice.name(), why);
        }
    }

    /** Schedules another try of a notice, after the others. */
    private RefusedNotice postpone(Notice notice, SendFault fault, String why, long now) {
        RefusedNotice before = of(notice);
        int times = before.times() + 1;
        int unanswered = before.unanswered() + (fault == SendFault.NOTICE_UNANSWERED ? 1 : 0);
        Duration pause = fault == SendFault.NOTICE_UNANSWERED
                ? backoff.cautious().after(unanswered)
                : backoff.after(times, asked);
        var after = new RefusedNotice(
                times,
                before.forGood() + (fault == SendFault.NOTICE_FOR_GOOD ? 1 : 0),
                unanswered,
                now + pause.toNanos(),
                why);
        refused.put(notice.id(), after);
        return after;
    }

    /**
     * Ends the thread within two seconds. A send that is under way gets half of that. Unsent notices stay in the store.
     */
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
