package io.leprechaun.daemon.units;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Texts of instants in a time zone. */
public final class LocalTimes {
    private static final DateTimeFormatter TO_THE_SECOND =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

    private LocalTimes() {}

    /** Returns the local time, to the second: {@code 2026-11-27 09:00:00}. */
    public static String format(Instant at, ZoneId zone) {
        return TO_THE_SECOND.format(at.atZone(zone));
    }
}
