package io.leprechaun.daemon.store;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * The checksum of a row, which shows whether the row is as it was written. SQLite detects an invalid page, but not a
 * changed letter.
 */
final class Checksum {
    private Checksum() {}

    /**
     * Returns the checksum of a row's values: first its bytes, then everything else in its order, as text. Of an enum's
     * constant that is the name, which must stay for that reason.
     */
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
