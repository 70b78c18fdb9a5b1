package io.leprechaun.cli.client;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** An answer in which output and words about it follow each other: a letter, four bytes of length, the highest first, and the bytes. */
public final class Frames {
    /** No daemon sends longer ones. */
    private static final int LONGEST = 16 << 20;

    private Frames() {}

    /**
     * Reads an answer to its end.
     *
     * @param output takes what steps print
     * @param words takes a line for people
     * @throws IOException when it breaks off, or is no such answer
     */
    public static void read(InputStream body, Consumer<byte[]> output, Consumer<String> words) throws IOException {
        var frames = new DataInputStream(body);
        for (int kind = frames.read(); kind >= 0; kind = frames.read()) {
            byte[] bytes = frame(frames);
            if (kind == 'o') {
                output.accept(bytes);
            } else { // words of a kind that is not known yet are words too
                words.accept(new String(bytes, StandardCharsets.UTF_8));
            }
        }
    }

    private static byte[] frame(DataInputStream frames) throws IOException {
        try {
            int length = frames.readInt();
            if (length < 0 || length > LONGEST) {
                throw new BrokenAnswerException("it is not what was asked for");
            }
            byte[] bytes = new byte[length];
            frames.readFully(bytes);
            return bytes;
        } catch (EOFException e) {
            throw new BrokenAnswerException("it ends in the middle");
        }
    }
}
