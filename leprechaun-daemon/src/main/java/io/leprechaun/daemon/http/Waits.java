package io.leprechaun.daemon.http;

import io.leprechaun.daemon.agent.server.HookAnswer;
import java.net.InetAddress;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;

/** Lets senders wait for what becomes of their hooks: so many at once, of one source a quarter of them, and none that has gone. Thread-safe. */
final class Waits {
    private final Shares places;

    /** @param most how many senders may wait at once */
    Waits(int most) {
        this.places = new Shares(most, Math.max(1, most / 4));
    }

    /**
     * Waits for the outcome of a hook that was accepted.
     *
     * @param accepted the answer where no place is free, or the sender's patience is over first
     * @return empty: the sender has gone
     */
    Optional<HookAnswer> outcome(Request request, Response response, InetAddress source, HookAnswer accepted) {
        if (accepted.outcome().isEmpty() || !places.take(source, 1)) {
            return Optional.of(accepted);
        }
        try (var departure = Departure.interrupting(request)) {
            try {
                return Optional.of(accepted.outcome().get().await().orElse(accepted));
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
        } finally {
            places.give(source, 1);
        }
    }
}
