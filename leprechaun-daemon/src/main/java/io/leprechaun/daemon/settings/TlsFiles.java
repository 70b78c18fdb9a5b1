package io.leprechaun.daemon.settings;

import java.nio.file.Path;

/**
 * The files of a server's TLS, both PEM.
 *
 * @param certificate the certificate, with the chain behind it
 * @param key the private key, unencrypted, PKCS #8
 */
public record TlsFiles(Path certificate, Path key) {}
