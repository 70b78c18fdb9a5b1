package io.leprechaun.daemon;

import io.leprechaun.api.TerminalOutput;
import io.leprechaun.daemon.posix.Descriptors;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Standard output and error: on a terminal, what this program prints there passes the same writer as what the client prints. */
final class StandardStreams {
    private static final int OUT = 1;
    private static final int ERR = 2;

    private static volatile @Nullable TerminalOutput shown;

    private StandardStreams() {}

    /** Puts the writer in front of each of the two that is a terminal, and tells whether output is. To be called before anything is printed. */
    static boolean guard() {
        TerminalOutput out =
                Descriptors.isTerminal(OUT) ? new TerminalOutput(new FileOutputStream(FileDescriptor.out)) : null;
        if (out != null) {
            shown = out;
            System.setOut(printer(out));
        }
        if (Descriptors.isTerminal(ERR)) {
            System.setErr(printer(new TerminalOutput(new FileOutputStream(FileDescriptor.err), out)));
        }
        return out != null;
    }

    /** Leaves the terminal in its own style. To be called at the end. */
    static void finish() {
        TerminalOutput out = shown;
        if (out != null) {
            try {
                out.finish();
            } catch (IOException _) {
                // The terminal has gone, and the command is done.
            }
        }
    }

    private static PrintStream printer(OutputStream terminal) {
        return new PrintStream(terminal, true, StandardCharsets.UTF_8);
    }
}
