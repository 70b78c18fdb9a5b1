package io.leprechaun.daemon.store;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** Tells whether a row says what was written. SQLite finds a page that makes no sense, but not a letter that has become another. */
final class Checksum {
    private Checksum() {}

    /** Of a row's values, in their order: texts, numbers, bytes or null. */
    static long of(@Nullable Object... values) {
        var sum = new CRC32();
        var texts = new StringBuilder(256);
        for (Object value : values) {
            if (value instanceof byte[] bytes) {
                sum.update(bytes);
            } else {
                texts.append(value);
            }
            texts.append('\0');
        }
        sum.update(texts.toString().getBytes(StandardCharsets.UTF_8));
        return sum.getValue();
    }
}
