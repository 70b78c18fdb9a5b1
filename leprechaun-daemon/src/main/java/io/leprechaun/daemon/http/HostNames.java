package io.leprechaun.daemon.http;

import io.leprechaun.daemon.settings.ConsoleSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
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
