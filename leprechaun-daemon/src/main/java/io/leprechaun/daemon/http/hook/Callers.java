package io.leprechaun.daemon.http.hook;

import io.leprechaun.daemon.http.port.Connections;
import io.leprechaun.daemon.http.port.Senders;
import io.leprechaun.daemon.units.Network;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.server.Request;

/** The senders of hooks: their addresses, and the log of their refusals. Thread-safe. */
final class Callers {
    private static final String FORWARDED = "X-Forwarded-For";
    private static final Pattern WITH_PORT =
            Pattern.compile("\\[([0-9A-Fa-f:.]+)](?::[0-9]{1,5})?|([0-9.]+):[0-9]{1,5}");

    private final List<Network> trusted;
    private final Senders senders;

    /** @param trusted the proxies whose {@code X-Forwarded-For} names the sender */
    Callers(List<Network> trusted, Senders senders) {
        this.trusted = List.copyOf(trusted);
        this.senders = senders;
    }

    /** Logs the refusal of a request before its hook is looked up. */
    void refused(Request request, int status, String why) {
        senders.refused(of(request), "hook refused: " + status + ", " + why);
    }

    /**
     * Logs the refusal of a hook.
     *
     * @param recipe the hook's recipe, or "-" if there is none
     */
    void refused(InetAddress source, String recipe, int status, String why) {
        senders.log(source, "recipe=" + recipe + " " + Senders.from(source) + " hook answered: " + status + ", " + why);
    }

    /**
     * Returns the source of a request: the connection's peer, or the last host that a trusted proxy names and that is
     * not a trusted proxy itself.
     */
    InetAddress of(Request request) {
        var endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
        InetAddress next = Senders.source(Connections.network(endPoint)).orElseGet(InetAddress::getLoopbackAddress);
        List<String> named = request.getHeaders().getCSV(FORWARDED, false);
        for (String name : named.reversed()) {
            if (!Network.anyContains(trusted, next)) {
                break;
            }
            Optional<InetAddress> before = literal(name);
            if (before.isEmpty()) {
                break;
            }
            next = before.get();
        }
        return next;
    }

    /**
     * Returns the address in an entry, with or without a port: {@code 203.0.113.7:49152}, {@code [2001:db8::1]:443}.
     */
    private static Optional<InetAddress> literal(String entry) {
        Matcher beside = WITH_PORT.matcher(entry);
        String text = beside.matches() ? beside.group(beside.group(1) == null ? 2 : 1) : entry;
        try {
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
