package io.leprechaun.daemon.settings;

import java.util.List;
import java.util.Optional;

/**
 * Who is told about what.
 *
 * @param mail empty: no mail is sent
 * @param webhooks web addresses that are told
 * @param command a program that is told, and its arguments; none: no command is
 * @param telling of each recipe that does not say otherwise
 * @param quiet when nobody is told
 */
public record NotifySettings(
        Optional<MailSettings> mail,
        List<WebhookSettings> webhooks,
        List<String> command,
        NotifyRules telling,
        Optional<QuietHours> quiet) {
    /** Nobody is told. */
    public static final NotifySettings DEFAULTS =
            new NotifySettings(Optional.empty(), List.of(), List.of(), NotifyRules.DEFAULTS, Optional.empty());

    public NotifySettings {
        webhooks = List.copyOf(webhooks);
        command = List.copyOf(command);
    }
}
