package io.leprechaun.daemon.settings;

import io.leprechaun.daemon.units.Address;
import java.net.URI;
import java.util.Optional;

/**
 * The settings of the API over TCP.
 *
 * @param open whether it listens
 * @param tls the files of TLS; empty: unencrypted
 * @param url the address under which callers reach it, where that is another one than {@code listen}
 */
public record ConsoleSettings(boolean open, Address listen, Optional<TlsFiles> tls, Optional<URI> url) {
    /** The default settings. */
    public static final ConsoleSettings DEFAULTS =
            new ConsoleSettings(false, new Address("127.0.0.1", 11_401), Optional.empty(), Optional.empty());
}
