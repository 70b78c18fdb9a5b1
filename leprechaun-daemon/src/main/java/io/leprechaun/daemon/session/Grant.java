package io.leprechaun.daemon.session;

import io.leprechaun.api.Access;
import java.time.Duration;

/**
 * The right to log in once. Immutable.
 *
 * @param by the user who asked for it
 * @param access the strongest access of the session
 * @param life the time after which the session ends
 * @param way a word for the form of the secret: {@code link} or {@code code}
 */
public record Grant(String by, Access access, Duration life, String way) {}
