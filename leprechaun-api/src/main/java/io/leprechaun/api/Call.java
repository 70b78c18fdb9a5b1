package io.leprechaun.api;

import java.util.List;

/**
 * One use of a handler: the words after the command, as they were typed, and who typed them.
 *
 * @param arguments options and operands in their order; {@link Arguments} reads them
 * @param patience of the caller, with which a handler waits
 */
public record Call(List<String> arguments, Caller caller, Patience patience) {
    public Call {
        arguments = List.copyOf(arguments);
    }

    /** A use by a caller that never leaves. */
    public Call(List<String> arguments, Caller caller) {
        this(arguments, caller, Patience.ENDLESS);
    }
}
