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
import java.util.Optional;

/** The times before the lines of one output file. Owned by one thread. */
final class LineTimes {
    private final Path file;
    private final Optional<Instant> started;
    private final ZoneId zone;
    private OutputTimes times;
    private boolean lineBegins = true;

    /** @param started the instant at which the step began; empty: not known */
    LineTimes(Path file, Optional<Instant> started, ZoneId zone) {
        this.file = file;
        this.started = started;
        this.zone = zone;
        this.times = OutputTimes.of(file);
    }

    /** Begins a line: a sentence about the output was written. */
    void begin() {
        lineBegins = true;
    }

    /** Writes a part of an array, which was printed from an offset on. */
    void write(OutputStream out, byte[] bytes, int from, int length, long offset) throws IOException {
        times = times.orNewer(file);
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

    /** Returns the time of the last output: without a file of times all of it came within a second. */
    private Instant written() {
        try {
            return Files.getLastModifiedTime(file).toInstant();
        } catch (IOException e) { // it was removed meanwhile
            return Instant.EPOCH;
        }
    }

    /** Returns a time as the whole second and the offset of the zone. */
    private String time(long offset) {
        Instant at = times.at(offset).or(() -> started).orElseGet(this::written);
        return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(
                        at.atZone(zone).toOffsetDateTime().truncatedTo(ChronoUnit.SECONDS))
                + " ";
    }
}
