package io.leprechaun.daemon;

import io.leprechaun.api.text.TerminalOutput;
import io.leprechaun.daemon.posix.Descriptors;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Standard output and error: on a terminal, this program prints through the same writer as the client. */
final class StandardStreams {
    private static final int OUT = 1;
    private static final int ERR = 2;

    private static volatile @Nullable TerminalOutput shown;

    /** An output that is not a terminal, and keeps the first failure, which a {@link PrintStream} does not report. */
    private static final class Plain extends FilterOutputStream {
        private volatile @Nullable IOException failure;

        Plain() {
            super(new FileOutputStream(FileDescriptor.out));
        }

        @Override
        public void write(int octet) throws IOException {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                out.write(bytes, offset, length);
            } catch (IOException e) {
                failure = failure == null ? e : failure;
                throw e;
            }
        }
    }

    private static final Plain PLAIN = new Plain();

    private StandardStreams() {}

    /**
     * Puts the writer in front of each of the two streams that is a terminal, and returns whether output is. To be
     * called before the first output.
     */
    static boolean guard() {
        TerminalOutput out =
                Descriptors.isTerminal(OUT) ? new TerminalOutput(new FileOutputStream(FileDescriptor.out)) : null;
        shown = out;
        System.setOut(printer(out == null ? new BufferedOutputStream(PLAIN) : out));
        if (Descriptors.isTerminal(ERR)) {
            System.setErr(printer(new TerminalOutput(new FileOutputStream(FileDescriptor.err), out)));
        }
        return out != null;
    }

    /** Returns the reason why some output could not be written; empty: all was written. */
    static Optional<IOException> unwritten() {
        System.out.flush();
        return Optional.ofNullable(PLAIN.failure);
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
