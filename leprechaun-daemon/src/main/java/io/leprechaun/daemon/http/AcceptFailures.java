package io.leprechaun.daemon.http;

import io.leprechaun.daemon.lifecycle.Supervised;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Connections that a listener could not take: it waits a second and goes on, whatever the reason. One thread notes them. */
public final class AcceptFailures implements Supervised {
    private static final Logger LOG = LoggerFactory.getLogger(AcceptFailures.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final long RECENT = Duration.ofSeconds(5).toNanos();
    private static final long LOG_AGAIN = Duration.ofMinutes(1).toNanos();

    private final String listener;
    private volatile String why = "";
    private volatile boolean failed;
    /** By {@code nanoTime}, as the next. */
    private volatile long failedAt;

    private long loggedAt = System.nanoTime() - LOG_AGAIN;

    /** @param listener what it listens for */
    public AcceptFailures(String listener) {
        this.listener = listener;
    }

    /** Logs one failure a minute. False: the listener is being stopped. */
    public boolean note(Throwable failure) {
        if (failure instanceof ClosedChannelException) {
            return false;
        }
        try {
            why = "the listener for " + listener + " cannot take connections (" + failure.getMessage()
                    + "): if files are too many, raise the limit of open files (LimitNOFILE=, ulimit -n)";
            failedAt = System.nanoTime();
            failed = true;
            if (failedAt - loggedAt >= LOG_AGAIN) {
                loggedAt = failedAt;
                LOG.error("{}; it tries again each second", why);
            }
            Thread.sleep(PAUSE);
            return true;
        } catch (InterruptedException e) {
            return false;
        } catch (RuntimeException | Error e) { // no memory for a line of the log: the next connection may find some
            return true;
        }
    }

    @Override
    public Optional<String> fault() {
        return failed && System.nanoTime() - failedAt < RECENT ? Optional.of(why) : Optional.empty();
    }
}
