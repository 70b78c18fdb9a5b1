package io.leprechaun.daemon.settings;

import io.leprechaun.daemon.units.Address;
import io.leprechaun.daemon.units.Network;
import io.leprechaun.daemon.yaml.MappingReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where and how hooks are taken.
 *
 * @param tls empty: unencrypted
 * @param trustedProxies who may say in {@code X-Forwarded-For} for whom they speak
 * @param connections how many may be open at once
 * @param perSource how many of them from one address
 * @param bytesAMinute how many bytes of bodies are accepted for one recipe within a minute
 */
public record HookSettings(
        Address listen,
        Optional<Tls> tls,
        List<Network> trustedProxies,
        int connections,
        int perSource,
        long bytesAMinute) {
    /** What holds unless something else is asked for. */
    public static final HookSettings DEFAULTS =
            new HookSettings(new Address("127.0.0.1", 11_400), Optional.empty(), List.of(), 1024, 512, 1 << 30);

    private static final long FEWEST_BYTES = 64 << 10;
    private static final int MOST_CONNECTIONS = 100_000;

    public HookSettings {
        trustedProxies = List.copyOf(trustedProxies);
    }

    /**
     * The files of a server's TLS, both PEM.
     *
     * @param certificate with the chain behind it
     * @param key unencrypted, PKCS #8
     */
    public record Tls(Path certificate, Path key) {}

    /** These, with what the agent's section says instead; what is wrong with it is noted. */
    HookSettings with(MappingReader fields) {
        Optional<MappingReader> limits = fields.section("limits");
        var read = new HookSettings(
                fields.read("listen", Address::parse).orElse(listen),
                fields.section("tls").flatMap(HookSettings::tls),
                fields.list("trusted_proxies", Network::parse),
                limits.flatMap(section -> section.integer("connections", 1, MOST_CONNECTIONS))
                        .orElse(connections),
                limits.flatMap(section -> section.integer("per_source", 1, MOST_CONNECTIONS))
                        .orElse(perSource),
                limits.flatMap(section -> section.size("bytes_per_minute", FEWEST_BYTES, Long.MAX_VALUE))
                        .orElse(bytesAMinute));
        limits.ifPresent(MappingReader::done);
        if (read.tls().isEmpty() && !fields.has("tls") && !read.listen().isLoopback()) {
            fields.suspect(
                    "listen",
                    "hooks from other hosts come unencrypted; add tls: { certificate: FILE, key: FILE }, or listen on"
                            + " 127.0.0.1 behind a proxy that has it");
        }
        return read;
    }

    private static Optional<Tls> tls(MappingReader fields) {
        for (String key : List.of("certificate", "key")) {
            if (!fields.has(key)) {
                fields.wrong("`" + key + "` is missing; tls needs certificate and key, both PEM files");
            }
        }
        Optional<Path> certificate = fields.path("certificate");
        Optional<Path> key = fields.path("key");
        fields.done();
        return certificate.flatMap(chain -> key.map(own -> new Tls(chain, own)));
    }
}
