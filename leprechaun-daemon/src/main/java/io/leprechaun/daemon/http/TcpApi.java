package io.leprechaun.daemon.http;

import io.leprechaun.api.Access;
import io.leprechaun.api.Call;
import io.leprechaun.api.Caller;
import io.leprechaun.api.ExitCode;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.daemon.http.port.BoundedHeads;
import io.leprechaun.daemon.http.port.TcpPort;
import io.leprechaun.daemon.settings.ConsoleSettings;
import io.leprechaun.daemon.token.Tokens;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.internal.ResponseHttpFields;
import org.eclipse.jetty.util.Callback;

/** The API over TCP, for callers with a token. */
public final class TcpApi implements AutoCloseable {
    private static final Duration SENDER_DEADLINE = Duration.ofSeconds(20);
    private static final int CONNECTIONS = 256;
    private static final int PER_SOURCE = 128;
    private static final String HEALTH = "/health";

    /** The fields of every answer: a browser that reads one runs nothing in it, and gives nothing of it away. */
    private static final Map<String, String> FIELDS = Map.of(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
                    + " form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
            "Referrer-Policy",
            "same-origin",
            "Cross-Origin-Opener-Policy",
            "same-origin",
            "Cross-Origin-Resource-Policy",
            "same-origin",
            "Permissions-Policy",
            "");

    private final TcpPort port;

    private TcpApi(TcpPort port) {
        this.port = port;
    }

    /**
     * Begins to listen.
     *
     * @throws IOException if it cannot listen; the message names the address, the reason and the remedy
     */
    public static TcpApi open(ConsoleSettings settings, Router router, Tokens tokens) throws IOException {
        var port = new TcpPort(new TcpPort.PortSettings(
                "API calls",
                settings.listen(),
                "console: listen",
                settings.tls(),
                CONNECTIONS,
                PER_SOURCE,
                "",
                SENDER_DEADLINE));
        var entrance = new TokenEntrance(tokens, new HostNames(settings), port.senders());
        try {
            port.listen(
                    connections -> new Front(new ApiHandler(router, entrance, connections), router), TcpApi::refuse);
        } catch (IOException | RuntimeException e) {
            port.close();
            throw e;
        }
        return new TcpApi(port);
    }

    /** Answers a request that Jetty itself refuses. */
    private static boolean refuse(Request request, Response response, Callback callback) {
        int status = Math.max(response.getStatus(), HttpStatus.BAD_REQUEST_400);
        String why = BoundedHeads.reason(request, status).orElseGet(() -> HttpStatus.getMessage(status));
        guard(response);
        Answers.problem(
                request, response, callback, new Problem(status, HttpStatus.getMessage(status), why, ExitCode.USAGE));
        return true;
    }

    /** Adds the fields of every answer, which stay when another answer takes the place of the first. */
    private static void guard(Response response) {
        FIELDS.forEach((name, value) ->
                response.getHeaders().put(new ResponseHttpFields.PersistentHttpField(new HttpField(name, value))));
    }

    /** The handler before the others: it answers {@code /health} without a token by its status alone. */
    private static final class Front extends Handler.Wrapper {
        private final Router router;

        Front(Handler next, Router router) {
            super(next);
            this.router = router;
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            guard(response);
            boolean reads = request.getMethod().equals("GET") || Answers.isHead(request);
            if (reads
                    && Answers.withoutSlash(Request.getPathInContext(request)).equals(HEALTH)
                    && !request.getHeaders().contains(HttpHeader.AUTHORIZATION)) {
                Answers.write(response, callback, health(), "text/plain", new byte[0]);
                return true;
            }
            return super.handle(request, response, callback);
        }

        private int health() {
            try {
                var resource = Resource.of(HEALTH, null).orElseThrow();
                var caller = new Caller("unknown", Access.READ);
                var unused = router.find(resource.path())
                        .orElseThrow()
                        .answer()
                        .apply(new Call(resource.arguments(), caller));
                return HttpStatus.OK_200;
            } catch (ProblemException e) {
                return e.problem().status();
            }
        }
    }

    /** Stops listening, and lets current requests finish within five seconds. */
    @Override
    public void close() throws IOException {
        port.close();
    }
}
