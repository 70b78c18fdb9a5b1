package io.leprechaun.daemon.http.hook;

import io.leprechaun.daemon.agent.server.HookAnswer;
import io.leprechaun.daemon.agent.server.HookAnswer.PendingAnswer;
import io.leprechaun.daemon.http.Departure;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;

/**
 * The waits of senders for the outcomes of their hooks. Their number is limited, one source may have a quarter of them,
 * and a sender that disconnects waits no longer. Thread-safe.
 */
final class Waits {
    /**
     * The initial time without a watch for the sender's departure: most runs are over by then, and a watch wakes
     * another thread twice.
     */
    private static final Duration UNWATCHED = Duration.ofMillis(200);

    private final Shares places;

    /** @param most the number of senders that may wait at once */
    Waits(int most) {
        this.places = new Shares(most, Math.max(1, most / 4));
    }

    /**
     * Waits for the outcome of an accepted hook.
     *
     * @param accepted the answer when no place is free, or when the sender's patience ends first
     * @return the answer to send; empty: the sender has disconnected
     */
    Optional<HookAnswer> outcome(Request request, Response response, InetAddress source, HookAnswer accepted) {
        if (accepted.outcome().isEmpty() || !places.take(source, 1)) {
            return Optional.of(accepted);
        }
        try {
            return outcome(request, response, accepted, accepted.outcome().get());
        } finally {
            places.give(source, 1);
        }
    }

    private static Optional<HookAnswer> outcome(
            Request request, Response response, HookAnswer accepted, PendingAnswer outcome) {
        Duration patience = outcome.patience();
        try {
            Optional<HookAnswer> soon = outcome.await(patience.compareTo(UNWATCHED) < 0 ? patience : UNWATCHED);
            if (soon.isPresent() || patience.compareTo(UNWATCHED) <= 0) {
                return Optional.of(soon.orElse(accepted));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of(accepted);
        }
        return watched(request, response, accepted, outcome, patience.minus(UNWATCHED));
    }

    private static Optional<HookAnswer> watched(
            Request request, Response response, HookAnswer accepted, PendingAnswer outcome, Duration patience) {
        try (var departure = Departure.interrupting(request)) {
            try {
                return Optional.of(outcome.await(patience).orElse(accepted));
            } catch (InterruptedException e) {
                if (departure.happened()) {
                    return Optional.empty();
                }
                Thread.currentThread().interrupt();
                return Optional.of(accepted);
            } finally {
                if (departure.overtaken()) {
                    response.getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE.asString());
                }
            }
        }
    }
}
