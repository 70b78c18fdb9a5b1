package io.leprechaun.daemon.http.port;

import io.leprechaun.daemon.settings.TlsFiles;
import io.leprechaun.daemon.trust.Trust;
import io.leprechaun.daemon.trust.UntrustedException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The reader of a certificate and its key from PEM files (RFC 7468): Jetty takes key stores only. */
final class PemKeys {
    private static final Pattern CERTIFICATE =
            Pattern.compile("-----BEGIN ((?:X509 )?CERTIFICATE|PKCS7)-----[^-]*+-----END \\1-----");
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
    private static final Pattern OTHER_KEY = Pattern.compile("-----BEGIN (?:RSA|EC|ENCRYPTED|DSA) PRIVATE KEY-----");

    private static final int LARGEST = 1024 * 1024;

    private PemKeys() {}

    /**
     * Returns a key store with the certificate and the key.
     *
     * @throws UnusableFileException when they cannot be read, or do not belong together; the message names the remedy
     * @throws UntrustedException when other users can change the files
     */
    static KeyStore read(TlsFiles files) throws IOException {
        List<Certificate> chain = chain(files.certificate());
        PrivateKey key = key(files.key(), chain.getFirst().getPublicKey().getAlgorithm());
        if (!belongTogether(chain.getFirst().getPublicKey(), key)) {
            throw new UnusableFileException("the key in " + files.key() + " does not match the certificate in "
                    + files.certificate() + ": use a pair, with the host's own certificate first");
        }
        try {
            var store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("hooks", key, new char[0], chain.toArray(Certificate[]::new));
            return store;
        } catch (GeneralSecurityException e) {
            throw new UnusableFileException(
                    "cannot use the certificate in " + files.certificate() + ": " + e.getMessage(), e);
        }
    }

    /**
     * Returns the certificates in a file. A key, parameters and texts may stand beside them: many programs use one file
     * for all of it.
     */
    private static List<Certificate> chain(Path file) throws IOException {
        String blocks = CERTIFICATE
                .matcher(text(file))
                .results()
                .map(MatchResult::group)
                .collect(Collectors.joining("\n"));
        try {
            var chain = List.<Certificate>copyOf(CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(blocks.getBytes(StandardCharsets.US_ASCII))));
            if (!chain.isEmpty()) {
                return chain;
            }
        } catch (GeneralSecurityException e) {
            // reported below
        }
        throw new UnusableFileException(
                "no certificate in " + file + ": use a PEM file, with the host's own certificate first");
    }

    private static PrivateKey key(Path file, String algorithm) throws IOException {
        String text = text(file);
        Matcher key = KEY.matcher(text);
        if (!key.find()) {
            throw new UnusableFileException(
                    OTHER_KEY.matcher(text).find()
                            ? "unsupported key in " + file
                                    + " (encrypted or in an old form): use openssl pkcs8 -topk8 -nocrypt -in "
                                    + file + " -out NEW"
                            : "no private key in " + file + ": use a PEM file with one");
        }
        try {
            byte[] bytes = Base64.getMimeDecoder().decode(key.group(1));
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(bytes));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new UnusableFileException(
                    "the key in " + file + " is not an " + algorithm + " key, as its certificate requires", e);
        }
    }

    private static boolean belongTogether(PublicKey known, PrivateKey key) throws IOException {
        String algorithm = switch (known.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> known.getAlgorithm(); // EdDSA
        };
        try {
            byte[] something = "leprechaun".getBytes(StandardCharsets.US_ASCII);
            var signer = Signature.getInstance(algorithm);
            signer.initSign(key);
            signer.update(something);
            var verifier = Signature.getInstance(algorithm);
            verifier.initVerify(known);
            verifier.update(something);
            return verifier.verify(signer.sign());
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static String text(Path file) throws IOException {
        try {
            return new String(Trust.strict().read(file, LARGEST).bytes(), StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            throw new UnusableFileException(file + " does not exist: tls needs a certificate and its key, both PEM", e);
        } catch (UntrustedException e) {
            throw e;
        } catch (IOException e) {
            throw new UnusableFileException("cannot read " + file + ": let the daemon's user read it", e);
        }
    }
}
