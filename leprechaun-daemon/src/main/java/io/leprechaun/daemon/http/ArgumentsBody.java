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

/** Reads the parameters of a request to the API: those in its query, then those in its body, where arguments too long for a head stand. Thread-safe. */
final class ArgumentsBody {
    /** The media type of such a body. */
    static final String TYPE = "application/x-www-form-urlencoded";

    /** The longest body, in bytes: 64 KiB of anything, percent-encoded, and more. */
    private static final int LIMIT = 256 * 1024;

    /** The number of bodies that are read at once, which bounds the memory that they take. */
    private static final int BODIES = 8;

    /** The number of requests that may wait for their turn. */
    private static final int WAITING = 64;

    /** The time that a body may take to come, and to wait for its turn. */
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private final Semaphore turns = new Semaphore(BODIES, true);

    /**
     * The parameters as they stand in the request, joined by {@code &}; empty when there are none.
     *
     * @throws ProblemException when the body is too long, or does not come in time
     * @throws IOException when the caller has gone
     */
    String parameters(Request request) throws IOException {
        String query = request.getHttpURI().getQuery() == null
                ? ""
                : request.getHttpURI().getQuery();
        String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
        if (type == null || !type.regionMatches(true, 0, TYPE, 0, TYPE.length()) || request.getLength() == 0) {
            return query;
        }
        String body = body(request);
        return query.isEmpty() ? body : query + "&" + body;
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
                        OutputStream.nullOutputStream()); // a caller that is still sending would not read the answer
                throw new ProblemException(new Problem(
                        413,
                        "Too long",
                        "the arguments are longer than " + LIMIT + " bytes: put them into a file that the steps read",
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
            throw late(408, "the body did not come within " + DEADLINE.toSeconds() + " s");
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
