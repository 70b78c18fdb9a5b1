package io.leprechaun.daemon.http.hook;

import io.leprechaun.daemon.agent.server.HookAnswer;
import io.leprechaun.daemon.agent.server.HookListener.HookDesk;
import io.leprechaun.daemon.agent.server.HookRequest;
import io.leprechaun.daemon.body.Body;
import io.leprechaun.daemon.body.BodyFolder;
import io.leprechaun.daemon.body.Pairs;
import io.leprechaun.daemon.count.Traffic;
import io.leprechaun.daemon.http.Answers;
import io.leprechaun.daemon.http.Json;
import io.leprechaun.daemon.http.Page;
import io.leprechaun.daemon.units.Durations;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The handler of hook requests, within limits: {@code /hook}, {@code /hook/ID} and {@code /ping}, and nothing else. */
final class HookHandler extends Handler.Abstract {
    private static final Logger LOG = LoggerFactory.getLogger(HookHandler.class);

    /** The bytes of a body over the limit that are still read, and thrown away. */
    private static final int DRAINED = 4 * 1024 * 1024;

    /** The seconds after which a sender should retry when its hook cannot be taken now. */
    private static final int LATER = 10;

    private static final Duration LONGEST_WAIT = Duration.ofHours(1);
    private static final String JSON = "application/json";
    private static final String TEXT = "text/plain; charset=utf-8";

    private final HookDesk desk;
    private final Callers callers;
    private final Traffic traffic;
    private final Duration bodyDeadline;
    private final BodyReader bodies;
    private final Waits waits;

    /**
     * Creates a handler.
     *
     * @param traffic the counts of requests
     * @param bodyDeadline the time that a sender may take for its body
     * @param folder the folder of large bodies
     * @param waiting the number of senders that may wait for an outcome at once
     */
    HookHandler(
            HookDesk desk, Callers callers, Traffic traffic, Duration bodyDeadline, BodyFolder folder, int waiting) {
        this.desk = desk;
        this.callers = callers;
        this.traffic = traffic;
        this.bodyDeadline = bodyDeadline;
        this.bodies = new BodyReader(folder);
        this.waits = new Waits(waiting);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        try {
            route(request, response, callback);
        } catch (IOException e) {
            callback.failed(e); // the sender has disconnected
        } catch (RuntimeException e) { // whatever the failure, the sender gets an answer, without internals
            LOG.error("from={} hook failed: internal error", callers.of(request).getHostAddress(), e);
            refuse(response, callback, 500, "internal error: see the daemon's log");
        } catch (OutOfMemoryError | StackOverflowError e) { // of this request alone: others have enough memory
            if (response.isCommitted()) {
                callback.failed(e);
            } else {
                response.reset();
                write(response, callback, 503, "not enough memory for this hook: try again later");
            }
            LOG.error(
                    "from={} hook failed: out of memory: {}",
                    callers.of(request).getHostAddress(),
                    e.toString());
        }
        return true;
    }

    private void route(Request request, Response response, Callback callback) throws IOException {
        String path = Answers.withoutSlash(Request.getPathInContext(request));
        String method = request.getMethod();
        if (path.equals("/ping") && (method.equals("GET") || Answers.isHead(request))) {
            Answers.write(response, callback, 200, TEXT, "PONG\n".getBytes(StandardCharsets.UTF_8));
        } else if (!path.equals("/hook") && !path.startsWith("/hook/")
                || path.length() > "/hook/".length() && path.indexOf('/', 6) >= 0) {
            refuse(response, callback, 404, "unknown path: use /hook or /ping");
        } else if (Answers.isHead(request)) {
            look(request, response, callback, path);
        } else if (!method.equals("POST") && !method.equals("GET")) {
            response.getHeaders().put(HttpHeader.ALLOW, "GET, HEAD, POST");
            refuse(response, callback, 405, "invalid method: use GET or POST");
        } else if (Page.asks(request)) {
            refuse(response, callback, 403, "web pages may not send hooks");
        } else {
            hook(request, response, callback, path);
        }
    }

