package io.leprechaun.daemon.http;

import io.leprechaun.api.Caller;
import io.leprechaun.api.ExitCode;
import io.leprechaun.api.Handler;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.daemon.http.port.Senders;
import io.leprechaun.daemon.token.Token;
import io.leprechaun.daemon.token.Tokens;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/**
 * The way over TCP: a token in {@code Authorization: Bearer} names the caller and its access (RFC 6750). A token in an
 * address is never read, because addresses are logged. Refusals are logged. Thread-safe.
 */
final class TokenEntrance implements Entrance {
    private static final String SCHEME = "bearer ";
    /** The text before the name of a token where a caller is named; no user's name has a colon. */
    private static final String NAME = "token:";

    private static final String TOKEN = TokenEntrance.class.getName();
    /** The number of wrong tokens from one source in a minute that are answered with 401. */
    private static final int WRONG = 10;
    /** The number of sources that are counted in a minute; the others are counted as one. */
    private static final int SOURCES = 1000;

    /** The number of requests of one token at a time, so that others are answered too. */
    private static final int MOST_OF_ONE = 32;

    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

    private final Tokens tokens;
    private final HostNames names;
    private final Senders senders;
    /** The wrong tokens of this minute by source; empty: all other sources. Guarded by itself. */
    private final Map<Optional<InetAddress>, Integer> wrong = new HashMap<>();

    private long minute = System.nanoTime();

    TokenEntrance(Tokens tokens, HostNames names, Senders senders) {
        this.tokens = tokens;
        this.names = names;
        this.senders = senders;
    }

    @Override
    public Caller caller(Request request, String path) {
        String given = request.getHeaders().get(HttpHeader.AUTHORIZATION);
        if (Page.asks(request) && (given != null || !names.isOwnPage(request))) {
            throw refused(
                    request,
                    "from a web page",
                    Problem.notPermitted("web pages may not send requests: send them from a program, without Origin and"
                            + " Sec-Fetch-Site"));
        }
        if (given == null) {
            throw unauthorised(
                    request,
                    "no token",
                    ": send `Authorization: Bearer TOKEN`; `leprechaun token new` makes one, and `leprechaun console`"
                            + " opens a session for a browser");
        }
        Token token = (given.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                        ? tokens.find(given.substring(SCHEME.length()).strip())
                        : Optional.<Token>empty())
                .orElseThrow(() -> wrong(request));
        request.setAttribute(TOKEN, token);
        return new Caller(NAME + token.name(), token.scope());
    }

    private ProblemException wrong(Request request) {
        if (isAgain(TcpEntrance.source(request))) {
            return refused(
                    request,
                    "too many invalid tokens",
                    new Problem(
                            429,
                            "Too many requests",
                            "more than " + WRONG + " invalid tokens in a minute: wait a minute, and check the token",
                            ExitCode.NOT_PERMITTED));
        }
        return unauthorised(
                request,
                "invalid token",
                ": it was revoked, has expired, or is incomplete; see `leprechaun token ls`, and make another one with"
                        + " `leprechaun token new`");
    }

    private ProblemException unauthorised(Request request, String why, String remedy) {
        return refused(request, why, new Problem(401, "Not authorised", why + remedy, ExitCode.NOT_PERMITTED));
    }

    private ProblemException refused(Request request, String why, Problem problem) {
        return TcpEntrance.refused(senders, request, why, problem);
    }

    /** Counts a wrong token. Returns whether its source has sent too many. */
    private boolean isAgain(InetAddress source) {
        synchronized (wrong) {
            if (System.nanoTime() - minute >= MINUTE) {
                minute = System.nanoTime();
                wrong.clear();
            }
            Optional<InetAddress> known = Optional.of(source);
            var counted = wrong.containsKey(known) || wrong.size() < SOURCES ? known : Optional.<InetAddress>empty();
            return wrong.merge(counted, 1, Integer::sum) > WRONG;
        }
    }

    @Override
    public ProblemException denied(Request request, Caller caller, Handler handler, String path) {
        return refused(
                request,
                CommandPairs.name(path, handler) + " " + CommandPairs.requester(caller.user()) + " with the scope "
                        + Token.word(caller.most()),
                Problem.notPermitted("permission denied: `" + handler.command() + "` requires a token with the scope "
                        + Token.word(handler.access()) + ", and this one has " + Token.word(caller.most())));
    }

    @Override
    public String way(Request request) {
        return "token";
    }

    @Override
    public boolean admits(Request request) {
        return request.getAttribute(TOKEN) instanceof Token token && tokens.isValid(token);
    }

    /** Returns the holder of the keys of an admitted request; empty: it has no token. */
    static Optional<String> holder(Request request) {
        return request.getAttribute(TOKEN) instanceof Token token
                ? Optional.of("token:" + token.id())
                : Optional.empty();
    }

    @Override
    public OptionalInt mostOfOne() {
        return OptionalInt.of(MOST_OF_ONE);
    }
}
