package io.leprechaun.daemon.settings;

import io.leprechaun.daemon.keys.Key;
import io.leprechaun.daemon.keys.KeyTable;
import io.leprechaun.daemon.keys.Type;
import io.leprechaun.daemon.keys.Types;
import io.leprechaun.daemon.yaml.MappingReader;
import java.time.Duration;
import java.util.Optional;

/** The keys of {@code history:} in a recipe and in the settings. */
public final class HistoryKeys {
    private static final long SMALLEST = 64 << 10;
    private static final int MOST_RUNS = 999_999_999;
    private static final int MOST_DAYS = 36_500;

    private static final KeyTable<RetentionLimits> KEEPING = new KeyTable<>();
    static final Key<Optional<Integer>> RUNS = KEEPING.add(runs().usually(Optional.of(1000)));
    static final Key<Optional<Duration>> DAYS = KEEPING.add(days().usually(Optional.of(Duration.ofDays(90))));
    static final Key<Optional<Long>> BYTES = KEEPING.add(bytes().usually(Optional.of(1L << 30)));

    private static final KeyTable<RetentionLimits> TOTALS = new KeyTable<>();

    static {
        TOTALS.add(runs().usually(Optional.empty()));
        TOTALS.add(days().usually(Optional.empty()));
        TOTALS.add(bytes().unless("half of the disk space available at startup, or the present size if that is larger")
                .example("100g"));
    }

    private static final KeyTable<HistorySettings> TABLE = new KeyTable<>();
    static final Key<Long> OUTPUT = TABLE.add(Key.of("output", Types.size(SMALLEST, Long.MAX_VALUE))
            .says("The limit on the stored output of a run: its beginning and its end.")
            .usually(16L << 20)
            .shipped());
    static final Key<MappingReader> KEEP = TABLE.add(Key.of("keep", Types.shared("keep", () -> KEEPING))
            .says("Limits on the kept runs of one recipe, see [History](settings.md#history)."));

    private static final KeyTable<HistorySettings> SETTINGS = new KeyTable<>();
    static final Key<MappingReader> TOTAL;

    static {
        SETTINGS.addAll(TABLE);
        TOTAL = SETTINGS.add(
                Key.of("total", Types.section(() -> TOTALS)).says("Limits on the kept runs of all recipes together."));
    }

    /** The key of a recipe. */
    public static final Key<MappingReader> OF_RECIPE = Key.of("history", Types.shared("history", () -> TABLE))
            .says("Limits on the output of a run and on the runs that are kept.")
            .unless("the settings'");

    /** The key of the settings. */
    static final Key<MappingReader> OF_SETTINGS = Key.of("history", Types.section(() -> SETTINGS))
            .says("Limits on the output of a run and on the runs that are kept.");

    private HistoryKeys() {}

    private static Key<Optional<Integer>> runs() {
        return Key.of("runs", Types.integerOrNone(1, MOST_RUNS))
                .says("The number of runs that have started and ended.");
    }

    private static Key<Optional<Duration>> days() {
        Type<Optional<Duration>> type = Type.orNone(
                text -> Duration.ofDays(MappingReader.whole(text, 1, MOST_DAYS)),
                () -> Types.whole(1, MOST_DAYS),
                age -> Long.toString(age.toDays()));
        return Key.of("days", type).says("The age of the oldest run, in days.");
    }

    private static Key<Optional<Long>> bytes() {
        return Key.of("bytes", Types.sizeOrNone(SMALLEST, Long.MAX_VALUE))
                .says("The size of the runs' output and bodies together.");
    }
}
