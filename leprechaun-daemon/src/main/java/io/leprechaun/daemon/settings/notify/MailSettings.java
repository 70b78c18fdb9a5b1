package io.leprechaun.daemon.settings.notify;

import io.leprechaun.daemon.secret.Secret;
import java.util.List;
import java.util.Optional;

/**
 * The mail server, the sender and the recipients.
 *
 * @param port 1 to 65535
 * @param user the user of the login; empty: no login
 * @param password the password of the login; empty: no login
 * @param from the sender, a bare address, without control characters
 * @param to the recipients, bare addresses, at least one
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
    /** The protection of the connection. */
    public enum Security {
        /** No protection. */
        PLAIN,
        /** A connection that begins plain and must turn to TLS before a login or a mail is sent. */
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
