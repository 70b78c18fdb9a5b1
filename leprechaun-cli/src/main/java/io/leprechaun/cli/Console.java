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

/** Where the client prints: data to one side, words for people to the other, and nothing that drives a terminal to either. */
final class Console {
    private final OutputStream out;
    private final OutputStream err;

    Console(OutputStream out, OutputStream err, Terminal terminal) {
        TerminalOutput shown = terminal.is(Terminal.OUT) ? new TerminalOutput(out) : null;
        this.out = shown == null ? out : shown;
        this.err = terminal.is(Terminal.ERR) ? new TerminalOutput(err, shown) : err;
    }

    /** Nobody reads what is printed: the client ends as if by SIGPIPE, without a word. */
    static final class ReaderGoneException extends RuntimeException {
        private static final long serialVersionUID = 1;

        ReaderGoneException(IOException cause) {
            super(cause);
        }
    }

    /**
     * Prints data and sees that it arrives.
     *
     * @throws ReaderGoneException when nobody reads it any more
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

    /** Prints data. */
    void data(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        data(bytes, bytes.length);
    }

    /** Tells people something. Where nobody reads it nothing is lost but the words. */
    void say(String text) {
        try {
            err.write((text + "\n").getBytes(StandardCharsets.UTF_8));
            err.flush();
        } catch (IOException _) {
            // There is nobody left to tell.
        }
    }

    /** Prints why the command was not done, as a document or as a sentence, and gives the exit code. */
    int report(Problem problem, boolean json) {
        if (json) {
            data("{\"title\":" + quoted(problem.title()) + ",\"status\":" + problem.status() + ",\"detail\":"
                    + quoted(problem.detail()) + ",\"code\":" + problem.code().number() + "}\n");
        } else {
            complain(problem.detail());
        }
        return problem.code().number();
    }

    /** Prints a sentence that tells why the command was not done. */
    void complain(String detail) {
        say("leprechaun: " + Printable.of(detail.strip()));
    }

    /** Prints what a terminal has not been shown yet, and leaves it in its own style. To be called at the end, by any thread. */
    void finish() {
        try {
            if (out instanceof TerminalOutput terminal) {
                terminal.finish();
            }
        } catch (IOException _) {
            // The terminal has gone, and the command is done.
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
