package io.leprechaun.daemon.settings;

import io.leprechaun.daemon.secret.Secret;
import java.util.List;
import java.util.Optional;

/**
 * The mail server and the people.
 *
 * @param port 1 to 65535
 * @param user empty: no login
 * @param password empty: no login
 * @param from a bare address, without control characters
 * @param to bare addresses, at least one
 */
public record MailSettings(
        String host,
        int port,
        Security security,
        Optional<String> user,
        Optional<Secret> password,
        String from,
        List<String> to)
        implements TargetSettings {
    /** How the connection is protected. */
    public enum Security {
        /** Not at all. */
        PLAIN,
        /** Begins plain and must turn to TLS before anything is said. */
        STARTTLS,
        /** TLS from the first byte. */
        TLS
    }

    public MailSettings {
        to = List.copyOf(to);
    }

    @Override
    public String name() {
        return MailReader.SECTION.name();
    }

    @Override
    public String where() {
        return String.join(", ", to) + " by " + host + ":" + port;
    }
}
