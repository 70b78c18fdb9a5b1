package io.leprechaun.daemon.settings;

import io.leprechaun.daemon.units.Address;
import java.net.URI;
import java.util.Optional;

/**
 * The settings of the console and of the API over TCP.
 *
 * @param tls the files of TLS; empty: unencrypted
 * @param url the address under which callers reach it, where that is another one than {@code listen}
 */
public record ConsoleSettings(Open open, Address listen, Optional<TlsFiles> tls, Optional<URI> url) {
    /** The default settings. */
    public static final ConsoleSettings DEFAULTS =
            new ConsoleSettings(Open.ASKED, new Address("127.0.0.1", 11_401), Optional.empty(), Optional.empty());

    /** The times at which the daemon listens. */
    public enum Open {
        /** From {@code leprechaun console} on, until no request has come for a time. */
        ASKED,
        /** As long as the daemon runs. */
        ALWAYS,
        /** Never. */
        OFF
    }

    /** Returns the path under which a proxy offers the console, without a slash at its end; empty: none. */
    public String prefix() {
        return url.map(URI::getRawPath)
                .map(path -> path.replaceFirst("/+$", ""))
                .orElse("");
    }

    /** Returns whether browsers reach it over TLS, by the daemon's own or by that of a proxy. */
    public boolean isSecure() {
        return url.map(known -> known.getScheme().equals("https")).orElse(tls.isPresent());
    }
}
