package io.leprechaun.daemon.desk;

import io.leprechaun.daemon.settings.notify.NotifyRules;
import io.leprechaun.daemon.settings.notify.TargetSettings;
import java.util.List;
import java.util.Optional;

/** The targets that the settings name. */
public record NoticeTargets(List<NoticeTarget> all) {
    /** The message for settings without a target for notices. */
    public static final String NOBODY =
            "no notification target: `notify` in the settings has no " + TargetSettings.keys("or");

    /** Returns the targets that users read: all except pings. */
    public List<NoticeTarget> people() {
        return all.stream()
                .filter(target -> !target.name().equals(NotifyRules.PING))
                .toList();
    }

    /** Returns a target by its name. */
    public Optional<NoticeTarget> find(String name) {
        return all.stream().filter(target -> target.name().equals(name)).findFirst();
    }
}
