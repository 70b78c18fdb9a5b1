package io.leprechaun.api;

import java.util.List;

/**
 * One use of a handler: the words after the command, as they were typed, and the caller.
 *
 * @param arguments options and operands in their order; {@link Arguments} reads them
 * @param patience the caller's readiness to wait; handlers wait through it
 */
public record Call(List<String> arguments, Caller caller, Patience patience) {
    public Call {
        arguments = List.copyOf(arguments);
    }

    /** Creates a call by a caller that never leaves. */
    public Call(List<String> arguments, Caller caller) {
        this(arguments, caller, Patience.ENDLESS);
    }
}
