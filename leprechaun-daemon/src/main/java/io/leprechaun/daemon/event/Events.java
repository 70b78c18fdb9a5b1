package io.leprechaun.daemon.event;

import io.leprechaun.daemon.token.Secrets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The ring of the newest events, and its readers. All readers read from the one ring: a slow one takes no memory, and
 * learns that events were lost to it. Nothing is kept before the first reader comes. Publishers never wait for readers.
 * Thread-safe.
 */
public final class Events implements AutoCloseable {
    /** The number of events that are kept for readers. */
    static final int KEPT = 4096;
    /** The number of readers at a time. */
    static final int READERS = 128;
    /** The number of readers of one caller at a time. */
    static final int READERS_OF_ONE = 16;

    private final InstantSource clock;
    private final String version;
    private final String life = Secrets.id();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    /** The events by their numbers, modulo the length. Guarded by the lock. */
    private final @Nullable Event[] ring = new @Nullable Event[KEPT];
    /** The numbers of readers by caller. Guarded by the lock. */
    private final Map<String, Integer> readers = new HashMap<>();
    /** The number of the newest event. Guarded by the lock. */
    private long newest;
    /** Guarded by the lock. */
    private boolean closed;

    private volatile boolean heard;
    private volatile Runnable begun = () -> {};

    /**
     * Creates a ring without events.
     *
     * @param version the version of the daemon, for readers that go on after an upgrade
     */
    public Events(InstantSource clock, String version) {
        this.clock = clock;
        this.version = version;
    }

    /** The events that a reader takes at once. */
    public sealed interface Batch {
        /** @param events the next events; none: there were none in time */
        record Next(List<Event> events) implements Batch {}

        /** The reader has missed events, and goes on with the newest. */
        record Gap() implements Batch {}

        /** The daemon ends. */
        record End() implements Batch {}
    }

    /** Returns a name of this life of the daemon, different from earlier ones. */
    public String life() {
        return life;
    }

    /** Returns the version of the daemon. */
    public String version() {
        return version;
    }

    /** Returns whether there has been a reader, so that events are kept. */
    public boolean isHeard() {
        return heard;
    }

    /** Returns whether there are readers now. */
    public boolean hasReaders() {
        lock.lock();
        try {
            return !readers.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Sets the listener for each time when a reader comes; it must not block. */
    public void onReaders(Runnable listener) {
        begun = listener;
    }

    /** Adds an event. Without a reader since the start, nothing is kept. */
    public void publish(Topic topic, Optional<String> recipe, Map<String, ? extends @Nullable Object> data) {
        if (!heard) {
            return;
        }
        Instant at = clock.instant();
        lock.lock();
        try {
            newest++;
            ring[(int) (newest % KEPT)] = new Event(newest, at, topic, recipe, data);
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Begins to read.
     *
     * @param caller the caller, whose readers are counted
     * @param wanted the events that the reader takes
     * @param after the id of the last event that the reader knows, of any life; empty: it begins now
     * @return empty: there are too many readers
     */
    public Optional<Reader> read(String caller, Predicate<Event> wanted, Optional<String> after) {
        Optional<Reader> reader = added(caller, wanted, after);
        reader.ifPresent(_ -> begun.run());
        return reader;
    }

    private Optional<Reader> added(String caller, Predicate<Event> wanted, Optional<String> after) {
        lock.lock();
        try {
            int all = readers.values().stream().mapToInt(Integer::intValue).sum();
            if (all >= READERS || readers.getOrDefault(caller, 0) >= READERS_OF_ONE) {
                return Optional.empty();
            }
            readers.merge(caller, 1, Integer::sum);
            heard = true;
            return Optional.of(new Reader(caller, wanted, after));
        } finally {
            lock.unlock();
        }
    }

    /** Returns the id of an event. */
    public String id(long number) {
        return life + "-" + number;
    }

    /** Ends all readers, once they have read all. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** A reader of events. For one thread. */
    public final class Reader implements AutoCloseable {
        private final String caller;
        private final Predicate<Event> wanted;
        /** The number of the last event that was read. */
        private long position;

        private boolean gap;

        private Reader(String caller, Predicate<Event> wanted, Optional<String> after) {
            this.caller = caller;
            this.wanted = wanted;
            this.position = after.map(this::number).orElse(newest);
            this.gap = position < 0;
            if (gap) {
                position = newest;
            }
        }

        /** Returns the number in an id; -1: it is of another life, or not an id. */
        private long number(String id) {
            String digits = id.startsWith(life + "-") ? id.substring(life.length() + 1) : "";
            if (!digits.matches("[0-9]{1,18}")) {
                return -1;
            }
            long number = Long.parseLong(digits);
            return number > newest ? -1 : number;
        }

        /** Returns the id of the last event that was read: reading goes on there. */
        public String position() {
            return id(position);
        }

        /**
         * Returns the next events, and waits for them if there are none.
         *
         * @param most the largest number of events
         * @throws InterruptedException if the thread is interrupted while it waits
         */
        public Batch next(Duration wait, int most) throws InterruptedException {
            long left = wait.toNanos();
            lock.lockInterruptibly();
            try {
                while (true) {
                    if (gap || newest - position > KEPT) {
                        gap = false;
                        position = newest;
                        return new Batch.Gap();
                    }
                    var found = new ArrayList<Event>();
                    while (position < newest && found.size() < most) {
                        position++;
                        Event event = ring[(int) (position % KEPT)];
                        if (event != null && wanted.test(event)) {
                            found.add(event);
                        }
                    }
                    if (!found.isEmpty() || left <= 0) {
                        return found.isEmpty() && closed ? new Batch.End() : new Batch.Next(found);
                    }
                    if (closed) {
                        return new Batch.End();
                    }
                    left = news.awaitNanos(left);
                }
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            lock.lock();
            try {
                readers.computeIfPresent(caller, (_, count) -> count > 1 ? count - 1 : null);
            } finally {
                lock.unlock();
            }
        }
    }
}
