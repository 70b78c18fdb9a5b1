package io.leprechaun.api;

import java.util.List;

/**
 * One use of a handler: the words after the command, as they were typed, and who typed them.
 *
 * @param arguments options and operands in their order; {@link Arguments} reads them
 */
public record Call(List<String> arguments, Caller caller) {
    public Call {
        arguments = List.copyOf(arguments);
    }
}
