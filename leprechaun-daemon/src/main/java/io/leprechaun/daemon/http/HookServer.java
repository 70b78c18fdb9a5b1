package io.leprechaun.daemon.http;

import io.leprechaun.daemon.agent.server.HookAnswer;
import io.leprechaun.daemon.agent.server.HookListener;
import io.leprechaun.daemon.agent.server.HookRequest;
import io.leprechaun.daemon.config.Address;
import io.leprechaun.daemon.config.Durations;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The listener for hooks: {@code /hook}, {@code /hook/ID} and {@code /ping}, and nothing else. */
public final class HookServer implements HookListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HookServer.class);
    /** The largest body, in bytes. */
    static final int BODY_LIMIT = 1024 * 1024;

    /** What the bodies of all hooks that are being taken may occupy together, in KiB: the heap must hold them, each about twice. */
    private static final int BODIES_AT_ONCE = 16 * 1024;

    /** So much of what is too large is still taken, in bytes, and thrown away. */
    private static final int DRAINED = 4 * BODY_LIMIT;

    /** How long a hook waits for its share of that, in seconds, before it is told to come again. */
    private static final int BODY_PATIENCE = 10;

    private static final Duration LONGEST_WAIT = Duration.ofHours(1);
    private static final long IDLE_MILLIS = 30_000;
    private static final long STOP_MILLIS = 5_000;
    private static final String JSON = "application/json";
    private static final String TEXT = "text/plain; charset=utf-8";

    private final Address address;
    private final Server server = new Server(JettyThreads.open("hooks"));

    /** A listener that does not listen yet. */
    public HookServer(Address address) {
        this.address = address;
    }

    @Override
    public void listen(Function<HookRequest, HookAnswer> answer) throws IOException {
        var connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(ApiServer.configuration()));
        connector.setHost(address.host());
        connector.setPort(address.port());
        connector.setIdleTimeout(IDLE_MILLIS);
        connector.setAcceptQueueSize(1024);
        server.addConnector(connector);
        server.setHandler(new GracefulHandler(new Hooks(answer)));
        server.setErrorHandler((request, response, callback) -> { // what Jetty refuses by itself
            int status = Math.max(response.getStatus(), HttpStatus.BAD_REQUEST_400);
            Hooks.refuse(response, callback, status, HttpStatus.getMessage(status));
            return true;
        });
        server.setStopTimeout(STOP_MILLIS);
        try {
            server.start();
        } catch (Exception e) { // what Jetty declares
            throw new IOException(
                    "cannot listen for hooks on " + address + " (" + e.getMessage()
                            + "): end what uses the port, or set agents: server: listen: to another",
                    e);
        }
        LOG.info("hooks are taken on {}:{}", address.host(), connector.getLocalPort());
    }

    @Override
    public void close() throws IOException {
        try {
            server.stop();
        } catch (Exception e) { // what Jetty declares
            throw new IOException("the hook listener did not stop", e);
        }
    }

    private static final class Hooks extends Handler.Abstract {
        private final Function<HookRequest, HookAnswer> answer;
        /** Not fair: what is small must not queue behind what is large. */
        private final Semaphore room = new Semaphore(BODIES_AT_ONCE);

        Hooks(Function<HookRequest, HookAnswer> answer) {
            this.answer = answer;
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            try {
                route(request, response, callback);
            } catch (IOException e) {
                callback.failed(e); // the sender has gone
            } catch (RuntimeException e) { // whatever is wrong, the sender gets an answer, and hears nothing of us
                LOG.error("a hook from {} failed by a defect", Request.getRemoteAddr(request), e);
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
            String id = path.startsWith("/hook/") ? path.substring("/hook/".length()) : query.getValue("id");
            Optional<Duration> patience;
            try {
                patience = Optional.ofNullable(query.getValue("wait")).map(Durations::parse);
            } catch (IllegalArgumentException e) {
                refuse(response, callback, 400, "wait: " + e.getMessage());
                return;
            }
            if (patience.filter(Duration::isNegative).isPresent()) {
                refuse(response, callback, 400, "wait: nobody can wait for less than no time");
                return;
            }
            if (request.getLength() > BODY_LIMIT) {
                tooLarge(request, response, callback);
                return;
            }
            int share = share(request);
            if (!taken(share)) {
                response.getHeaders().put(HttpHeader.RETRY_AFTER, BODY_PATIENCE);
                refuse(response, callback, 503, "too many large bodies at once: try again");
                return;
            }
            try {
                byte[] body = Content.Source.asInputStream(request).readNBytes(BODY_LIMIT + 1);
                if (body.length > BODY_LIMIT) {
                    tooLarge(request, response, callback);
                    return;
                }
                tell(
                        request,
                        response,
                        callback,
                        new HookRequest(
                                Optional.ofNullable(id).filter(given -> !given.isEmpty()),
                                body,
                                Request.getRemoteAddr(request),
                                patience.map(asked -> asked.compareTo(LONGEST_WAIT) < 0 ? asked : LONGEST_WAIT)));
            } finally {
                room.release(share);
            }
        }

        /** How much room a body may need, in KiB: none for a request without one, the limit where it does not say. */
        private static int share(Request request) {
            boolean unsaid = request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING);
            long length = unsaid ? BODY_LIMIT : Math.max(0, request.getLength());
            return Math.toIntExact((length + 1023) / 1024);
        }

        private boolean taken(int share) {
            try {
                return room.tryAcquire(share, BODY_PATIENCE, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }

        private void tell(Request request, Response response, Callback callback, HookRequest hook) {
            var told = answer.apply(hook);
            told.retryAfter().ifPresent(seconds -> response.getHeaders().put(HttpHeader.RETRY_AFTER, seconds));
            LOG.info(
                    "hook from {}: {}, run {}",
                    Request.getRemoteAddr(request),
                    told.status(),
                    told.data().get("run"));
            Answers.write(response, callback, told.status(), JSON, Json.bytes(told.data()));
        }

        private static void tooLarge(Request request, Response response, Callback callback) throws IOException {
            drain(request);
            refuse(response, callback, 413, "the body is larger than " + BODY_LIMIT + " bytes");
        }

        /** Takes what the sender has not sent yet, up to a measure: a connection that ends before that may take the answer along (RFC 9112, 9.6). */
        private static void drain(Request request) throws IOException {
            InputStream in = Content.Source.asInputStream(request);
            byte[] scrap = new byte[8 * 1024];
            int left = DRAINED;
            for (int read = in.read(scrap); read >= 0 && left > 0; read = in.read(scrap)) {
                left -= read;
            }
        }

        private static void refuse(Response response, Callback callback, int status, String why) {
            Answers.write(response, callback, status, JSON, Json.bytes(Map.of("error", why)));
        }
    }
}
