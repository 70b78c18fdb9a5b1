package io.leprechaun.daemon.config;

import java.util.List;
import java.util.Optional;

/**
 * Who is told about what.
 *
 * @param mail empty: no mail is sent
 * @param webhooks web addresses that are told
 * @param telling of each recipe that does not say otherwise
 * @param quiet when nobody is told
 */
public record NotifySettings(
        Optional<MailSettings> mail, List<WebhookSettings> webhooks, Telling telling, Optional<QuietHours> quiet) {
    /** Nobody is told. */
    public static final NotifySettings DEFAULTS =
            new NotifySettings(Optional.empty(), List.of(), Telling.DEFAULTS, Optional.empty());

    public NotifySettings {
        webhooks = List.copyOf(webhooks);
    }
}
