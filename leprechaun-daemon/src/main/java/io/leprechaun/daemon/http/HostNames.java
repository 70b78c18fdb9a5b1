package io.leprechaun.daemon.http;

import io.leprechaun.daemon.settings.ConsoleSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/**
 * The names under which callers may address the API over TCP. A page of another site whose name resolves to our address
 * (DNS rebinding) sends its own name. Immutable.
 */
record HostNames(ConsoleSettings settings) {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "::1");

    /** Returns whether a request names the console. */
    boolean admits(Request request) {
        String named = request.getHttpURI().getHost();
        if (named == null) {
            return false;
        }
        String host = bare(named);
        int written = request.getHttpURI().getPort();
        Optional<URI> url = settings.url();
        if (url.isPresent() && host.equals(bare(url.get().getHost()))) {
            boolean tls = url.get().getScheme().equals("https"); // which a proxy may end, so that the request has none
            if (port(written, tls) == port(url.get().getPort(), tls)) {
                return true;
            }
        }
        int port = port(written, request.isSecure());
        SocketAddress local = request.getConnectionMetaData().getLocalSocketAddress();
        if (!(local instanceof InetSocketAddress here) || here.getAddress() == null || port != here.getPort()) {
            return false;
        }
        String address = here.getAddress().getHostAddress().replaceFirst("%.*", "");
        return host.equals(bare(settings.listen().host()))
                || here.getAddress().isLoopbackAddress() && LOOPBACK.contains(host)
                || isSame(host, address);
    }

    /** Returns whether a page of the console sent a request: neither a program nor a page of another site. */
    boolean isOwnPage(Request request) {
        String site = request.getHeaders().get(Page.FETCHED_FOR);
        if (site != null) {
            return site.equals("same-origin");
        }
        String origin = request.getHeaders().get(HttpHeader.ORIGIN);
        return origin != null && isOwn(origin, request);
    }

    /**
     * Returns whether an origin is the one of a request, whose host was compared before, or the one of the settings.
     */
    private boolean isOwn(String origin, Request request) {
        try {
            URI given = new URI(origin);
            if (given.getScheme() == null
                    || given.getHost() == null
                    || !given.getRawPath().isEmpty()) {
                return false;
            }
            boolean tls = given.getScheme().equals("https");
            if (!tls && !given.getScheme().equals("http")) {
                return false;
            }
            String host = bare(given.getHost());
            int port = port(given.getPort(), tls);
            boolean ofUrl = settings.url()
                    .filter(url -> url.getScheme().equals(given.getScheme())
                            && host.equals(bare(url.getHost()))
                            && port == port(url.getPort(), tls))
                    .isPresent();
            String named = request.getHttpURI().getHost();
            return ofUrl
                    || named != null
                            && tls == request.isSecure()
                            && host.equals(bare(named))
                            && port == port(request.getHttpURI().getPort(), tls);
        } catch (URISyntaxException e) {
            return false;
        }
    }

    /** Returns whether a name is this address: no other site's name is an address. */
    private static boolean isSame(String host, String address) {
        return host.equals(address) || address.contains(":") && expanded(host).equals(expanded(address));
    }

    private static String expanded(String address) {
        try {
            return InetAddress.ofLiteral(address).getHostAddress();
        } catch (IllegalArgumentException e) {
            return address;
        }
    }

    private static String bare(String host) {
        String name = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        return name.toLowerCase(Locale.ROOT);
    }

    private static int port(int written, boolean secure) {
        return written > 0 ? written : secure ? 443 : 80;
    }
}
