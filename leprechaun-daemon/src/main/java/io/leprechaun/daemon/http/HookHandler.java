package io.leprechaun.daemon.http;

import io.leprechaun.daemon.agent.server.HookAnswer;
import io.leprechaun.daemon.agent.server.HookListener.HookDesk;
import io.leprechaun.daemon.agent.server.HookRequest;
import io.leprechaun.daemon.config.Durations;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads hooks, within limits, and writes what comes of them: {@code /hook}, {@code /hook/ID} and {@code /ping}, and nothing else. */
final class HookHandler extends Handler.Abstract {
    private static final Logger LOG = LoggerFactory.getLogger(HookHandler.class);

    /** What the bodies of all hooks that are being taken may occupy together, in KiB: the heap must hold them, each about twice. */
    private static final int BODIES_AT_ONCE = 16 * 1024;

    /** So much of what is too large is still taken, in bytes, and thrown away. */
    private static final int DRAINED = 4 * 1024 * 1024;

    /** How long a hook waits for its share of that, in seconds, before it is told to come again. */
    private static final int BODY_PATIENCE = 10;

    private static final Duration LONGEST_WAIT = Duration.ofHours(1);
    private static final String JSON = "application/json";
    private static final String TEXT = "text/plain; charset=utf-8";

    private final HookDesk desk;
    private final Callers callers;
    private final Duration bodyDeadline;
    /** Not fair: what is small must not queue behind what is large. */
    private final Semaphore room = new Semaphore(BODIES_AT_ONCE);

    /**
     * A handler.
     *
     * @param bodyDeadline how long a sender may take for its body
     */
    HookHandler(HookDesk desk, Callers callers, Duration bodyDeadline) {
        this.desk = desk;
        this.callers = callers;
        this.bodyDeadline = bodyDeadline;
    }

    /** A body that has more than it may have. */
    private static final class TooLargeException extends Exception {
        private static final long serialVersionUID = 1L;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        try {
            route(request, response, callback);
        } catch (IOException e) {
            callback.failed(e); // the sender has gone
        } catch (RuntimeException e) { // whatever is wrong, the sender gets an answer, and hears nothing of us
            LOG.error("a hook from {} failed by a defect", callers.of(request).getHostAddress(), e);
            refuse(response, callback, 500, "a defect of leprechaun: its log says more");
        }
        return true;
    }

    private void route(Request request, Response response, Callback callback) throws IOException {
        String path = Request.getPathInContext(request);
        String method = request.getMethod();
        if (path.equals("/ping") && method.equals("GET")) {
            Answers.write(response, callback, 200, TEXT, "PONG\n".getBytes(StandardCharsets.UTF_8));
        } else if (!path.equals("/hook") && !path.startsWith("/hook/")
                || path.length() > "/hook/".length() && path.indexOf('/', 6) >= 0) {
            refuse(response, callback, 404, "there is nothing here");
        } else if (!method.equals("POST") && !method.equals("GET")) {
            response.getHeaders().put(HttpHeader.ALLOW, "GET, POST");
            refuse(response, callback, 405, "a hook takes GET and POST");
        } else {
            hook(request, response, callback, path);
        }
    }

