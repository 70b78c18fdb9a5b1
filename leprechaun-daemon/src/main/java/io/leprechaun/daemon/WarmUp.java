package io.leprechaun.daemon;

import io.leprechaun.daemon.lifecycle.Threads;
import io.leprechaun.daemon.notify.Mailer;
import jakarta.mail.MessagingException;
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
     * Does so on a thread of its own, behind all that is urgent.
     *
     * @param mail whether any will be sent
     */
    static void begin(boolean mail) {
        Thread thread = Threads.platform("warm-up", () -> open(mail));
        thread.setPriority(Thread.MIN_PRIORITY);
        thread.start();
    }

    private static void open(boolean mail) {
        try {
            // what is in no jar is looked for in each
            var unused = WarmUp.class.getClassLoader().getResource("META-INF/nobody-has-this");
            Mac.getInstance("HmacSHA256");
            SSLContext.getDefault();
            ProxySelector.getDefault();
            if (mail) {
                Mailer.prepare();
            }
        } catch (GeneralSecurityException | MessagingException | IOException | RuntimeException e) {
            LOG.warn(
                    "a part of the program cannot be opened ({}): install it again, and restart the daemon",
                    e.toString());
        }
    }
}
