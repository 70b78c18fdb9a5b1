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
 * Opens the files of the program that a daemon would open at their first use: jars, and what the Java runtime reads for signatures, TLS and the network. A package manager may replace them under
 * a daemon that runs, which goes on with those that it has open.
 */
final class WarmUp {
    private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);

    private WarmUp() {}

    /**
     * Begins to do so.
     *
     * @param mail whether any will be sent
     */
    static void begin(boolean mail) {
        Threads.virtual("warm-up", () -> open(mail)).start();
    }

    private static void open(boolean mail) {
        try {
            // what is in no jar is looked for in each
            var unused = WarmUp.class.getClassLoader().getResource("META-INF/nobody-has-this");
            if (mail) {
                Mailer.prepare();
            }
            Mac.getInstance("HmacSHA256");
            SSLContext.getDefault();
            ProxySelector.getDefault(); // the last one: a test waits for it
        } catch (GeneralSecurityException | IOException | RuntimeException e) {
            LOG.warn(
                    "a part of the program cannot be opened ({}): install it again, and restart the daemon",
                    e.toString());
        }
    }
}
