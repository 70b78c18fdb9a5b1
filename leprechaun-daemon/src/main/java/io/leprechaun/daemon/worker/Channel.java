package io.leprechaun.daemon.worker;

import io.leprechaun.daemon.lifecycle.SelfWatch;
import io.leprechaun.daemon.lifecycle.SupervisedThread;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A channel for messages from many senders to one reader with a thread of its own. Senders never wait. Thread-safe. */
public final class Channel<T> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Channel.class);
    private static final long CLOSE_SECONDS = 5;

    private final String name;
    /** The messages; an empty one is the end. */
    private final BlockingQueue<Optional<T>> mail;

    private final SupervisedThread thread;
    private volatile boolean closing;
    /** The number of messages that were handled. */
    private volatile long dealt;

    private Channel(String name, BlockingQueue<Optional<T>> mail, Consumer<T> reader) {
        this.name = name;
        this.mail = mail;
        this.thread = SupervisedThread.of(name, "passes on ended runs", () -> read(reader))
                .in(SelfWatch.CHANNELS);
    }

    /** Opens a channel that never loses a message; the number of senders bounds it. */
    public static <T> Channel<T> lossless(String name, Consumer<T> reader) {
        return started(new Channel<>(name, new LinkedBlockingQueue<>(), reader));
    }

    /**
     * Opens a channel that holds a number of messages and drops messages while it is full: for data that is stored
     * elsewhere as well.
     */
    public static <T> Channel<T> bounded(String name, int capacity, Consumer<T> reader) {
        return started(new Channel<>(name, new ArrayBlockingQueue<>(capacity), reader));
    }

    private static <T> Channel<T> started(Channel<T> channel) {
        channel.thread.start();
        return channel;
    }

    /** Sends a message, or drops it if a bounded channel is full. */
    public void send(T message) {
        if (!mail.offer(Optional.of(message))) {
            LOG.debug("channel {}: full; the message is in the store", name);
        }
    }

    /**
     * Returns the fault of the channel, in a sentence that stays the same as long as it does not handle a message;
     * empty: none.
     */
    public Optional<String> fault() {
        return closing || mail.isEmpty()
                ? Optional.empty()
                : Optional.of("channel " + name + " is stuck at message " + (dealt + 1));
    }

    /** Handles one message. Returns false if it was the end. */
    private boolean read(Consumer<T> reader) throws InterruptedException {
        Optional<T> message = mail.take();
        if (message.isEmpty()) {
            return false;
        }
        try {
            reader.accept(message.get());
        } finally {
            dealt = dealt + 1;
        }
        return true;
    }

    /**
     * Closes the channel. Waits at most five seconds for room in a full channel, and as long for the reader to handle
     * the sent messages.
     */
    @Override
    public void close() {
        closing = true;
        thread.closing();
        try {
            boolean ending = mail.offer(Optional.empty(), CLOSE_SECONDS, TimeUnit.SECONDS);
            if (!ending || !thread.join(Duration.ofSeconds(CLOSE_SECONDS))) {
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
