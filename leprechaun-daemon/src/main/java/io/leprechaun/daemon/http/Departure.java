package io.leprechaun.daemon.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;

/**
 * The watch for a sender that disconnects while its request's thread waits. It can interrupt that thread then. With
 * HTTP/1 Jetty does not read from a connection while it answers, so this class reads: the end of the stream is the
 * sender's departure. With HTTP/2 Jetty always reads, and reports the departure itself.
 */
public final class Departure implements Callback, AutoCloseable {
    private final Request request;
    private final Thread waiting = Thread.currentThread();
    private final boolean interrupting;
    /** The flag that the end of the stream is noticed here, and not by Jetty. */
    private final boolean reads;

    private final ByteBuffer unread = BufferUtil.allocate(1024);
    /** Guarded by this. */
    private boolean over;

    private boolean happened;
    private boolean overtaken;

    private Departure(Request request, boolean interrupting) {
        this.request = request;
        this.interrupting = interrupting;
        this.reads = request.getConnectionMetaData().getHttpVersion() != HttpVersion.HTTP_2;
    }

    /**
     * Begins to watch for the calling thread, which is interrupted at the departure. The whole request must have been
     * read.
     */
    public static Departure interrupting(Request request) {
        return watch(request, true);
    }

    /** Begins to watch for a thread that polls {@link #happened}. The whole request must have been read. */
    static Departure watch(Request request) {
        return watch(request, false);
    }

    private static Departure watch(Request request, boolean interrupting) {
        var departure = new Departure(request, interrupting);
        request.addIdleTimeoutListener(_ -> departure.isOver()); // a silent wait is not a failure
        request.addFailureListener(_ -> departure.gone());
        if (departure.reads) {
            departure.arm();
        }
        return departure;
    }

    /** Returns whether the sender has disconnected. */
    public synchronized boolean happened() {
        return happened;
    }

    /**
     * Returns whether the sender has sent bytes after the request. They are lost, so the connection has to end after
     * the answer (RFC 9112, 9.3.2 lets the sender expect that).
     */
    public synchronized boolean overtaken() {
        return overtaken;
    }

    private synchronized boolean isOver() {
        return over;
    }

    private AbstractEndPoint endPoint() {
        return (AbstractEndPoint)
                request.getConnectionMetaData().getConnection().getEndPoint();
    }

    private void arm() {
        endPoint().tryFillInterested(this);
    }

    @Override
    public synchronized void succeeded() {
        if (over) {
            return; // the bytes are left to the reader of the next request
        }
        try {
            int read = endPoint().fill(unread);
            if (read < 0) {
                gone();
            } else {
                overtaken |= read > 0;
                BufferUtil.clear(unread);
                arm();
            }
        } catch (IOException e) { // reset
            gone();
        }
    }

    @Override
    public synchronized void failed(Throwable why) {
        if (over) {
            return;
        }
        if (why instanceof TimeoutException) {
            arm();
        } else {
            gone();
        }
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }

    private synchronized void gone() {
        if (!over) {
            over = true;
            happened = true;
            if (interrupting) {
                waiting.interrupt();
            }
        }
    }

    /** Ends the watch: the thread is not interrupted any more. */
    @Override
    public void close() {
        synchronized (this) {
            over = true;
            if (happened && interrupting) {
                Thread.interrupted();
            }
        }
        if (reads && endPoint().isFillInterested()) {
            endPoint().getFillInterest().onFail(new CancellationException());
        }
    }
}
