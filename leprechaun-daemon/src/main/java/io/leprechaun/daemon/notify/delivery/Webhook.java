package io.leprechaun.daemon.notify.delivery;

import io.leprechaun.daemon.history.Notice;
import io.leprechaun.daemon.history.Outbox;
import io.leprechaun.daemon.lifecycle.Alarms;
import io.leprechaun.daemon.notify.MessageWriter;
import io.leprechaun.daemon.notify.NotSentException;
import io.leprechaun.daemon.notify.Notifier;
import io.leprechaun.daemon.settings.notify.WebhookSettings;
import io.leprechaun.daemon.settings.notify.WebhookSettings.Preset;
import java.net.URI;
import java.util.List;

/** The sender of notices to a web address, in the form that its service takes. */
final class Webhook implements Notifier.Sender {
    private final WebhookSettings settings;
    private final MessageWriter writer;
    private final Poster poster;

    /** Creates a sender to this address. */
    public Webhook(WebhookSettings settings, MessageWriter writer, Alarms alarms) {
        this(settings, writer, new Poster(alarms, Poster.Timeouts.USUAL));
    }

    Webhook(WebhookSettings settings, MessageWriter writer, Poster poster) {
        this.settings = settings;
        this.writer = writer;
        this.poster = poster;
    }

    @Override
    public List<Outbox.Refusal> send(List<Notice> notices) throws NotSentException {
        String body = new WebhookBody(writer.host()).of(settings, notices, writer.message(notices));
        poster.post(address(), "application/json; charset=utf-8", settings.token(), body);
        return List.of();
    }

    private URI address() {
        URI url = settings.url();
        return settings.preset() == Preset.NTFY && settings.body().isEmpty() ? url.resolve("/") : url;
    }

    @Override
    public void close() {
        poster.close();
    }
}