    private void hook(Request request, Response response, Callback callback, String path) throws IOException {
        Fields query;
        try {
            query = Request.extractQueryParameters(request);
        } catch (RuntimeException e) { // Jetty throws several kinds
            refuse(response, callback, 400, "the query is not percent-encoded UTF-8");
            return;
        }
        String named = path.startsWith("/hook/") ? path.substring("/hook/".length()) : query.getValue("id");
        Optional<String> id = Optional.ofNullable(named).filter(given -> !given.isEmpty());
        Optional<Duration> patience;
        try {
            patience = Optional.ofNullable(query.getValue("wait")).map(HookHandler::patience);
        } catch (IllegalArgumentException e) {
            refuse(response, callback, 400, "wait: " + e.getMessage());
            return;
        }
        int limit = desk.bodyLimit(id);
        int share = share(request, limit);
        if (!taken(share)) {
            response.getHeaders().put(HttpHeader.RETRY_AFTER, BODY_PATIENCE);
            refuse(response, callback, 503, "too many large bodies at once: try again");
            return;
        }
        try {
            byte[] body = body(request, limit);
            tell(response, callback, hook(request, id, body, patience));
        } catch (TooLargeException e) {
            refuse(response, callback, 413, "the body is larger than " + limit + " bytes");
        } catch (IOException e) {
            if (!(e.getCause() instanceof TimeoutException)) {
                throw e;
            }
            response.getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE.asString());
            refuse(response, callback, 408, "the body did not come within " + Durations.format(bodyDeadline));
        } finally {
            room.release(share);
        }
    }

    private static Duration patience(String text) {
        Duration asked = Durations.parse(text);
        if (asked.isNegative()) {
            throw new IllegalArgumentException("nobody can wait for less than no time");
        }
        return asked.compareTo(LONGEST_WAIT) < 0 ? asked : LONGEST_WAIT;
    }

    private HookRequest hook(Request request, Optional<String> id, byte[] body, Optional<Duration> patience) {
        var headers = new HashMap<String, List<String>>();
        for (HttpField field : request.getHeaders()) {
            String value = field.getValue() == null ? "" : field.getValue();
            headers.computeIfAbsent(field.getLowerCaseName(), _ -> new ArrayList<>())
                    .add(value);
        }
        String query = request.getHttpURI().getQuery();
        return new HookRequest(
                id,
                request.getMethod().toUpperCase(Locale.ROOT),
                headers,
                query == null ? "" : query,
                body,
                callers.of(request),
                patience);
    }

    /** How much room a body may need, in KiB: none for a request without one or with one that is too large anyway, the limit where it does not say. */
    private static int share(Request request, int limit) {
        boolean unsaid = request.getLength() < 0 && request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING);
        long length = unsaid ? limit : Math.max(0, request.getLength());
        return length > limit ? 0 : Math.toIntExact((length + 1023) / 1024);
    }

    private boolean taken(int share) {
        try {
            return room.tryAcquire(share, BODY_PATIENCE, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The body, which has to be there in time: a sender that sends a byte now and then would hold its connection for ever. */
    private byte[] body(Request request, int limit) throws IOException, TooLargeException {
        var late = new TimeoutException();
        var alarm = request.getComponents()
                .getScheduler()
                .schedule(() -> request.fail(late), bodyDeadline.toMillis(), TimeUnit.MILLISECONDS);
        try {
            InputStream in = Content.Source.asInputStream(request);
            byte[] body = request.getLength() > limit ? new byte[0] : in.readNBytes(limit + 1);
            if (request.getLength() > limit || body.length > limit) {
                drain(request, in);
                throw new TooLargeException();
            }
            return body;
        } finally {
            alarm.cancel();
        }
    }

    /**
     * Takes what the sender has not sent yet, up to a measure: a connection that ends before that may take the answer along (RFC 9112, 9.6). Not from one who waits to be asked for it (RFC
     * 9110, 10.1.1).
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

    private void tell(Response response, Callback callback, HookRequest hook) {
        HookAnswer told = desk.answer(hook);
        told.headers().forEach((name, value) -> response.getHeaders().put(name, value));
        LOG.info(
                "hook {} from {}: {}, {}",
                told.recipe().orElse("unknown"),
                hook.from().getHostAddress(),
                told.status(),
                told.why().orElseGet(() -> said(told.data())));
        Answers.write(response, callback, told.status(), JSON, Json.bytes(told.data()));
    }

    private static String said(Map<String, ?> document) {
        Object run = document.get("run");
        return run == null ? String.valueOf(document.get("error")) : "run " + run;
    }

    static void refuse(Response response, Callback callback, int status, String why) {
        Answers.write(response, callback, status, JSON, Json.bytes(Map.of("error", why)));
    }
}
