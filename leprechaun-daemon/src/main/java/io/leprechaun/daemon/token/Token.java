package io.leprechaun.daemon.token;

import io.leprechaun.api.Access;
import java.time.Instant;
import java.util.Optional;

/**
 * The right of a program to use the API. Its secret is not kept. Immutable.
 *
 * @param id the part of the token that is not secret, unique
 * @param name the name that its maker gave it, unique
 * @param scope the strongest access that it gives
 * @param by the user who made it
 * @param expires the instant from which on it is refused; empty: never
 * @param used the instant of its last use, to the hour; empty: it was never used
 * @param hash the SHA-256 of the secret, in hexadecimal digits
 */
public record Token(
        String id,
        String name,
        Access scope,
        String by,
        Instant created,
        Optional<Instant> expires,
        Optional<Instant> used,
        String hash) {
    /** Returns the word of a scope. */
    public static String word(Access scope) {
        return scope == Access.ADMINISTER ? "admin" : scope.role();
    }

    /** Returns whether it is refused because of its age. */
    public boolean isExpired(Instant now) {
        return expires.filter(end -> !now.isBefore(end)).isPresent();
    }

    Token usedAt(Instant now) {
        return new Token(id, name, scope, by, created, expires, Optional.of(now), hash);
    }
}
