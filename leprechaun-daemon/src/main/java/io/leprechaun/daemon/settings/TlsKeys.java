package io.leprechaun.daemon.settings;

import io.leprechaun.daemon.keys.Key;
import io.leprechaun.daemon.keys.KeyTable;
import io.leprechaun.daemon.keys.Types;
import io.leprechaun.daemon.yaml.MappingReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The keys of {@code tls}, and the conversion of their values into {@link TlsFiles}. */
final class TlsKeys {
    private static final KeyTable<TlsFiles> FILES = new KeyTable<>();
    private static final Key<Path> CERTIFICATE = FILES.add(Key.of("certificate", Types.path())
            .says("A PEM file: the certificate with its chain.")
            .example("/etc/leprechaun/host.pem"));
    private static final Key<Path> PRIVATE_KEY = FILES.add(Key.of("key", Types.path())
            .says("A PEM file: the key in PKCS #8, unencrypted.")
            .example("/etc/leprechaun/host.key"));

    private TlsKeys() {}

    /** Returns the key of the section. */
    static Key<MappingReader> section() {
        return Key.of(
                        "tls",
                        Types.section(
                                "{\"type\": \"object\", \"properties\": \"@\", \"required\": [\"certificate\","
                                        + " \"key\"], \"additionalProperties\": false}",
                                () -> FILES))
                .says("The certificate of the host and its key; read again when the files change.")
                .unless("no TLS");
    }

    /** Reads a section. Errors are noted. */
    static Optional<TlsFiles> read(MappingReader fields) {
        for (String key : List.of("certificate", "key")) {
            if (!fields.has(key)) {
                fields.wrong("`" + key + "` is missing; use certificate and key, both PEM files");
            }
        }
        Optional<Path> certificate = CERTIFICATE.read(fields);
        Optional<Path> key = PRIVATE_KEY.read(fields);
        fields.done();
        return certificate.flatMap(chain -> key.map(own -> new TlsFiles(chain, own)));
    }
}