    /** Answers whether there is a hook, and starts nothing: HEAD is safe (RFC 9110, 9.2.1). */
    private void look(Request request, Response response, Callback callback, String path) {
        Optional<String> id;
        try {
            id = id(path, pairs(request));
        } catch (IllegalArgumentException e) {
            refuse(response, callback, 400, String.valueOf(e.getMessage()));
            return;
        }
        if (desk.isKnown(id)) {
            Answers.write(response, callback, 200, JSON, new byte[0]);
        } else {
            refuse(response, callback, 404, "unknown hook");
        }
    }

    private static Pairs pairs(Request request) {
        return Pairs.of(query(request), "the query");
    }

    /**
     * Returns the query as it was sent, one character a byte. Jetty returns the query of HTTP/2 in this form. It
     * decodes that of HTTP/1 as UTF-8, with U+FFFD for invalid bytes. Here they become a byte that is never in UTF-8,
     * so that a use of them is refused.
     */
    private static String query(Request request) {
        String query = Objects.requireNonNullElse(request.getHttpURI().getQuery(), "");
        return request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_2
                ? query
                : new String(query.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1)
                        .replace("\u00ef\u00bf\u00bd", "\u00ff");
    }

    private static Optional<String> id(String path, Pairs query) {
        Optional<String> named =
                path.startsWith("/hook/") ? Optional.of(path.substring("/hook/".length())) : query.value("id");
        return named.filter(given -> !given.isEmpty());
    }

