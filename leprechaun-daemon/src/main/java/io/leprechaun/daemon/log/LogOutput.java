package io.leprechaun.daemon.log;

import io.leprechaun.daemon.lifecycle.SupervisedThread;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A bounded queue of log lines and the one thread that writes them. Writing here never waits: a line that has no room
 * is dropped and counted. From the first dropped line on, all are dropped until the queue is empty; then one line
 * reports their number. Thread-safe.
 */
final class LogOutput extends OutputStream {
    /** The most that the queue holds, in bytes. */
    static final int QUEUE_LIMIT = 1024 * 1024;

    /** The longest line, in bytes; a longer one is cut. */
    static final int LINE_LIMIT = 16 * 1024;

    /** The memory of a queued line besides its bytes. */
    private static final int LINE_OVERHEAD = 64;

    private static final long FULL_PAUSE_MILLIS = 20;

    /** The number of bytes that are written at once; the last line may exceed it. */
    private static final int BATCH = 64 * 1024;

    /**
     * The pause between two writes, in which lines gather: a thread that is woken for each line costs a seventh of the
     * hooks per second.
     */
    private static final Duration PAUSE = Duration.ofMillis(20);

    private final WritableByteChannel target;
    private final Function<String, byte[]> format;
    private final Duration retry;
    private final ReentrantLock lock = new ReentrantLock();
    /** The condition that is signalled when a line comes, and when one has been written or dropped. */
    private final Condition changed = lock.newCondition();

    // All below: guarded by lock.
    private final Deque<byte[]> queue = new ArrayDeque<>();
    private int queued;
    private long dropped;
    private boolean begun;
    /** The line that is being written. */
    private byte @Nullable [] current;
    /** The number of lines being written, or of the lost ones that are being reported. */
    private long reports;
    /**
     * The beginning of the write under way, or of the first of those that have failed in a row, by {@code nanoTime}.
     */
    private long since;

    private Optional<String> failure = Optional.empty();

    /**
     * Creates an output whose thread starts with the first line.
     *
     * @param target the channel to write to; it may block
     * @param format the function that turns a sentence into a log line
     * @param retry the time between two attempts when writing fails
     */
    LogOutput(WritableByteChannel target, Function<String, byte[]> format, Duration retry) {
        this.target = target;
        this.format = format;
        this.retry = retry;
    }

    @Override
    public void write(int octet) {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    /** Queues a finished line, or drops it. */
    @Override
    public void write(byte[] bytes, int offset, int length) {
        if (length == 0) {
            return;
        }
        byte[] line = cut(bytes, offset, length);
        boolean first;
        lock.lock();
        try {
            if (dropped > 0 || queued + line.length + LINE_OVERHEAD > QUEUE_LIMIT) {
                dropped++;
                return;
            }
            queue.add(line);
            queued += line.length + LINE_OVERHEAD;
            first = !begun;
            begun = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (first) {
            SupervisedThread.of("log", "writes the log", this::drain).start();
        }
    }

    private static byte[] cut(byte[] bytes, int offset, int length) {
        if (length <= LINE_LIMIT) {
            return Arrays.copyOfRange(bytes, offset, offset + length);
        }
        int end = offset + LINE_LIMIT;
        while ((bytes[end] & 0xC0) == 0x80) { // not in the middle of a character
            end--;
        }
        byte[] rest = (" ... (" + (offset + length - end) + " more bytes cut)\n").getBytes(StandardCharsets.UTF_8);
        byte[] line = Arrays.copyOfRange(bytes, offset, end + rest.length);
        System.arraycopy(rest, 0, line, end - offset, rest.length);
        return line;
    }

    private boolean drain() throws InterruptedException {
        boolean written = writeNext();
        Thread.sleep(written ? PAUSE : retry); // lines gather meanwhile, or more attempts would fail as well
        return true;
    }

    private boolean writeNext() throws InterruptedException {
        try {
            var left = ByteBuffer.wrap(next());
            while (left.hasRemaining()) {
                if (target.write(left) == 0) { // it does not block, and is full
                    Thread.sleep(FULL_PAUSE_MILLIS);
                }
            }
            written();
            return true;
        } catch (IOException | RuntimeException | Error e) { // the thread must survive any failure of stderr
            failed(e);
            return false;
        }
    }

    /** Waits for lines to write, and returns as many as are written at once, or a report on dropped ones. */
    private byte[] next() throws InterruptedException {
        lock.lock();
        try {
            while (queue.isEmpty() && dropped == 0) {
                changed.await();
            }
            if (failure.isEmpty()) {
                since = System.nanoTime();
            }
            byte[] line;
            if (queue.isEmpty()) {
                reports = dropped;
                dropped = 0;
                current = new byte[0];
                line = format.apply(report(reports));
            } else {
                line = some();
            }
            current = line;
            return line;
        } finally {
            lock.unlock();
        }
    }

    /** Removes the lines that are written at once from the queue, and returns them. */
    private byte[] some() {
        var lines = new ByteArrayOutputStream();
        reports = 0;
        while (!queue.isEmpty() && lines.size() < BATCH) {
            byte[] line = queue.remove();
            queued -= line.length + LINE_OVERHEAD;
            lines.writeBytes(line);
            reports++;
        }
        return lines.toByteArray();
    }

    private String report(long lines) {
        String reason = failure.isPresent() ? "cannot write to stderr" : "the reader of stderr is too slow";
        return lines == 1 ? "1 log line dropped: " + reason : lines + " log lines dropped: " + reason;
    }

    private void written() {
        lock.lock();
        try {
            current = null;
            failure = Optional.empty();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Drops the lines that were being written, and all that wait. */
    private void failed(Throwable why) {
        lock.lock();
        try {
            dropped += Math.max(1, reports) + queue.size();
            queue.clear();
            queued = 0;
            current = null;
            failure = Optional.of(String.valueOf(why.getMessage()));
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until everything is written. Gives up early when writing fails, or when one write has already taken as
     * long.
     *
     * @param limit the longest wait
     */
    void awaitWritten(Duration limit) {
        lock.lock();
        try {
            long deadline = System.nanoTime() + limit.toNanos();
            while (failure.isEmpty() && (current != null || !queue.isEmpty() || dropped > 0)) {
                long now = System.nanoTime();
                long left = current == null ? deadline - now : Math.min(deadline, since + limit.toNanos()) - now;
                if (left <= 0) {
                    return;
                }
                var unused = changed.await(left, TimeUnit.NANOSECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Returns the reason why nothing has been written for a time, in a sentence that stays the same; empty: lines are
     * written, or there are none.
     *
     * @param patience the time
     */
    Optional<String> fault(Duration patience) {
        lock.lock();
        try {
            boolean writing = current != null || failure.isPresent();
            if (!writing || System.nanoTime() - since < patience.toNanos()) {
                return Optional.empty();
            }
            return Optional.of(failure.map(why -> "cannot write the log (" + why + "): log lines are dropped; free disk"
                            + " space, or restart the daemon with another stderr")
                    .orElse("cannot write the log: the reader of stderr does not read, and log lines will be"
                            + " dropped; resume the reader, or restart the daemon with another stderr"));
        } finally {
            lock.unlock();
        }
    }
}
