package io.leprechaun.api.text;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The only writer to a terminal, used by both programs. Text and colours pass. All else that would drive the terminal,
 * conceal text or turn the reading direction is escaped, as {@link Printable} does, or dropped. So a step's output
 * cannot rename windows, move the cursor or answer for the user. A sequence that is split between two writes is held
 * until it is complete. Thread-safe.
 */
public final class TerminalOutput extends OutputStream {
    /** The beginning of a line that Leprechaun itself inserts into a step's output. */
    public static final String REMARK = "[leprechaun: ";

    private static final int SEQUENCE_LIMIT = 64;
    private static final int BUFFER_LIMIT = 64 * 1024;
    private static final int ESC = 0x1B;
    private static final byte[] REMARK_BYTES = REMARK.getBytes(StandardCharsets.US_ASCII);

    private final OutputStream terminal;
    private final @Nullable TerminalOutput before;
    /** The bytes that go to the terminal at the end of a write. */
    private final ByteArrayOutputStream ready = new ByteArrayOutputStream();
    /** The incomplete beginning of a colour, of a character or of a {@link #REMARK}. */
    private final byte[] held = new byte[SEQUENCE_LIMIT];

    private int count;
    private boolean midLine;
    private boolean styled;

    /** Creates a writer without a data stream beside it. */
    public TerminalOutput(OutputStream terminal) {
        this(terminal, null);
    }

    /**
     * Creates a writer of the program's own messages beside a stream of data. They begin on a new line in the
     * terminal's default style, regardless of the state that the data has left.
     *
     * @param before the writer of the data to the same terminal
     */
    public TerminalOutput(OutputStream terminal, @Nullable TerminalOutput before) {
        this.terminal = terminal;
        this.before = before;
    }

    @Override
    public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
        if (before != null && length > 0) {
            before.giveWay();
        }
        int plain = offset;
        for (int i = offset; i < offset + length; i++) {
            boolean mayBeRemark = bytes[i] == '[' && i == plain && isRemarkPossible();
            if (count == 0 && isPlain(bytes[i]) && !mayBeRemark) {
                continue;
            }
            text(bytes, plain, i - plain);
            plain = i + 1;
            take(bytes[i]);
        }
        text(bytes, plain, offset + length - plain);
        drain();
    }

    @Override
    public synchronized void flush() throws IOException {
        terminal.flush();
    }

    /**
     * Shows the held bytes and resets the style. To be called when no more output follows.
     *
     * @throws IOException when the terminal is gone
     */
    public synchronized void finish() throws IOException {
        release();
        reset();
        drain();
        flush();
    }

    @Override
    public void close() throws IOException {
        finish();
        terminal.close();
    }

    private synchronized void giveWay() throws IOException {
        release();
        reset();
        if (midLine) {
            endLine();
        }
        drain();
        flush();
    }

    private void take(byte next) throws IOException {
        if (count > 0) {
            afterHeld(next);
        } else if (next == ESC || characterLength(next) > 1 || next == '[' && isRemarkPossible()) {
            hold(next);
        } else if (next == '\n') {
            endLine();
        } else if (next == '\r' || next == '\t' || isPlain(next)) { // progress bars use carriage returns
            text(new byte[] {next}, 0, 1);
        } else {
            show(next);
        }
    }

    private void afterHeld(byte next) throws IOException {
        if (isContinued(next)) {
            hold(next);
            whole();
        } else if (held[0] == ESC && count > 1 && next == 'm') {
            style();
        } else {
            release();
            take(next);
        }
    }

    /** Returns whether this byte continues the held bytes. */
    private boolean isContinued(byte next) {
        return switch (held[0]) {
            case ESC ->
                count == 1
                        ? next == '['
                        : count < SEQUENCE_LIMIT && (next >= '0' && next <= '9' || next == ';' || next == ':');
            case '[' -> REMARK_BYTES[count] == next;
            default -> (next & 0xC0) == 0x80 && (count > 1 || isSecond(held[0], next));
        };
    }

    /** Writes the held bytes if they are a whole character or remark. */
    private void whole() throws IOException {
        int length = count;
        if (held[0] == '[' && length == REMARK_BYTES.length) {
            reset();
            release();
        } else if (held[0] < 0 && length == characterLength(held[0])) {
            count = 0;
            int c = held[0] & 0xFF >> length + 1;
            for (int i = 1; i < length; i++) {
                c = c << 6 | held[i] & 0x3F;
            }
            if (Printable.isSafe(c)) {
                text(held, 0, length);
            } else {
                text(Printable.escape(c));
            }
        }
    }

    /** Returns the length of a character in UTF-8 by its first byte; 1 where no longer character begins with it. */
    private static int characterLength(byte first) {
        int octet = first & 0xFF;
        if (octet >= 0xC2 && octet <= 0xDF) {
            return 2;
        }
        if (octet >= 0xE0 && octet <= 0xEF) {
            return 3;
        }
        return octet >= 0xF0 && octet <= 0xF4 ? 4 : 1;
    }

    /**
     * Returns whether a second byte is valid: the character is not overlong, not a surrogate and not beyond U+10FFFF.
     */
    private static boolean isSecond(byte first, byte second) {
        int octet = second & 0xFF;
        return switch (first & 0xFF) {
            case 0xE0 -> octet >= 0xA0;
            case 0xED -> octet < 0xA0;
            case 0xF0 -> octet >= 0x90;
            case 0xF4 -> octet < 0x90;
            default -> true;
        };
    }

    private void style() throws IOException {
        String allowed = GraphicRendition.allowed(new String(held, 2, count - 2, StandardCharsets.US_ASCII));
        count = 0;
        if (!allowed.isEmpty()) {
            ready.write(("\u001b[" + allowed + "m").getBytes(StandardCharsets.US_ASCII));
            styled = !allowed.equals("0");
        }
    }

    /** Shows the held bytes, which turned out not to be a sequence that passes. */
    private void release() throws IOException {
        int length = count;
        count = 0;
        if (length == 0) {
            return;
        }
        if (held[0] == ESC) {
            show(held[0]);
            text(held, 1, length - 1);
        } else if (held[0] == '[') {
            text(held, 0, length);
        } else {
            for (int i = 0; i < length; i++) {
                show(held[i]);
            }
        }
    }

    private void hold(byte next) {
        held[count++] = next;
    }

    /** Returns whether a remark may begin here while a style is in force, which the remark must not be shown in. */
    private boolean isRemarkPossible() {
        return styled && !midLine;
    }

    private void reset() {
        if (styled) {
            ready.writeBytes("\u001b[0m".getBytes(StandardCharsets.US_ASCII));
            styled = false;
        }
    }

    private void endLine() {
        ready.write('\n');
        midLine = false;
    }

    /** Shows a control character, or a byte that is not UTF-8. */
    private void show(byte octet) throws IOException {
        text(octet < 0 ? String.format("\\x%02x", octet) : Printable.escape(octet));
    }

    private void text(String text) throws IOException {
        text(text.getBytes(StandardCharsets.US_ASCII), 0, text.length());
    }

    private void text(byte[] bytes, int offset, int length) throws IOException {
        if (length > 0) {
            ready.write(bytes, offset, length);
            midLine = true;
            if (ready.size() >= BUFFER_LIMIT) {
                drain();
            }
        }
    }

    private void drain() throws IOException {
        if (ready.size() > 0) {
            ready.writeTo(terminal);
            ready.reset();
        }
    }

    private static boolean isPlain(byte octet) {
        return octet >= ' ' && octet != 0x7F;
    }
}
