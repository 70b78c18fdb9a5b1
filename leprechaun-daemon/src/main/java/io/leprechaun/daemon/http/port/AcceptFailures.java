package io.leprechaun.daemon.http.port;

import io.leprechaun.daemon.lifecycle.SelfWatch;
import io.leprechaun.daemon.lifecycle.Supervised;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The record of a listener's failures to accept connections. The listener waits a second after each and goes on,
 * whatever the reason. One thread calls {@link #note}.
 */
public final class AcceptFailures implements Supervised {
    private static final Logger LOG = LoggerFactory.getLogger(AcceptFailures.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final long RECENT = Duration.ofSeconds(5).toNanos();
    private static final long LOG_AGAIN = Duration.ofMinutes(1).toNanos();

    private final String listener;
    private volatile String why = "";
    private volatile boolean failed;
    /** The time of the last failure; a time of nanoTime, as the next field's. */
    private volatile long failedAt;

    private long loggedAt = System.nanoTime() - LOG_AGAIN;

    /** @param listener the subject of the listener, for messages: {@code hooks} for example */
    public AcceptFailures(String listener) {
        this.listener = listener;
    }

    /** Records a failure, logs one a minute, and waits a second. Returns false when the listener is being stopped. */
    public boolean note(Throwable failure) {
        if (failure instanceof ClosedChannelException) {
            return false;
        }
        try {
            why = "the listener for " + listener + " cannot accept connections (" + failure.getMessage()
                    + "): if too many files are open, raise the limit of open files (LimitNOFILE=, ulimit -n)";
            failedAt = System.nanoTime();
            failed = true;
            if (failedAt - loggedAt >= LOG_AGAIN) {
                loggedAt = failedAt;
                LOG.error("{}; retrying every second", why);
            }
            Thread.sleep(PAUSE);
            return true;
        } catch (InterruptedException e) {
            return false;
        } catch (RuntimeException | Error e) { // no memory for a log line: there may be some for the next connection
            return true;
        }
    }

    @Override
    public String check() {
        return SelfWatch.LISTENERS;
    }

    @Override
    public Optional<String> fault() {
        return failed && System.nanoTime() - failedAt < RECENT ? Optional.of(why) : Optional.empty();
    }
}
