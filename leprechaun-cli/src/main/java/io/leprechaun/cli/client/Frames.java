package io.leprechaun.cli.client;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * The frames of an answer that mixes output and messages: a letter, a length of four bytes in big-endian order, and the
 * bytes.
 */
public final class Frames {
    /** The longest frame that a daemon sends, in bytes. */
    private static final int LONGEST = 16 << 20;

    private Frames() {}

    /**
     * Reads an answer to its end.
     *
     * @param output the receiver of the steps' output
     * @param words the receiver of messages, a line each
     * @throws IOException when the answer is cut off, or does not consist of frames
     */
    public static void read(InputStream body, Consumer<byte[]> output, Consumer<String> words) throws IOException {
        var frames = new DataInputStream(body);
        for (int kind = frames.read(); kind >= 0; kind = frames.read()) {
            byte[] bytes = frame(frames);
            if (kind == 'o') {
                output.accept(bytes);
            } else { // a frame of an unknown kind is a message too
                words.accept(new String(bytes, StandardCharsets.UTF_8));
            }
        }
    }

    private static byte[] frame(DataInputStream frames) throws IOException {
        try {
            int length = frames.readInt();
            if (length < 0 || length > LONGEST) {
                throw new BrokenAnswerException("unexpected content");
            }
            byte[] bytes = new byte[length];
            frames.readFully(bytes);
            return bytes;
        } catch (EOFException e) {
            throw new BrokenAnswerException("incomplete frame");
        }
    }
}
