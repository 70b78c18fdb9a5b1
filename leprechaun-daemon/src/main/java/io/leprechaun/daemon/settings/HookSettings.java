package io.leprechaun.daemon.settings;

import io.leprechaun.daemon.units.Address;
import io.leprechaun.daemon.units.Network;
import io.leprechaun.daemon.yaml.MappingReader;
import java.util.List;
import java.util.Optional;

/**
 * The settings for the reception of hooks.
 *
 * @param tls the files of TLS; empty: unencrypted
 * @param trustedProxies the proxies whose {@code X-Forwarded-For} names the sender
 * @param connections the number of connections that may be open at once
 * @param perSource the number of connections that may be open from one address
 * @param bytesAMinute the number of bytes of bodies are accepted for one recipe within a minute
 */
public record HookSettings(
        Address listen,
        Optional<TlsFiles> tls,
        List<Network> trustedProxies,
        int connections,
        int perSource,
        long bytesAMinute) {
    /** The default settings. */
    public static final HookSettings DEFAULTS = new HookSettings(
            new Address("127.0.0.1", 11_400),
            Optional.empty(),
            List.of(),
            AgentKeys.CONNECTIONS.usual(),
            AgentKeys.PER_SOURCE.usual(),
            AgentKeys.BYTES_PER_MINUTE.usual());

    public HookSettings {
        trustedProxies = List.copyOf(trustedProxies);
    }

    /** Returns these settings with the values of the agent's section instead. Errors are noted. */
    HookSettings with(MappingReader fields) {
        Optional<MappingReader> limits = AgentKeys.LIMITS.read(fields);
        var read = new HookSettings(
                AgentKeys.LISTEN.or(fields, listen),
                AgentKeys.TLS.read(fields).flatMap(TlsKeys::read),
                AgentKeys.TRUSTED_PROXIES.or(fields, List.of()),
                limits.flatMap(AgentKeys.CONNECTIONS::read).orElse(connections),
                limits.flatMap(AgentKeys.PER_SOURCE::read).orElse(perSource),
                limits.flatMap(AgentKeys.BYTES_PER_MINUTE::read).orElse(bytesAMinute));
        limits.ifPresent(MappingReader::done);
        if (read.tls().isEmpty() && !fields.has("tls") && !read.listen().isLoopback()) {
            fields.suspect(
                    "listen",
                    "hooks from other hosts are not encrypted; add tls: { certificate: FILE, key: FILE }, or use"
                            + " 127.0.0.1 and a proxy with TLS");
        }
        return read;
    }
}
