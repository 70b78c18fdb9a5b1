package io.leprechaun.daemon.session;

import io.leprechaun.api.Access;
import java.time.Instant;

/**
 * The session of a user in a browser. Its secret is not kept. Immutable.
 *
 * @param id the part of the session that is not secret, unique
 * @param user the user who asked for the login
 * @param access the strongest access that it gives
 * @param listed whether the user's role comes from a list of users or a group; it is then compared with each request
 * @param way a word for the form of login: {@code link} or {@code code}
 * @param from the address that logged in
 * @param expires the instant from which on it is refused
 * @param peer the user at the other end of the connection, to whom it is bound
 * @param hash the SHA-256 of the secret, in hexadecimal digits
 */
public record Session(
        String id,
        String user,
        Access access,
        boolean listed,
        String way,
        String from,
        Instant created,
        Instant expires,
        Peer peer,
        String hash) {
    /** Returns whether it is refused because of its age. */
    boolean isExpired(Instant now) {
        return !now.isBefore(expires);
    }
}
