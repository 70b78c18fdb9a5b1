package io.leprechaun.daemon.http;

import io.leprechaun.api.Access;
import io.leprechaun.api.Caller;
import io.leprechaun.api.ExitCode;
import io.leprechaun.api.Handler;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.text.Printable;
import io.leprechaun.daemon.http.console.SessionCookie;
import io.leprechaun.daemon.http.port.Senders;
import io.leprechaun.daemon.session.Peer;
import io.leprechaun.daemon.session.PeerUid;
import io.leprechaun.daemon.session.Session;
import io.leprechaun.daemon.session.Sessions;
import io.leprechaun.daemon.settings.ConsoleSettings;
import io.leprechaun.daemon.token.Token;
import io.leprechaun.daemon.units.LogValue;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Fields;
import org.eclipse.jetty.util.UrlEncoded;

/**
 * The way by the cookie of a session, for the pages of the console. A browser adds the cookie to every request. A
 * change must therefore come from a page of the console, with a text that only such a page can read. Thread-safe.
 */
final class SessionEntrance implements Entrance {
    /** The header, and the form field, with the text that a change needs. */
    static final String CSRF = "Leprechaun-Csrf";

    static final String CSRF_FIELD = "csrf";

    private static final String SESSION = SessionEntrance.class.getName();
    private static final String SECRET = SESSION + ".secret";
    private static final String PEER = SESSION + ".peer";
    /** The number of requests of one user at a time, so that others are answered too. */
    private static final int MOST_OF_ONE = 32;

    private final Sessions sessions;
    private final Authority authority;
    private final ConsoleSettings settings;
    private final HostNames names;
    private final Senders senders;
    private final SessionCookie cookie;
    private final PeerUid peers = new PeerUid();

    SessionEntrance(
            Sessions sessions, Authority authority, ConsoleSettings settings, HostNames names, Senders senders) {
        this.sessions = sessions;
        this.authority = authority;
        this.settings = settings;
        this.names = names;
        this.senders = senders;
        this.cookie = new SessionCookie(settings);
    }

    /** Returns whether a request has a cookie of a session, valid or not. */
    boolean isNamedBy(Request request) {
        return !cookie.secrets(request).isEmpty();
    }

    /** Returns whether a request has the cookie of a session that has not ended. */
    boolean isKnown(Request request) {
        return cookie.secrets(request).stream()
                .anyMatch(secret -> sessions.find(secret).isPresent());
    }

    @Override
    public Caller caller(Request request, String path) {
        record Found(String secret, Session session) {}
        Found found = cookie.secrets(request).stream()
                .flatMap(secret -> sessions.find(secret).map(session -> new Found(secret, session)).stream())
                .findFirst()
                .orElseThrow(() -> refused(
                        request,
                        "unknown session",
                        new Problem(
                                401,
                                "Not authorised",
                                "this session has ended: log in again with `leprechaun console`",
                                ExitCode.NOT_PERMITTED)));
        Session session = found.session();
        Peer peer = session.peer().equals(Peer.ANY) ? Peer.ANY : peer(request);
        if (!session.peer().admits(peer)) {
            throw refused(
                    request,
                    "session " + session.id() + " of " + session.peer() + ", sent by " + peer,
                    Problem.notPermitted("this session belongs to another user of this host: log in with"
                            + " `leprechaun console`"));
        }
        String site = request.getHeaders().get(Page.FETCHED_FOR);
        boolean typed = site == null ? !request.getHeaders().contains(HttpHeader.ORIGIN) : site.equals("none");
        if (!typed && !names.isOwnPage(request)) {
            throw foreign(request);
        }
        request.setAttribute(SESSION, session);
        request.setAttribute(SECRET, found.secret());
        return new Caller(
                session.user(),
                most(session)
                        .orElseThrow(() -> refused(
                                request,
                                "session " + session.id() + ": the user has no role any more",
                                Problem.notPermitted("permission denied: " + LogValue.of(session.user())
                                        + " has no role here any" + " more; " + authority.holders(Access.READ)))));
    }

    /** Returns the access of a session now: its user's role may have become less. */
    private Optional<Access> most(Session session) {
        return session.listed()
                ? authority
                        .most(session.user(), false)
                        .map(role -> role.compareTo(session.access()) < 0 ? role : session.access())
                : Optional.of(session.access());
    }

