package io.leprechaun.daemon.desk.output;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A stream of frames that combines output with words about it, in their order; the output of a step cannot pass for
 * words. A frame is a letter ({@code o} output, {@code w} words), four bytes of length, the highest first, and the
 * bytes.
 */
final class FrameWriter extends OutputStream {
    private static final int HEAD = 5;

    private final OutputStream out;

    FrameWriter(OutputStream out) {
        this.out = out;
    }

    /** Writes a line of words. */
    void say(String line) throws IOException {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        frame('w', bytes, 0, bytes.length);
    }

    @Override
    public void write(int octet) throws IOException {
        frame('o', new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (length > 0) {
            frame('o', bytes, offset, length);
        }
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }

    private void frame(char kind, byte[] bytes, int offset, int length) throws IOException {
        out.write(ByteBuffer.allocate(HEAD).put((byte) kind).putInt(length).array());
        out.write(bytes, offset, length);
    }
}
