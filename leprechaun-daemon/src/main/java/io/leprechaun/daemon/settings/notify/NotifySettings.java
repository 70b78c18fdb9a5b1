package io.leprechaun.daemon.settings.notify;

import java.util.List;
import java.util.Optional;

/**
 * The targets of notices, and the rules for sending them. Immutable.
 *
 * @param targets the targets, in the order of their kinds; none: no user is notified
 * @param telling the rules of each recipe that has no others
 * @param quiet the quiet hours; empty: there are none
 */
public record NotifySettings(List<TargetSettings> targets, NotifyRules telling, Optional<QuietHours> quiet) {
    /** The settings without targets. */
    public static final NotifySettings DEFAULTS = new NotifySettings(List.of(), NotifyRules.DEFAULTS, Optional.empty());

    public NotifySettings {
        targets = List.copyOf(targets);
    }

    /** Returns the target that is mail; empty: no mail is sent. */
    public Optional<MailSettings> mail() {
        return targets.stream()
                .filter(MailSettings.class::isInstance)
                .map(MailSettings.class::cast)
                .findFirst();
    }
}
