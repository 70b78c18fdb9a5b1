package io.leprechaun.cli;

import io.leprechaun.api.Arguments;
import io.leprechaun.api.ExitCode;
import java.io.IOException;

/** The command {@code completion}: prints a shell's completion script. */
record CompletionCommand(Console console) implements ClientCommand {
    @Override
    public int run(Arguments arguments) throws IOException {
        console.data(Completion.script(arguments.operands()));
        return ExitCode.OK.number();
    }
}
