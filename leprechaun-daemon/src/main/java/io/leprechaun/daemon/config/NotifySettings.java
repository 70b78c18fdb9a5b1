package io.leprechaun.daemon.config;

import java.util.Optional;

/**
 * Who is told about what.
 *
 * @param mail empty: no mail is sent
 * @param telling of each recipe that does not say otherwise
 * @param quiet when nobody is told
 */
public record NotifySettings(Optional<MailSettings> mail, Telling telling, Optional<QuietHours> quiet) {
    /** Nobody is told. */
    public static final NotifySettings DEFAULTS =
            new NotifySettings(Optional.empty(), Telling.DEFAULTS, Optional.empty());
}
