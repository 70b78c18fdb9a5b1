package io.leprechaun.daemon.http;

import io.leprechaun.api.Caller;
import io.leprechaun.api.ExitCode;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.daemon.audit.ChangeLog;
import io.leprechaun.daemon.http.console.Activity;
import io.leprechaun.daemon.http.console.Pages;
import io.leprechaun.daemon.http.console.SessionCookie;
import io.leprechaun.daemon.http.port.Connections;
import io.leprechaun.daemon.http.port.Senders;
import io.leprechaun.daemon.session.Grant;
import io.leprechaun.daemon.session.Sessions;
import io.leprechaun.daemon.token.Token;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The handler before that of the API: it logs users in and out, and sends browsers without a session to the login.
 * Other requests are passed on.
 */
final class ConsoleHandler extends Handler.Wrapper {
    private static final Logger LOG = LoggerFactory.getLogger(ConsoleHandler.class);
    /** The form of a path of our own: another host would begin with two slashes. */
    private static final Pattern LOCAL = Pattern.compile("/(?:[!-\\[\\]-~&&[^/]][!-\\[\\]-~]*)?");

    private static final String LOGIN = "/login";
    private static final String NO_LONGER =
            "This link or code is not valid: it was used, or is older than a minute. Use a new one.";

    private final Parts parts;
    private final Pages pages;
    private final SessionCookie cookie;
    private final ArgumentsBody bodies = new ArgumentsBody();

    /**
     * The parts of the handler.
     *
     * @param api the settings of the port, and its callers
     */
    record Parts(
            TcpApi.ApiParts api,
            HostNames names,
            Senders senders,
            Activity activity,
            TcpEntrance entrance,
            SessionEntrance sessions,
            Connections connections) {}

    ConsoleHandler(Handler next, Parts parts) {
        super(next);
        this.parts = parts;
        this.pages = new Pages(parts.api().settings().prefix());
        this.cookie = new SessionCookie(parts.api().settings());
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        String path = Answers.withoutSlash(Request.getPathInContext(request));
        boolean reads = request.getMethod().equals("GET") || Answers.isHead(request);
        boolean own = path.equals("/") || path.equals(LOGIN) || path.equals("/login.js") || path.equals("/logout");
        boolean lost = reads
                && !path.equals(LOGIN)
                && wantsPage(request)
                && !parts.sessions().isKnown(request);
        if (!own && !lost) {
            return super.handle(request, response, callback);
        }
        parts.connections().begins(request);
        try {
            parts.entrance().requireHost(request);
            if (lost) {
                withoutSession(request, response, callback);
            } else {
                answer(request, response, callback, path, reads);
            }
        } catch (ProblemException e) {
            Answers.problem(request, response, callback, e.problem());
        } catch (IOException e) {
            callback.failed(e); // the caller has disconnected
        } catch (RuntimeException e) { // whatever happens, the caller gets an answer
            LOG.error("request={} failed: internal error", path, e);
            Answers.problem(request, response, callback, Problem.defect("internal error: see the daemon's log"));
        }
        return true;
    }

    private static boolean wantsPage(Request request) {
        String accept = request.getHeaders().get(HttpHeader.ACCEPT);
        return accept != null
                && accept.contains("text/html")
                && !request.getHeaders().contains(HttpHeader.AUTHORIZATION);
    }

    /**
     * Answers a browser that shows no session. It does not send the cookie with a link of another site, so it is asked
     * once more from here.
     */
    private void withoutSession(Request request, Response response, Callback callback) {
        String here = request.getHttpURI().getPathQuery();
        boolean bounced = !parts.sessions().isNamedBy(request)
                && "cross-site".equals(request.getHeaders().get(Page.FETCHED_FOR))
                && "navigate".equals(request.getHeaders().get("Sec-Fetch-Mode"))
                && LOCAL.matcher(here).matches();
        if (bounced) {
            Answers.write(response, callback, HttpStatus.OK_200, Pages.TYPE, pages.bounce(here));
            return;
        }
        String next = LOCAL.matcher(here).matches() && !here.equals("/")
                ? "?next=" + URLEncoder.encode(here, StandardCharsets.UTF_8)
                : "";
        redirect(response, callback, LOGIN + next);
    }

    private void redirect(Response response, Callback callback, String path) {
        response.getHeaders().put(HttpHeader.LOCATION, parts.api().settings().prefix() + path);
        Answers.write(response, callback, HttpStatus.SEE_OTHER_303, "text/plain", new byte[0]);
    }

