package io.leprechaun.daemon.settings;

import java.util.List;
import java.util.Optional;

/**
 * The targets of notices, and the rules for sending them. Immutable.
 *
 * @param targets in the order of their kinds; none: nobody is told
 * @param telling of each recipe that does not say otherwise
 * @param quiet when nobody is told
 */
public record NotifySettings(List<TargetSettings> targets, NotifyRules telling, Optional<QuietHours> quiet) {
    /** Nobody is told. */
    public static final NotifySettings DEFAULTS = new NotifySettings(List.of(), NotifyRules.DEFAULTS, Optional.empty());

    public NotifySettings {
        targets = List.copyOf(targets);
    }

    /** The target that is mail; empty: no mail is sent. */
    public Optional<MailSettings> mail() {
        return targets.stream()
                .filter(MailSettings.class::isInstance)
                .map(MailSettings.class::cast)
                .findFirst();
    }
}
