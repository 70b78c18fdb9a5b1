package io.leprechaun.daemon.notify.delivery;

import java.security.cert.CertPathBuilderException;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/** The reasons for failed TLS connections, where the message of the JVM does not help people. */
final class TlsTrouble {
    private TlsTrouble() {}

    /**
     * Returns the reason, in a sentence; empty: the failure has another reason, or a clear message.
     *
     * @param remedy the remedy where the server speaks no TLS
     */
    public static Optional<String> words(Throwable failure, String remedy) {
        boolean unknown = causes(failure).anyMatch(CertPathBuilderException.class::isInstance);
        if (unknown) {
            return Optional.of("unknown certificate authority; see notices.md, Certificates and proxies");
        }
        boolean plain = causes(failure)
                .anyMatch(cause -> cause instanceof SSLException
                        && String.valueOf(cause.getMessage()).startsWith("Unsupported or unrecognized SSL message"));
        return Optional.of("no TLS on this port; " + remedy).filter(words -> plain);
    }

    private static Stream<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause);
    }
}