    private void answer(Request request, Response response, Callback callback, String path, boolean reads)
            throws IOException {
        boolean posts = request.getMethod().equals("POST");
        if (posts && path.equals(LOGIN)) {
            login(request, response, callback);
        } else if (posts && path.equals("/logout")) {
            logout(request, response, callback);
        } else if (reads && path.equals("/")) {
            home(request, response, callback);
        } else if (reads && path.equals(LOGIN)) {
            String query = request.getHttpURI().getQuery();
            String next = next(query == null ? "" : query);
            Answers.write(response, callback, HttpStatus.OK_200, Pages.TYPE, pages.login(next, ""));
        } else if (reads && path.equals("/login.js")) {
            Answers.write(response, callback, HttpStatus.OK_200, "text/javascript", Pages.script());
        } else {
            String allowed = path.equals("/logout") ? "POST" : path.equals(LOGIN) ? "GET, HEAD, POST" : "GET, HEAD";
            response.getHeaders().put(HttpHeader.ALLOW, allowed);
            throw new ProblemException(new Problem(
                    405, "Method not allowed", "invalid method for " + path + ": use " + allowed, ExitCode.USAGE));
        }
    }

    private static String next(String parameters) {
        return SessionEntrance.field(parameters, "next")
                .filter(path -> LOCAL.matcher(path).matches())
                .orElse("/");
    }

    private void home(Request request, Response response, Callback callback) {
        Caller caller = parts.entrance().caller(request, "/");
        String csrf = SessionEntrance.session(request)
                .map(_ -> SessionCookie.csrf(SessionEntrance.secret(request)))
                .orElse("");
        byte[] page =
                pages.home(parts.api().host(), parts.api().version(), caller.user(), Token.word(caller.most()), csrf);
        Answers.write(response, callback, HttpStatus.OK_200, Pages.TYPE, page);
    }

    private void login(Request request, Response response, Callback callback) throws IOException {
        if (Page.asks(request) && !parts.names().isOwnPage(request)) {
            throw TcpEntrance.refused(
                    parts.senders(),
                    request,
                    "login from another page",
                    Problem.notPermitted("only the page of the login may log in: open " + LOGIN));
        }
        String form = bodies.form(request);
        Optional<String> secret = SessionEntrance.field(form, "secret").filter(text -> !text.isEmpty());
        var links = parts.api().callers().links();
        Optional<Grant> grant = secret.isPresent()
                ? links.redeemLink(secret.get())
                : SessionEntrance.field(form, "code").flatMap(links::redeemCode);
        if (grant.isEmpty()) {
            parts.senders().refused(TcpEntrance.source(request), "login refused: invalid link or code");
            byte[] page = pages.login(next(form), NO_LONGER);
            Answers.write(response, callback, HttpStatus.FORBIDDEN_403, Pages.TYPE, page);
            return;
        }
        Sessions.Begun begun = begin(request, grant.get());
        parts.activity().renew();
        var session = begun.session();
        LOG.info(
                "command=login {} session={} role={} from={} {}",
                CommandPairs.requester(session.user()),
                session.id(),
                Token.word(session.access()),
                session.from(),
                "peer=\"" + session.peer() + "\"");
        changes()
                .add(
                        session.user(),
                        parts.sessions().way(request),
                        "login",
                        List.of(
                                "--" + session.way(),
                                "--role=" + Token.word(session.access()),
                                "--session=" + session.id(),
                                "--from=" + session.from()),
                        ExitCode.OK.number(),
                        Optional.empty());
        response.getHeaders()
                .put(
                        HttpHeader.SET_COOKIE,
                        cookie.set(request, begun.secret(), grant.get().life()));
        redirect(response, callback, next(form));
    }

    private Sessions.Begun begin(Request request, Grant grant) {
        boolean listed = parts.api()
                .callers()
                .authority()
                .most(grant.by(), false)
                .filter(role -> role.compareTo(grant.access()) >= 0)
                .isPresent();
        String from = TcpEntrance.source(request).getHostAddress();
        try {
            return parts.api()
                    .callers()
                    .sessions()
                    .begin(grant, listed, from, parts.sessions().peerOfNew(request))
                    .orElseThrow(() -> new ProblemException(new Problem(
                            503,
                            "Too many sessions",
                            "there are too many sessions: end some with `leprechaun console end`",
                            ExitCode.REFUSED)));
        } catch (IOException e) {
            throw notStored(e);
        }
    }

    private void logout(Request request, Response response, Callback callback) throws IOException {
        if (parts.sessions().isKnown(request)) {
            parts.sessions().caller(request, "/logout");
            parts.sessions().requireIntent(request, bodies.form(request));
            var session = SessionEntrance.session(request).orElseThrow();
            try {
                parts.api().callers().sessions().end(other -> other.id().equals(session.id()));
            } catch (IOException e) {
                throw notStored(e);
            }
            changes()
                    .add(
                            session.user(),
                            parts.sessions().way(request),
                            "logout",
                            List.of("--session=" + session.id()),
                            ExitCode.OK.number(),
                            Optional.empty());
        }
        response.getHeaders().put(HttpHeader.SET_COOKIE, cookie.clear(request));
        redirect(response, callback, LOGIN);
    }

    private static ProblemException notStored(IOException e) {
        return new ProblemException(new Problem(
                503, "Not stored", "cannot store the sessions (" + e.getMessage() + "): try again", ExitCode.REFUSED));
    }

    private ChangeLog changes() {
        return parts.api().changes();
    }
}
