package io.leprechaun.daemon.desk.output;

import io.leprechaun.daemon.output.OutputTimes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;

/** The times before the lines of one output file. Owned by one thread. */
final class LineTimes {
    private final Path file;
    private final ZoneId zone;
    private OutputTimes times;
    /** The time of the last output so far. */
    private Instant latest;

    private boolean lineBegins = true;

    LineTimes(Path file, ZoneId zone) throws IOException {
        this.file = file;
        this.zone = zone;
        this.times = OutputTimes.of(file);
        this.latest = latest();
    }

    private Instant latest() throws IOException {
        return Files.getLastModifiedTime(file).toInstant();
    }

    /** Reads the times again if more was printed. */
    void update() throws IOException {
        Instant now = latest();
        if (!now.equals(latest)) {
            latest = now;
            times = OutputTimes.of(file);
        }
    }

    /** Begins a line: a sentence about the output was written. */
    void begin() {
        lineBegins = true;
    }

    /** Writes a part of an array, which was printed from an offset on. */
    void write(OutputStream out, byte[] bytes, int from, int length, long offset) throws IOException {
        var timed = new ByteArrayOutputStream(length + 64);
        for (int i = 0; i < length; i++) {
            if (lineBegins) {
                timed.writeBytes(time(offset + i).getBytes(StandardCharsets.UTF_8));
            }
            timed.write(bytes[from + i]);
            lineBegins = bytes[from + i] == '\n';
        }
        timed.writeTo(out);
    }

    /** Returns a time as the whole second and the offset of the zone. */
    private String time(long offset) {
        Instant at = times.at(offset).orElse(latest); // without a file of times all came within a second
        return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(
                        at.atZone(zone).toOffsetDateTime().truncatedTo(ChronoUnit.SECONDS))
                + " ";
    }
}
