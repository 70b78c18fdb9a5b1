package io.leprechaun.daemon.config;

import java.util.Optional;
import java.util.Set;

/**
 * Who is told about what.
 *
 * @param mail empty: no mail is sent
 * @param on what people are told
 */
public record NotifySettings(Optional<MailSettings> mail, Set<Kind> on) {
    /** Nobody is told. */
    public static final NotifySettings DEFAULTS =
            new NotifySettings(Optional.empty(), Set.of(Kind.FAILURE, Kind.RECOVERY));

    /** What can be told. */
    public enum Kind {
        /** A run failed, timed out, or was lost. */
        FAILURE,
        /** The first success after a failure. */
        RECOVERY,
        /** Every success. */
        SUCCESS,
        /** A run was refused: its queue was full, or its recipe is gone. */
        REJECTED,
        /** What was due did not start because the daemon or the agent was not running. */
        MISSED
    }

    public NotifySettings {
        on = Set.copyOf(on);
    }
}
