package io.leprechaun.daemon.settings;

import io.leprechaun.daemon.yaml.MappingReader;
import java.time.Duration;
import java.util.Optional;

/**
 * The limits on the history that is kept. A run that is not over is never removed, nor is a recipe's newest run.
 *
 * @param runs the largest number of runs that have started and are over; empty: any number
 * @param age the greatest age of a run; empty: any age
 * @param bytes the largest size of the runs together; empty: any size
 * @param rest the time that a run stays in any case when there are too many, so that a burst can be examined
 */
public record RetentionLimits(Optional<Integer> runs, Optional<Duration> age, Optional<Long> bytes, Duration rest) {
    /** The default limits of each recipe. */
    public static final RetentionLimits DEFAULTS = new RetentionLimits(
            HistoryKeys.RUNS.usual(), HistoryKeys.DAYS.usual(), HistoryKeys.BYTES.usual(), Duration.ofHours(1));
    /** The default limits of all recipes together: half of the room that the disk has for them. */
    public static final RetentionLimits OF_ALL = new RetentionLimits(
            Optional.empty(), Optional.empty(), Optional.of(RetentionLimits.HALF_OF_DISK), Duration.ZERO);

    /** No limits: any number of runs of any age. */
    public static final RetentionLimits EVERYTHING =
            new RetentionLimits(Optional.empty(), Optional.empty(), Optional.empty(), Duration.ZERO);

    /** The stand-in for a number of bytes that is known only when the daemon starts. */
    private static final long HALF_OF_DISK = -1;

    private static final long FEWEST_BYTES = 64 << 10;

    /**
     * Returns these limits with half of this room, in bytes and at least 64 KiB, where they name half of the disk's
     * room.
     */
    public RetentionLimits onDisk(long room) {
        return bytes.filter(most -> most == HALF_OF_DISK).isPresent()
                ? new RetentionLimits(runs, age, Optional.of(Math.max(FEWEST_BYTES, room / 2)), rest)
                : this;
    }

    /** Returns these limits without one on the age of a run. */
    public RetentionLimits ofAnyAge() {
        return new RetentionLimits(runs, Optional.empty(), bytes, rest);
    }

    /** Returns these limits with the values of a section instead. They hold at once: {@code rest} is zero. */
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
