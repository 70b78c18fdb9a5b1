package io.leprechaun.daemon.hook;

import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The conversion of bytes from the network into texts. It refuses invalid bytes instead of replacing them, since a step
 * gets exactly the text that was sent.
 */
final class Texts {
    private static final byte[] MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    private Texts() {}

    /**
     * Returns the stream after a byte order mark (RFC 8259, 8.1: it may be ignored), or the whole stream where there is
     * none.
     */
    static InputStream withoutMark(InputStream utf8) throws IOException {
        var in = new PushbackInputStream(utf8, MARK.length);
        byte[] begin = in.readNBytes(MARK.length);
        if (!Arrays.equals(begin, MARK)) {
            in.unread(begin);
        }
        return in;
    }

    /** Returns the bytes after a byte order mark, or all bytes where there is none. */
    static byte[] withoutMark(byte[] utf8) {
        return utf8.length >= MARK.length && Arrays.equals(utf8, 0, MARK.length, MARK, 0, MARK.length)
                ? Arrays.copyOfRange(utf8, MARK.length, utf8.length)
                : utf8;
    }

    /** Returns the text of bytes. */
    static String utf8(byte[] bytes, String what) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new UnreadableException(what + " is not UTF-8");
        }
    }

    /** Returns the same text, if an environment can hold it. */
    static String variable(String text, String what) {
        if (text.indexOf('\0') >= 0) {
            throw new UnreadableException(what + " contains a NUL, which is not allowed in a variable");
        }
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new UnreadableException(what + " contains an incomplete character");
        }
        return text;
    }
}
