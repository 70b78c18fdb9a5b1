package io.leprechaun.daemon.body;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Names and values of {@code application/x-www-form-urlencoded} (the URL standard of WHATWG, section 5): of a query, or
 * of a form. A value is decoded when it is asked for, because others may be invalid. Immutable.
 */
public final class Pairs {
    /** The number of pairs that are read: each takes memory. */
    private static final int MOST = 1000;

    private final String what;
    private final Map<String, String> undecoded;
    private final boolean whole;

    private Pairs(String what, Map<String, String> undecoded, boolean whole) {
        this.what = what;
        this.undecoded = undecoded;
        this.whole = whole;
    }

    /**
     * Reads the pairs of a text.
     *
     * @param text the text, with one character per byte
     * @param what the name of the text in messages: {@code the query}
     */
    public static Pairs of(String text, String what) {
        var undecoded = new HashMap<String, String>();
        int count = 0;
        int begin = 0;
        while (begin < text.length() && count < MOST) {
            int end = text.indexOf('&', begin);
            end = end < 0 ? text.length() : end;
            if (end > begin) {
                int equals = text.indexOf('=', begin);
                int split = equals < 0 || equals > end ? end : equals;
                String value = text.substring(Math.min(split + 1, end), end);
                decoded(text.substring(begin, split)).ifPresent(name -> undecoded.putIfAbsent(name, value));
            }
            count++;
            begin = end + 1;
        }
        return new Pairs(what, undecoded, begin >= text.length());
    }

    /**
     * Returns the first value of a name; empty where there is none.
     *
     * @throws IllegalArgumentException when it is not percent-encoded UTF-8, or is not among the first {@value #MOST},
     *     and there are more
     */
    public Optional<String> value(String name) {
        String value = undecoded.get(name);
        if (value != null) {
            return Optional.of(decoded(value)
                    .orElseThrow(() -> new IllegalArgumentException(what + " is not percent-encoded UTF-8")));
        }
        if (!whole) {
            throw new IllegalArgumentException(what + " has more than " + MOST + " values");
        }
        return Optional.empty();
    }

    private static Optional<String> decoded(String text) {
        var bytes = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '+') {
                bytes.write(' ');
            } else if (c == '%') {
                int high = i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
                int low = high < 0 ? -1 : Character.digit(text.charAt(i + 2), 16);
                if (low < 0) {
                    return Optional.empty();
                }
                bytes.write(high << 4 | low);
                i += 2;
            } else if (c > 0xff) {
                return Optional.empty(); // not a byte
            } else {
                bytes.write(c);
            }
        }
        try {
            var utf8 = StandardCharsets.UTF_8.newDecoder();
            return Optional.of(utf8.decode(ByteBuffer.wrap(bytes.toByteArray())).toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }
}
