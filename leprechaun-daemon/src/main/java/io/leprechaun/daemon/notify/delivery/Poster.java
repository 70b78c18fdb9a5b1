package io.leprechaun.daemon.notify.delivery;

import io.leprechaun.api.text.Printable;
import io.leprechaun.api.text.Width;
import io.leprechaun.daemon.lifecycle.Alarms;
import io.leprechaun.daemon.notify.NotSentException;
import io.leprechaun.daemon.notify.NotSentException.SendFault;
import io.leprechaun.daemon.secret.Secret;
import io.leprechaun.daemon.settings.notify.WebhookSettings;
import io.leprechaun.daemon.units.Durations;
import io.leprechaun.daemon.units.OffLimits;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The client that posts to web addresses, and to no other. It follows no redirection, and sends nothing to those that
 * are {@linkplain OffLimits off limits}. An answer of 2xx means that the server took the body. After 408, 425, 429 and
 * 5xx there is another try; every other answer is a refusal for good (RFC 9110, 15). One thread posts; any thread may
 * close.
 */
final class Poster {
    private static final int LONGEST_REASON = 200;
    private static final String NO_HTTP = "not an HTTP server";
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,15}");

    static {
        // without this the JVM itself posts once more when the server hangs up
        System.setProperty("sun.net.http.retryPost", "false");
    }

    private final Alarms alarms;
    private final Timeouts limits;
    private volatile @Nullable HttpURLConnection current;
    private volatile boolean closed;

    /**
     * The limits on the server's time.
     *
     * @param answer the limit on a connect and on each part of an answer, at least a millisecond
     * @param conversation the limit on all of it
     */
    record Timeouts(Duration answer, Duration conversation) {
        static final Timeouts USUAL = new Timeouts(Duration.ofSeconds(20), Duration.ofSeconds(60));
    }

    Poster(Alarms alarms, Timeouts limits) {
        this.alarms = alarms;
        this.limits = limits;
    }

    /**
     * Posts a body, blocking.
     *
     * @param token the bearer token; empty: none is sent
     * @throws NotSentException when it was not taken, or it is unknown whether it was
     */
    void post(URI url, String type, Optional<Secret> token, String body) throws NotSentException {
        var late = new AtomicBoolean();
        try {
            var connection = (HttpURLConnection) url.toURL().openConnection();
            current = connection;
            var alarm = alarms.in(limits.conversation(), () -> {
                late.set(true);
                connection.disconnect();
            });
            try {
                token.ifPresent(one -> connection.setRequestProperty("Authorization", "Bearer " + one.value()));
                connection.setRequestProperty("Content-Type", type);
                post(connection, url, body.getBytes(StandardCharsets.UTF_8));
            } finally {
                alarm.cancel();
                connection.disconnect();
            }
        } catch (IOException | IllegalArgumentException e) {
            String why =
                    late.get() ? "no complete answer within " + Durations.brief(limits.conversation()) : reason(e, url);
            throw new NotSentException(SendFault.SERVER, WebhookSettings.where(url) + ": " + why, e);
        }
    }

    private void post(HttpURLConnection connection, URI url, byte[] body) throws IOException, NotSentException {
        if (closed) {
            throw new IOException("the daemon is stopping");
        }
        requireAllowed(url);
        connection.setInstanceFollowRedirects(false);
        connection.setConnectTimeout(Math.toIntExact(limits.answer().toMillis()));
        connection.setReadTimeout(Math.toIntExact(limits.answer().toMillis()));
        connection.setUseCaches(false);
        connection.setDoOutput(true);
        connection.setRequestMethod("POST");
        connection.setRequestProperty("User-Agent", "leprechaun");
        connection.setRequestProperty("Connection", "close"); // a server that ignores it is hung up on after 5 s
        connection.connect();
        requireAllowed(url); // again: the name may have been looked up again for the connection
        try (var out = connection.getOutputStream()) {
            out.write(body); // kept until the answer is asked for: in streaming mode that of 401 and 407 is lost
        }
        int status = connection.getResponseCode();
        if (status < 0) {
            throw new IOException(NO_HTTP);
        }
        if (status / 100 != 2) {
            String why = WebhookSettings.where(url) + " answers " + status + said(connection);
            throw new NotSentException(fault(status), why, new IOException(why), pause(connection));
        }
    }

    /**
     * Checks the address of a host. The JVM caches it for half a minute, which is longer than a connect takes: the
     * address checked afterwards is the one connected to.
     */
    private static void requireAllowed(URI url) throws IOException {
        Optional<String> complaint = OffLimits.complaint(InetAddress.getByName(url.getHost()));
        if (complaint.isPresent()) {
            throw new IOException(complaint.get());
        }
    }

    private static SendFault fault(int status) {
        return switch (status) {
            case 408, 425, 429 -> SendFault.SERVER;
            default -> status / 100 == 5 ? SendFault.SERVER : SendFault.NOTICE_FOR_GOOD;
        };
    }

    /**
     * Returns the time for which the server asks not to be tried again (RFC 9110, 10.2.3). A date counts from the
     * answer's own: clocks differ.
     */
    private static Duration pause(HttpURLConnection connection) {
        String asked = Objects.requireNonNullElse(connection.getHeaderField("Retry-After"), "")
                .strip();
        if (SECONDS.matcher(asked).matches()) {
            return Duration.ofSeconds(Long.parseLong(asked));
        }
        long until = connection.getHeaderFieldDate("Retry-After", 0);
        return until == 0 || connection.getDate() == 0
                ? Duration.ZERO
                : Duration.ofMillis(Math.max(0, until - connection.getDate()));
    }

    /** Returns the beginning of the server's text beside the status. */
    private static String said(HttpURLConnection connection) {
        String to = connection.getHeaderField("Location");
        if (to != null) {
            return ", a redirect that is not followed: use its target in the settings";
        }
        try (InputStream in = connection.getErrorStream()) {
            String text = in == null ? "" : new String(in.readNBytes(LONGEST_REASON), StandardCharsets.UTF_8);
            return text.isBlank() ? "" : ": " + Width.cut(Printable.of(text.strip()), LONGEST_REASON);
        } catch (IOException e) {
            return "";
        }
    }

    private static String reason(Exception e, URI url) {
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        boolean hungUp = message.equals(NO_HTTP) || message.startsWith("Unexpected end of file");
        String words = TlsTrouble.words(e, "try http:// or another port")
                .orElse(hungUp && url.getScheme().equals("http") ? message + "; try https://" : message);
        return Width.cut(Printable.of(words), LONGEST_REASON);
    }

    /** Makes a post that is under way fail soon, and every later one. */
    void close() {
        closed = true;
        HttpURLConnection connection = current;
        if (connection != null) {
            connection.disconnect();
        }
    }
}
