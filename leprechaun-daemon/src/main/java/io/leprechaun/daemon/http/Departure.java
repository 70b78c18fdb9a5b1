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
 * Watches for the sender of a request to leave while its thread waits, and may interrupt that thread then. With HTTP/1 Jetty reads nothing from a connection while it answers, so this reads:
 * an end of the stream is a sender who has gone. With HTTP/2 Jetty reads always, and says so itself.
 */
public final class Departure implements Callback, AutoCloseable {
    private final Request request;
    private final Thread waiting = Thread.currentThread();
    private final boolean interrupting;
    /** Whether the end of the stream is noticed here, and not by Jetty. */
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

    /** Begins to watch, for the thread that calls and is interrupted; the whole request has been read. */
    public static Departure interrupting(Request request) {
        return watch(request, true);
    }

    /** Begins to watch for a thread that asks by itself; the whole request has been read. */
    static Departure watch(Request request) {
        return watch(request, false);
    }

    private static Departure watch(Request request, boolean interrupting) {
        var departure = new Departure(request, interrupting);
        request.addIdleTimeoutListener(_ -> departure.isOver()); // to wait in silence is no failure
        request.addFailureListener(_ -> departure.gone());
        if (departure.reads) {
            departure.arm();
        }
        return departure;
    }

    /** Whether the sender has gone. */
    public synchronized boolean happened() {
        return happened;
    }

    /** Whether the sender has sent something behind the request. That is lost, so the connection has to end after the answer (RFC 9112, 9.3.2 lets the sender expect that). */
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
            return; // what came is read by who reads the next request
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
