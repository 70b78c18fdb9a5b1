package io.leprechaun.daemon.audit;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A change that a caller asked for. Immutable.
 *
 * @param at the time of the answer
 * @param by the caller
 * @param way the way by which it came: {@code socket}, {@code token} or {@code console}
 * @param command the command, as it is typed
 * @param arguments its arguments, without values that may be secret
 * @param code the exit code of the answer; 0 when the change was made
 * @param reason the reason of a refusal or failure
 */
public record Change(
        Instant at, String by, String way, String command, List<String> arguments, int code, Optional<String> reason) {
    public Change {
        arguments = List.copyOf(arguments);
    }
}
