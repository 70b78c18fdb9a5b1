package io.leprechaun.cli;

import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.text.Printable;
import io.leprechaun.api.text.TerminalOutput;
import io.leprechaun.cli.terminal.Terminal;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** The client's output: data goes to one stream and messages to the other, and neither can drive a terminal. */
final class Console {
    private final OutputStream out;
    private final OutputStream err;

    Console(OutputStream out, OutputStream err, Terminal terminal) {
        TerminalOutput shown = terminal.is(Terminal.OUT) ? new TerminalOutput(out) : null;
        this.out = shown == null ? out : shown;
        this.err = terminal.is(Terminal.ERR) ? new TerminalOutput(err, shown) : err;
    }

    /** The exception for output without a reader: the client ends as if by SIGPIPE, without a message. */
    static final class ReaderGoneException extends RuntimeException {
        private static final long serialVersionUID = 1;

        ReaderGoneException(IOException cause) {
            super(cause);
        }
    }

    /**
     * Prints data and flushes it.
     *
     * @throws ReaderGoneException when the reader has closed the pipe
     * @throws ProblemException when it cannot be written, to a full disk for example
     */
    void data(byte[] bytes, int length) {
        try {
            out.write(bytes, 0, length);
            out.flush();
        } catch (IOException e) {
            if (String.valueOf(e.getMessage()).contains("Broken pipe")) {
                throw new ReaderGoneException(e);
            }
            throw new ProblemException(Problem.defect("cannot write the output: " + e.getMessage()));
        }
    }

    /** Prints text as data. */
    void data(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        data(bytes, bytes.length);
    }

    /** Prints a message on standard error. Failures are ignored, since only the message is lost. */
    void say(String text) {
        try {
            err.write((text + "\n").getBytes(StandardCharsets.UTF_8));
            err.flush();
        } catch (IOException _) {
            // Nobody reads standard error.
        }
    }

    /** Prints the reason for a failed command, as a document or as a sentence, and returns the exit code. */
    int report(Problem problem, boolean json) {
        if (json) {
            data("{\"title\":" + quoted(problem.title()) + ",\"status\":" + problem.status() + ",\"detail\":"
                    + quoted(problem.detail()) + ",\"code\":" + problem.code().number() + "}\n");
        } else {
            complain(problem.detail());
        }
        return problem.code().number();
    }

    /** Prints a sentence with the reason for a failed command. */
    void complain(String detail) {
        say("leprechaun: " + Printable.of(detail.strip()));
    }

    /** Prints the rest of the output to a terminal, and resets its style. To be called at the end, by any thread. */
    void finish() {
        try {
            if (out instanceof TerminalOutput terminal) {
                terminal.finish();
            }
        } catch (IOException _) {
            // The terminal is gone, and the command is done.
        }
    }

    static String quoted(String text) {
        var quoted = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ') {
                quoted.append("\\u").append(HexFormat.of().toHexDigits(c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