    private void hook(Request request, Response response, Callback callback, String path) throws IOException {
        Optional<String> id;
        Optional<Duration> patience;
        try {
            Pairs query = pairs(request);
            id = id(path, query);
            patience = query.value("wait").map(HookHandler::patience);
        } catch (IllegalArgumentException e) {
            refuse(response, callback, 400, String.valueOf(e.getMessage()));
            return;
        }
        int limit = desk.bodyLimit(id);
        InetAddress source = callers.of(request);
        HookAnswer accepted;
        try (var reading = bodies.open(source, desk.isKnown(id))) {
            Body body = body(request, reading, limit);
            Optional<String> known = reading.isWhole() ? id : Optional.empty(); // unknown when the body arrived
            accepted = desk.answer(hook(request, known, body, source, patience));
        } catch (BodyReader.TooLargeException e) {
            refuse(response, callback, 413, "body too large, limit " + limit + " bytes");
            return;
        } catch (BodyReader.NoRoomException e) {
            later(response);
            response.getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE.asString());
            String cause = e.getCause() == null ? "" : " (" + e.getCause() + ")";
            callers.refused(request, e.status(), e.getMessage() + cause);
            write(response, callback, e.status(), String.valueOf(e.getMessage()));
            return;
        } catch (IOException e) {
            if (!(e.getCause() instanceof TimeoutException)) {
                throw e;
            }
            response.getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE.asString());
            refuse(response, callback, 408, "the body did not arrive within " + Durations.format(bodyDeadline));
            return;
        }
        waits.outcome(request, response, source, accepted)
                .ifPresentOrElse(
                        told -> tell(response, callback, source, accepted, told),
                        () -> gone(callback, source, accepted));
    }

    private static void later(Response response) {
        response.getHeaders().put(HttpHeader.RETRY_AFTER, LATER);
    }

    private static Duration patience(String text) {
        Duration asked;
        try {
            asked = Durations.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("wait: " + e.getMessage(), e);
        }
        if (asked.isNegative()) {
            throw new IllegalArgumentException("wait: invalid duration '" + text + "': use 0s or more");
        }
        return asked.compareTo(LONGEST_WAIT) < 0 ? asked : LONGEST_WAIT;
    }

    private static HookRequest hook(
            Request request, Optional<String> id, Body body, InetAddress source, Optional<Duration> patience) {
        var headers = new HashMap<String, List<String>>();
        for (HttpField field : request.getHeaders()) {
            String value = field.getValue() == null ? "" : field.getValue();
            headers.computeIfAbsent(field.getLowerCaseName(), _ -> new ArrayList<>())
                    .add(value);
        }
        return new HookRequest(
                id, request.getMethod().toUpperCase(Locale.ROOT), headers, query(request), body, source, patience);
    }

    /**
     * Returns the body, which has to arrive in time: a sender that sends a byte now and then would hold its connection
     * for ever.
     */
    private Body body(Request request, BodyReader.BodyRead reading, int limit)
            throws IOException, BodyReader.TooLargeException, BodyReader.NoRoomException {
        if (request.getLength() == 0) {
            return Body.NONE; // as for most hooks: no wait and no buffer
        }
        var late = new TimeoutException();
        var alarm = request.getComponents()
                .getScheduler()
                .schedule(() -> request.fail(late), bodyDeadline.toMillis(), TimeUnit.MILLISECONDS);
        try {
            InputStream in = Content.Source.asInputStream(request);
            try {
                if (request.getLength() > limit) {
                    throw new BodyReader.TooLargeException();
                }
                return reading.read(in, limit);
            } catch (BodyReader.TooLargeException | BodyReader.NoRoomException e) {
                drain(request, in);
                throw e;
            }
        } finally {
            alarm.cancel();
        }
    }

    /**
     * Reads the rest of the body, up to a limit: if the connection ended before that, the answer could be lost (RFC
     * 9112, 9.6). Reads nothing from a sender that waits for permission to send (RFC 9110, 10.1.1).
     */
    private static void drain(Request request, InputStream in) throws IOException {
        if (request.getHeaders().contains(HttpHeader.EXPECT)) {
            return;
        }
        byte[] scrap = new byte[8 * 1024];
        int left = DRAINED;
        for (int read = in.read(scrap); read >= 0 && left > 0; read = in.read(scrap)) {
            left -= read;
        }
    }

    private void tell(Response response, Callback callback, InetAddress source, HookAnswer accepted, HookAnswer told) {
        told.headers().forEach((name, value) -> response.getHeaders().put(name, value));
        String recipe = accepted.recipe().orElse("-");
        Optional<String> reason = told.why().or(accepted::why);
        String why = reason.orElseGet(() -> said(told.data()));
        if (reason.isPresent() || told.data().containsKey("error")) {
            callers.refused(source, recipe, told.status(), why);
        } else {
            LOG.info("{} recipe={} from={} hook answered: {}", why, recipe, source.getHostAddress(), told.status());
        }
        traffic.hookAnswered(accepted.recipe().orElse(""), told.status());
        Answers.write(response, callback, told.status(), JSON, Json.bytes(told.data()));
    }

    private static void gone(Callback callback, InetAddress source, HookAnswer accepted) {
        LOG.info(
                "{} recipe={} from={} hook accepted: the sender disconnected before the outcome",
                said(accepted.data()),
                accepted.recipe().orElse("-"),
                source.getHostAddress());
        callback.failed(new EofException("the sender has disconnected"));
    }

    private static String said(Map<String, ?> document) {
        Object run = document.get("run");
        return run == null ? String.valueOf(document.get("error")) : "run=" + run;
    }

    void refuse(Response response, Callback callback, int status, String why) {
        callers.refused(response.getRequest(), status, why);
        write(response, callback, status, why);
    }

    private void write(Response response, Callback callback, int status, String why) {
        traffic.hookAnswered("", status);
        if (status == HttpStatus.SERVICE_UNAVAILABLE_503) { // also for Jetty's own, while the daemon stops
            later(response);
        }
        Answers.write(response, callback, status, JSON, Json.bytes(Map.of("error", why)));
    }
}
