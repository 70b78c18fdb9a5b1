package io.leprechaun.daemon.http.port;

import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.io.ssl.SslHandshakeListener;

/** The log of connections on which the TLS handshake fails, among the refusals of their source. Thread-safe. */
final class Handshakes implements SslHandshakeListener {
    /** Java's words for the alerts of a peer that rejects our certificate (RFC 8446, 6.2). */
    private static final Pattern UNTRUSTED =
            Pattern.compile("(?i)alert: ((?:bad|unsupported)_certificate|certificate_[a-z]+|unknown_ca)");

    private final Senders senders;

    Handshakes(Senders senders) {
        this.senders = senders;
    }

    @Override
    public void handshakeFailed(Event event, Throwable failure) {
        var network = Connections.network(event.getEndPoint());
        if (Connections.bytes(network) > 0) { // else it is a port scan
            Throwable root = failure;
            while (root.getCause() != null) {
                root = root.getCause();
            }
            senders.withoutTls(network, reason(Objects.requireNonNullElse(root.getMessage(), "connection closed")));
        }
    }

    private static String reason(String failure) {
        Matcher untrusted = UNTRUSTED.matcher(failure);
        if (untrusted.find()) {
            return "the sender does not trust the certificate of this port (" + untrusted.group(1) + ")";
        }
        return failure.toLowerCase(Locale.ROOT).contains("unrecognized ssl message")
                ? "the sender does not use TLS: use https:// in its address"
                : failure;
    }
}
