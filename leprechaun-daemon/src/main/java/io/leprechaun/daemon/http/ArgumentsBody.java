package io.leprechaun.daemon.http;

import io.leprechaun.api.ExitCode;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;

/**
 * The reader of an API request's parameters: those in its query, then those in its body, which holds arguments too long
 * for a head. Thread-safe.
 */
final class ArgumentsBody {
    /** The media type of such a body. */
    static final String TYPE = "application/x-www-form-urlencoded";

    /** The longest body, in bytes: enough for 64 KiB of any bytes, percent-encoded. */
    private static final int LIMIT = 256 * 1024;

    /** The number of bodies that are read at once, which bounds their memory. */
    private static final int BODIES = 8;

    /** The number of requests that may wait for their turn. */
    private static final int WAITING = 64;

    /** The limit for the arrival of a body, and for the wait for its turn. */
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private final Semaphore turns = new Semaphore(BODIES, true);

    /** Returns the parameters of a request's query and those of its form, joined by {@code &}; empty: none. */
    static String parameters(Request request, String form) {
        String query = request.getHttpURI().getQuery();
        return query == null || query.isEmpty() ? form : form.isEmpty() ? query : query + "&" + form;
    }

    /**
     * Returns the parameters in the body, as they were sent; empty when there are none.
     *
     * @throws ProblemException when the body is too long, does not arrive in time, or is not UTF-8
     * @throws IOException when the caller has disconnected
     */
    String form(Request request) throws IOException {
        String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
        boolean form = type != null && type.regionMatches(true, 0, TYPE, 0, TYPE.length()) && request.getLength() != 0;
        return form ? body(request) : "";
    }

    private String body(Request request) throws IOException {
        if (!taken()) {
            throw late(503, "too many requests with arguments in their bodies at once: try again");
        }
        var late = new TimeoutException();
        var alarm = request.getComponents()
                .getScheduler()
                .schedule(() -> request.fail(late), DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
        try {
            InputStream in = Content.Source.asInputStream(request);
            byte[] body = in.readNBytes(LIMIT + 1);
            if (body.length > LIMIT) {
                in.transferTo(
                        OutputStream.nullOutputStream()); // a caller that is still sending does not read the answer
                throw new ProblemException(new Problem(
                        413,
                        "Too long",
                        "arguments too long, limit " + LIMIT + " bytes: put them into a file that the steps read",
                        ExitCode.USAGE));
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new ProblemException(Problem.usage("the body of the request is not percent-encoded UTF-8"));
        } catch (IOException e) {
            if (!(e.getCause() instanceof TimeoutException)) {
                throw e;
            }
            throw late(408, "the body did not arrive within " + DEADLINE.toSeconds() + " s");
        } finally {
            alarm.cancel();
            turns.release();
        }
    }

    private boolean taken() {
        try {
            return turns.getQueueLength() < WAITING && turns.tryAcquire(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static ProblemException late(int status, String why) {
        return new ProblemException(new Problem(status, "Unavailable", why, ExitCode.REFUSED));
    }
}
