package io.leprechaun.daemon.notify;

import io.leprechaun.api.Printable;
import io.leprechaun.api.Width;
import io.leprechaun.daemon.config.WebhookSettings;
import io.leprechaun.daemon.config.WebhookSettings.Preset;
import io.leprechaun.daemon.lifecycle.Alarms;
import io.leprechaun.daemon.notify.NotSentException.Fault;
import io.leprechaun.daemon.run.Notice;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Posts notices to one web address, and to no other: it follows no redirection. What answers with 2xx has taken them; 408, 425, 429 and 5xx are another try, everything else is a refusal
 * for good (RFC 9110, 15). One thread sends; any thread may close.
 */
public final class Webhook implements Notifier.Sender {
    private static final Duration ANSWER = Duration.ofSeconds(20);
    private static final Duration CONVERSATION = Duration.ofSeconds(60);
    private static final int LONGEST_REASON = 200;

    private final WebhookSettings settings;
    private final LetterWriter writer;
    private final Alarms alarms;
    private final Duration answer;
    private final Duration conversation;
    private volatile @Nullable HttpURLConnection current;
    private volatile boolean closed;

    /** A sender to this address. */
    public Webhook(WebhookSettings settings, LetterWriter writer, Alarms alarms) {
        this(settings, writer, alarms, ANSWER, CONVERSATION);
    }

    Webhook(WebhookSettings settings, LetterWriter writer, Alarms alarms, Duration answer, Duration conversation) {
        this.settings = settings;
        this.writer = writer;
        this.alarms = alarms;
        this.answer = answer;
        this.conversation = conversation;
    }

    @Override
    public void send(List<Notice> notices) throws NotSentException {
        byte[] body = new WebhookBody(writer.host())
                .of(settings, notices, writer.letter(notices))
                .getBytes(StandardCharsets.UTF_8);
        try {
            var connection = (HttpURLConnection) address().toURL().openConnection();
            current = connection;
            var alarm = alarms.in(conversation, connection::disconnect);
            try {
                post(connection, body);
            } finally {
                alarm.cancel();
                connection.disconnect();
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new NotSentException(Fault.SERVER, settings.where() + ": " + reason(e), e);
        }
    }

    private URI address() {
        URI url = settings.url();
        return settings.preset() == Preset.NTFY && settings.body().isEmpty() ? url.resolve("/") : url;
    }

    private void post(HttpURLConnection connection, byte[] body) throws IOException, NotSentException {
        if (closed) {
            throw new IOException("the daemon is being stopped");
        }
        connection.setInstanceFollowRedirects(false);
        connection.setConnectTimeout(Math.toIntExact(answer.toMillis()));
        connection.setReadTimeout(Math.toIntExact(answer.toMillis()));
        connection.setUseCaches(false);
        connection.setDoOutput(true);
        connection.setRequestMethod("POST");
        connection.setRequestProperty("Content-Type", "application/json; charset=utf-8");
        connection.setRequestProperty("User-Agent", "leprechaun");
        settings.token().ifPresent(token -> connection.setRequestProperty("Authorization", "Bearer " + token.value()));
        connection.setFixedLengthStreamingMode(body.length);
        try (var out = connection.getOutputStream()) {
            out.write(body);
        }
        int status = connection.getResponseCode();
        if (status < 0) {
            throw new IOException("it does not speak HTTP");
        }
        if (status / 100 != 2) {
            String why = settings.where() + " answers " + status + said(connection);
            throw new NotSentException(fault(status), why, new IOException(why));
        }
    }

    private static Fault fault(int status) {
        return switch (status) {
            case 408, 425, 429 -> Fault.SERVER;
            default -> status / 100 == 5 ? Fault.SERVER : Fault.NOTICE_FOR_GOOD;
        };
    }

    /** The beginning of what the other side says beside the status. */
    private static String said(HttpURLConnection connection) {
        String to = connection.getHeaderField("Location");
        if (to != null) {
            return " and leads elsewhere, where nothing is sent: write that address into the settings";
        }
        try (InputStream in = connection.getErrorStream()) {
            String text = in == null ? "" : new String(in.readNBytes(LONGEST_REASON), StandardCharsets.UTF_8);
            return text.isBlank() ? "" : ": " + Width.cut(Printable.of(text.strip()), LONGEST_REASON);
        } catch (IOException e) {
            return "";
        }
    }

    private static String reason(Exception e) {
        String message = e.getMessage();
        return Width.cut(Printable.of(message == null ? e.getClass().getSimpleName() : message), LONGEST_REASON);
    }

    @Override
    public void close() {
        closed = true;
        HttpURLConnection connection = current;
        if (connection != null) {
            connection.disconnect();
        }
    }
}
