package io.leprechaun.daemon;

import io.leprechaun.daemon.lifecycle.Threads;
import io.leprechaun.daemon.notify.delivery.Mailer;
import java.io.IOException;
import java.net.ProxySelector;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The opening of program files that a daemon would open at their first use: jars, and files that the Java runtime reads
 * for signatures, TLS and the network. A package manager may replace them under a running daemon, which continues with
 * its open ones.
 */
final class WarmUp {
    private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);

    private WarmUp() {}

    /**
     * Begins to open the files, on a thread of its own.
     *
     * @param mail whether mail will be sent
     */
    static void begin(boolean mail) {
        Threads.virtual("warm-up", () -> open(mail)).start();
    }

    private static void open(boolean mail) {
        try {
            // a missing resource is searched in each jar
            var unused = WarmUp.class.getClassLoader().getResource("META-INF/nobody-has-this");
            if (mail) {
                Mailer.prepare();
            }
            Mac.getInstance("HmacSHA256");
            SSLContext.getDefault();
            ProxySelector.getDefault(); // the last one: a test waits for it
        } catch (GeneralSecurityException | IOException | RuntimeException e) {
            LOG.warn("cannot open a part of the program ({}): reinstall it, and restart the daemon", e.toString());
        }
    }
}