    /** Returns the user at the other end, to whom a new session is bound. */
    Peer peerOfNew(Request request) {
        return settings.isSecure() ? Peer.ANY : peer(request);
    }

    /** Returns the user at the other end of a connection, looked up once. */
    private Peer peer(Request request) {
        var connection = request.getConnectionMetaData();
        if (connection.getAttribute(PEER) instanceof Peer known) {
            return known;
        }
        Peer peer = connection.getRemoteSocketAddress() instanceof InetSocketAddress client
                        && connection.getLocalSocketAddress() instanceof InetSocketAddress server
                ? peers.of(client, server)
                : Peer.UNKNOWN;
        connection.setAttribute(PEER, peer);
        return peer;
    }

    private ProblemException foreign(Request request) {
        String site = request.getHeaders().get(Page.FETCHED_FOR);
        String came = site != null
                ? "Sec-Fetch-Site: " + site
                : Optional.ofNullable(request.getHeaders().get(HttpHeader.ORIGIN))
                        .map(origin -> "Origin: " + origin)
                        .orElse("neither Sec-Fetch-Site nor Origin");
        String shown = LogValue.of(Printable.of(came));
        return refused(
                request,
                "from another page, " + shown,
                Problem.notPermitted(
                        "only pages of the console may use its session, and this request came with " + shown
                                + ": open the console at its own address, or set `console: url` to the address in"
                                + " use"));
    }

    private ProblemException refused(Request request, String why, Problem problem) {
        return TcpEntrance.refused(senders, request, why, problem);
    }

    @Override
    public void requireIntent(Request request, String form) {
        if (!names.isOwnPage(request)) {
            throw foreign(request);
        }
        String wanted = SessionCookie.csrf(secret(request));
        Optional<String> given =
                Optional.ofNullable(request.getHeaders().get(CSRF)).or(() -> field(form, CSRF_FIELD));
        if (given.filter(text -> MessageDigest.isEqual(
                        text.getBytes(StandardCharsets.UTF_8), wanted.getBytes(StandardCharsets.UTF_8)))
                .isEmpty()) {
            throw refused(
                    request,
                    given.isEmpty() ? "no " + CSRF : "wrong " + CSRF,
                    Problem.notPermitted((given.isEmpty() ? "missing " : "wrong ") + CSRF
                            + ": reload the page, and send its text as this header or as the form field `" + CSRF_FIELD
                            + "`"));
        }
    }

    /** Returns a field of a form; empty for a form that is not valid. */
    static Optional<String> field(String form, String name) {
        var fields = new Fields();
        try {
            UrlEncoded.decodeUtf8To(form, fields);
        } catch (RuntimeException e) { // Jetty throws several kinds
            return Optional.empty();
        }
        return Optional.ofNullable(fields.getValue(name));
    }

    @Override
    public void requireOwnReader(Request request) {
        if (!names.isOwnPage(request)) {
            throw foreign(request);
        }
    }

    /** Returns the secret of an admitted request's session. */
    static String secret(Request request) {
        return String.valueOf(Objects.requireNonNull(request.getAttribute(SECRET), "an admitted request"));
    }

    /** Returns the session of an admitted request; empty: it came by another way. */
    static Optional<Session> session(Request request) {
        return Stream.ofNullable(request.getAttribute(SESSION))
                .filter(Session.class::isInstance)
                .map(Session.class::cast)
                .findFirst();
    }

    @Override
    public ProblemException denied(Request request, Caller caller, Handler handler, String path) {
        String role = Token.word(handler.access());
        return refused(
                request,
                CommandPairs.name(path, handler) + " " + CommandPairs.requester(caller.user()) + " with the role "
                        + Token.word(caller.most()),
                Problem.notPermitted("permission denied: `" + handler.command() + "` requires a session with the role "
                        + role + ", and this one has " + Token.word(caller.most()) + ": use `leprechaun console --role "
                        + role + "`"));
    }

    @Override
    public String way(Request request) {
        return "console";
    }

    @Override
    public boolean admits(Request request) {
        return session(request)
                .filter(session -> sessions.isValid(session) && most(session).isPresent())
                .isPresent();
    }

    @Override
    public OptionalInt mostOfOne() {
        return OptionalInt.of(MOST_OF_ONE);
    }
}
