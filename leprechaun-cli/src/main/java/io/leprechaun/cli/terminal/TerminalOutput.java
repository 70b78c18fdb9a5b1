package io.leprechaun.cli.terminal;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Lets text and colours through to a terminal, and shows everything else that would drive it: a job's output must not rename windows, move the cursor or
 * answer for the user. Bytes pass as they come; a sequence that is split between two writes is held until it is whole. Owned by one thread.
 */
public final class TerminalOutput extends FilterOutputStream {
    private static final int SEQUENCE_LIMIT = 32;

    /** The beginning of a colour sequence, or a byte of UTF-8 whose next decides. */
    private final byte[] held = new byte[SEQUENCE_LIMIT];

    private int count;

    /** @param out the terminal */
    public TerminalOutput(OutputStream out) {
        super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int plain = offset;
        for (int i = offset; i < offset + length; i++) {
            if (count == 0 && harmless(bytes[i])) {
                continue;
            }
            out.write(bytes, plain, i - plain);
            plain = i + 1;
            write(bytes[i]);
        }
        out.write(bytes, plain, offset + length - plain);
    }

    @Override
    public void write(int value) throws IOException {
        byte next = (byte) value;
        if (count > 0) {
            afterHeld(next);
        } else if (harmless(next)) {
            out.write(next);
        } else if (next == 0x1B || next == (byte) 0xC2) {
            hold(next);
        } else {
            show(next);
        }
    }

    private void afterHeld(byte next) throws IOException {
        if (held[0] == (byte) 0xC2) {
            count = 0;
            if ((next & 0xE0) == 0x80) {
                // U+0080 to U+009F in UTF-8: terminals take them as the short forms of escape sequences.
                show(next);
            } else {
                out.write(0xC2);
                write(next);
            }
        } else if (count == 1 && next == '['
                || count > 1 && count < SEQUENCE_LIMIT && (next >= '0' && next <= '9' || next == ';' || next == ':')) {
            hold(next);
        } else if (count > 1 && next == 'm') {
            out.write(held, 0, count);
            out.write(next);
            count = 0;
        } else {
            release();
            write(next);
        }
    }

    private void hold(byte next) {
        held[count++] = next;
    }

    /** Shows what was held and has turned out to be no colour. */
    private void release() throws IOException {
        int length = count;
        count = 0;
        if (length > 0 && held[0] == 0x1B) {
            out.write('\\');
            out.write('e');
            out.write(held, 1, length - 1);
        } else {
            out.write(held, 0, length);
        }
    }

    private void show(byte control) throws IOException {
        out.write(String.format("\\x%02x", control).getBytes(StandardCharsets.US_ASCII));
    }

    /** A carriage return is let through: progress bars are made of it. */
    private static boolean harmless(byte next) {
        return next >= ' ' && next != 0x7F
                || next == '\n'
                || next == '\r'
                || next == '\t'
                || next < 0 && next != (byte) 0xC2;
    }

    /**
     * Shows what is still held: nothing more comes.
     *
     * @throws IOException when the terminal has gone
     */
    public void finish() throws IOException {
        release();
        flush();
    }

    @Override
    public void close() throws IOException {
        finish();
        super.close();
    }
}
