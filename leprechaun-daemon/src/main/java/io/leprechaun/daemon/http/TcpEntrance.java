package io.leprechaun.daemon.http;

import io.leprechaun.api.Caller;
import io.leprechaun.api.ExitCode;
import io.leprechaun.api.Handler;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.Reply;
import io.leprechaun.api.text.Printable;
import io.leprechaun.daemon.http.console.Activity;
import io.leprechaun.daemon.http.console.AnswerMemory;
import io.leprechaun.daemon.http.port.Connections;
import io.leprechaun.daemon.http.port.Senders;
import io.leprechaun.daemon.token.Secrets;
import io.leprechaun.daemon.units.LogValue;
import java.net.InetAddress;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/**
 * The ways over TCP: by a token, or by the cookie of a session. First the host is compared. Refusals are logged.
 * Thread-safe.
 */
final class TcpEntrance implements Entrance {
    /** The header, and the form field, with the key of a change that may be sent twice. */
    private static final String KEY = "Idempotency-Key";

    private static final String KEY_FIELD = "idempotency_key";

    private final HostNames names;
    private final Senders senders;
    private final Activity activity;
    private final TokenEntrance tokens;
    private final SessionEntrance sessions;
    private final AnswerMemory answers = new AnswerMemory(System::nanoTime);

    /** @param activity the use of the port, notified of each request that is admitted */
    TcpEntrance(HostNames names, Senders senders, Activity activity, TokenEntrance tokens, SessionEntrance sessions) {
        this.names = names;
        this.senders = senders;
        this.activity = activity;
        this.tokens = tokens;
        this.sessions = sessions;
    }

    @Override
    public Caller caller(Request request, String path) {
        requireHost(request);
        Caller caller = of(request).caller(request, path);
        activity.begins(request);
        return caller;
    }

    /** @throws ProblemException when the request names another host */
    void requireHost(Request request) {
        if (names.admits(request)) {
            return;
        }
        String named =
                LogValue.of(Printable.of(String.valueOf(request.getHttpURI().getAuthority())));
        throw refused(
                senders,
                request,
                "host " + named,
                new Problem(
                        421,
                        "Misdirected request",
                        "this daemon is not " + named
                                + ": use the address that it listens on, or set `console: url` to the name",
                        ExitCode.NOT_PERMITTED));
    }

    /** Returns the way of a request. A token counts more than a cookie, which a browser adds by itself. */
    private Entrance of(Request request) {
        return !request.getHeaders().contains(HttpHeader.AUTHORIZATION) && sessions.isNamedBy(request)
                ? sessions
                : tokens;
    }

    static ProblemException refused(Senders senders, Request request, String why, Problem problem) {
        senders.refused(source(request), "request refused: " + problem.status() + ", " + why);
        return new ProblemException(problem);
    }

    /** Returns the address of the connection's other end. */
    static InetAddress source(Request request) {
        var endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
        return Senders.source(Connections.network(endPoint)).orElseGet(InetAddress::getLoopbackAddress);
    }

    @Override
    public ProblemException denied(Request request, Caller caller, Handler handler, String path) {
        return of(request).denied(request, caller, handler, path);
    }

    @Override
    public String way(Request request) {
        return of(request).way(request);
    }

    @Override
    public boolean admits(Request request) {
        return of(request).admits(request);
    }

    @Override
    public OptionalInt mostOfOne() {
        return tokens.mostOfOne();
    }

    @Override
    public void requireIntent(Request request, String form) {
        of(request).requireIntent(request, form);
    }

    @Override
    public void requireOwnReader(Request request) {
        of(request).requireOwnReader(request);
    }

    @Override
    public Reply once(Request request, String parameters, String form, Supplier<Reply> change) {
        Optional<String> key =
                Optional.ofNullable(request.getHeaders().get(KEY)).or(() -> SessionEntrance.field(form, KEY_FIELD));
        Optional<String> holder = SessionEntrance.session(request)
                .map(session -> "session:" + session.id())
                .or(() -> TokenEntrance.holder(request));
        if (key.isEmpty() || holder.isEmpty()) {
            return change.get();
        }
        String same = Secrets.hash(Request.getPathInContext(request) + "?" + parameters);
        return answers.once(holder.get(), key.get(), same, change);
    }
}
