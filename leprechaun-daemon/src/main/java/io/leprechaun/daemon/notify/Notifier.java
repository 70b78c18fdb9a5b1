package io.leprechaun.daemon.notify;

import io.leprechaun.daemon.lifecycle.Threads;
import io.leprechaun.daemon.run.Notice;
import io.leprechaun.daemon.run.RunStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends what people are to be told, in a thread of its own: a server that does not answer delays nothing but notices, and loses none. */
public final class Notifier implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Notifier.class);
    private static final int AT_ONCE = 100;
    private static final Duration FIRST_RETRY = Duration.ofSeconds(5);
    private static final Duration LAST_RETRY = Duration.ofMinutes(10);

    private final RunStore store;
    private final Sender sender;
    private final Semaphore news = new Semaphore(1); // what an earlier daemon left is news
    private final Thread thread = Threads.platform("notifier", this::work);
    private volatile boolean closing;

    /** Sends one notice, blocking. */
    @FunctionalInterface
    public interface Sender {
        /** @throws NotSentException when it did not go out, or nobody knows whether it did */
        void send(Notice notice) throws NotSentException;
    }

    private Notifier(RunStore store, Sender sender) {
        this.store = store;
        this.sender = sender;
    }

    /** Starts the thread, which begins with what was not sent yet. */
    public static Notifier open(RunStore store, Sender sender) {
        var notifier = new Notifier(store, sender);
        notifier.thread.start();
        return notifier;
    }

    /** Says that there is something to be told; never waits. */
    public void wake() {
        news.release();
    }

    private void work() {
        Duration retry = FIRST_RETRY;
        try {
            while (!closing) {
                boolean sent = sendAll();
                if (sent) {
                    retry = FIRST_RETRY;
                    news.acquire();
                } else {
                    news.tryAcquire(retry.toMillis(), TimeUnit.MILLISECONDS);
                    retry = min(retry.multipliedBy(2), LAST_RETRY);
                }
                news.drainPermits();
            }
        } catch (InterruptedException e) {
            // closing: what was not sent is in the store
        }
    }

    private boolean sendAll() throws InterruptedException {
        for (List<Notice> unsent = store.unsent(AT_ONCE); !unsent.isEmpty(); unsent = store.unsent(AT_ONCE)) {
            for (Notice notice : unsent) {
                if (closing) {
                    throw new InterruptedException();
                }
                try {
                    sender.send(notice);
                    store.sent(notice.id()).join();
                } catch (NotSentException | RuntimeException e) { // whatever is wrong, the next notice may go out later
                    LOG.warn(
                            "run {}: {} could not be told and will be tried again: {}",
                            notice.run().id(),
                            notice.kind(),
                            e.getMessage());
                    return false;
                }
            }
        }
        return true;
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** Ends the thread; what was not sent stays in the store. */
    @Override
    public void close() {
        closing = true;
        thread.interrupt();
        try {
            thread.join(Duration.ofSeconds(2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
