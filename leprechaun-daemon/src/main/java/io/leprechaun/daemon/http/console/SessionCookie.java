package io.leprechaun.daemon.http.console;

import io.leprechaun.daemon.settings.ConsoleSettings;
import io.leprechaun.daemon.token.Secrets;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/**
 * The cookie that holds the secret of a session. Where browsers use TLS, its name keeps them from accepting one of
 * another host or without TLS. On a loopback address the name holds the port, because cookies ignore ports. Immutable.
 */
public record SessionCookie(ConsoleSettings settings) {
    private static final String NAME = "leprechaun";
    /** The number of cookies of one name that are looked at. */
    private static final int MOST = 8;

    /** Returns the name for a request. */
    public String name(Request request) {
        if (settings.isSecure()) {
            return (settings.prefix().isEmpty() ? "__Host-" : "__Secure-") + NAME;
        }
        return request.getConnectionMetaData().getLocalSocketAddress() instanceof InetSocketAddress here
                ? NAME + "-" + here.getPort()
                : NAME;
    }

    /**
     * Returns the secrets that a browser sent. There may be several: a server at another port can set a cookie of the
     * same name.
     */
    public List<String> secrets(Request request) {
        String begin = name(request) + "=";
        return request.getHeaders().getValuesList(HttpHeader.COOKIE).stream()
                .flatMap(field -> Stream.of(field.split(";", -1))) // a quote in another cookie has no meaning
                .map(String::strip)
                .filter(cookie -> cookie.startsWith(begin))
                .map(cookie -> cookie.substring(begin.length()))
                .limit(MOST)
                .toList();
    }

    /** Returns the header by which a browser keeps a secret. */
    public String set(Request request, String secret, Duration life) {
        return field(request, secret, life.toSeconds());
    }

    /** Returns the header by which a browser forgets the secret. */
    public String clear(Request request) {
        return field(request, "", 0);
    }

    private String field(Request request, String value, long seconds) {
        String path = settings.prefix().isEmpty() ? "/" : settings.prefix();
        return name(request) + "=" + value + "; Path=" + path + "; Max-Age=" + seconds + "; HttpOnly; SameSite=Strict"
                + (settings.isSecure() ? "; Secure" : "");
    }

    /** Returns the text that a page must send with each change of a session. No other page can read it. */
    public static String csrf(String secret) {
        return Secrets.hash("csrf of " + secret);
    }
}
