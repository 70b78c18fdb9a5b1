package io.leprechaun.daemon.hook;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Turns what came over the network into texts, or refuses: nothing is replaced, since a step gets exactly what was sent. */
final class Texts {
    private static final int MOST_PAIRS = 1000;
    private static final byte[] MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    private Texts() {}

    /** What stands behind a byte order mark (RFC 8259, 8.1: it may be passed over), or all where there is none. */
    static InputStream withoutMark(InputStream utf8) throws IOException {
        var in = new PushbackInputStream(utf8, MARK.length);
        byte[] begin = in.readNBytes(MARK.length);
        if (!Arrays.equals(begin, MARK)) {
            in.unread(begin);
        }
        return in;
    }

    /** The same of bytes. */
    static byte[] withoutMark(byte[] utf8) {
        return utf8.length >= MARK.length && Arrays.equals(utf8, 0, MARK.length, MARK, 0, MARK.length)
                ? Arrays.copyOfRange(utf8, MARK.length, utf8.length)
                : utf8;
    }

    /** The text of bytes. */
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

    /** The same text, if it is one that an environment can hold. */
    static String variable(String text, String what) {
        if (text.indexOf('\0') >= 0) {
            throw new UnreadableException(what + " holds a NUL, which no variable can");
        }
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new UnreadableException(what + " holds half a character");
        }
        return text;
    }

    /**
     * Names and values of {@code application/x-www-form-urlencoded} (the URL standard of WHATWG, section 5); of a name that is given more than once the first value.
     *
     * @param text one character a byte
     */
    static Map<String, String> pairs(String text, String what) {
        var pairs = new LinkedHashMap<String, String>();
        int count = 0;
        int begin = 0;
        while (begin < text.length()) {
            int end = text.indexOf('&', begin);
            end = end < 0 ? text.length() : end;
            if (++count > MOST_PAIRS) {
                throw new UnreadableException(what + " holds more than " + MOST_PAIRS + " values");
            }
            if (end > begin) {
                int equals = text.indexOf('=', begin);
                int split = equals < 0 || equals > end ? end : equals;
                pairs.putIfAbsent(
                        decoded(text, begin, split, what), decoded(text, Math.min(split + 1, end), end, what));
            }
            begin = end + 1;
        }
        return pairs;
    }

    private static String decoded(String text, int begin, int end, String what) {
        var bytes = new ByteArrayOutputStream(end - begin);
        for (int i = begin; i < end; i++) {
            char c = text.charAt(i);
            if (c == '+') {
                bytes.write(' ');
            } else if (c == '%') {
                int high = i + 2 < end ? Character.digit(text.charAt(i + 1), 16) : -1;
                int low = high < 0 ? -1 : Character.digit(text.charAt(i + 2), 16);
                if (high < 0 || low < 0) {
                    throw new UnreadableException(what + " is not percent-encoded UTF-8");
                }
                bytes.write(high << 4 | low);
                i += 2;
            } else {
                bytes.write(c);
            }
        }
        return utf8(bytes.toByteArray(), what);
    }
}
