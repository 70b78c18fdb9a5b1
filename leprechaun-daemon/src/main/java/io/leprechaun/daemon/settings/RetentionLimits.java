package io.leprechaun.daemon.settings;

import io.leprechaun.daemon.yaml.MappingReader;
import java.time.Duration;
import java.util.Optional;

/**
 * How much history is kept. What is not over is never removed, nor is a recipe's newest run.
 *
 * @param runs at most so many that have started and are over; empty: any number
 * @param age at most this old; empty: for ever
 * @param bytes what they may occupy together; empty: any amount
 * @param rest how long a run stays in any case when there are too many, so that a burst can be looked at
 */
public record RetentionLimits(Optional<Integer> runs, Optional<Duration> age, Optional<Long> bytes, Duration rest) {
    /** Of each recipe, unless something else is asked for. */
    public static final RetentionLimits DEFAULTS = new RetentionLimits(
            HistoryKeys.RUNS.usual(), HistoryKeys.DAYS.usual(), HistoryKeys.BYTES.usual(), Duration.ofHours(1));
    /** Of all recipes together, unless something else is asked for: half of the room that the disk has for them. */
    public static final RetentionLimits OF_ALL = new RetentionLimits(
            Optional.empty(), Optional.empty(), Optional.of(RetentionLimits.HALF_OF_DISK), Duration.ZERO);

    /** Any number of runs of any age. */
    public static final RetentionLimits EVERYTHING =
            new RetentionLimits(Optional.empty(), Optional.empty(), Optional.empty(), Duration.ZERO);

    /** In place of a number of bytes that is known when the daemon starts. */
    private static final long HALF_OF_DISK = -1;

    private static final long FEWEST_BYTES = 64 << 10;

    /** This where it is half of the disk's room, of which there are so many bytes. */
    public RetentionLimits onDisk(long room) {
        return bytes.filter(most -> most == HALF_OF_DISK).isPresent()
                ? new RetentionLimits(runs, age, Optional.of(Math.max(FEWEST_BYTES, room / 2)), rest)
                : this;
    }

    /** This, whatever the age of a run. */
    public RetentionLimits ofAnyAge() {
        return new RetentionLimits(runs, Optional.empty(), bytes, rest);
    }

    /** This, with what a section says instead: then it holds at once. */
    RetentionLimits with(MappingReader fields) {
        var keep = new RetentionLimits(
                HistoryKeys.RUNS.or(fields, runs),
                HistoryKeys.DAYS.or(fields, age),
                HistoryKeys.BYTES.or(fields, bytes),
                Duration.ZERO);
        fields.done();
        return keep;
    }
}
