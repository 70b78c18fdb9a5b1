package io.leprechaun.daemon.recipe.reader;

import io.leprechaun.daemon.keys.Key;
import io.leprechaun.daemon.keys.KeyTable;
import io.leprechaun.daemon.keys.Shape;
import io.leprechaun.daemon.keys.Type;
import io.leprechaun.daemon.keys.Types;
import io.leprechaun.daemon.recipe.Bounds;
import io.leprechaun.daemon.recipe.Expect;
import io.leprechaun.daemon.recipe.Linger;
import io.leprechaun.daemon.settings.HistoryKeys;
import io.leprechaun.daemon.settings.HistorySettings;
import io.leprechaun.daemon.settings.notify.NotifyKeys;
import io.leprechaun.daemon.settings.notify.NotifyRules;
import io.leprechaun.daemon.units.Regex;
import io.leprechaun.daemon.yaml.MappingReader;
import java.time.Duration;
import java.util.Optional;

/** The keys of a recipe's {@link Bounds}, and their reader. */
final class BoundsKeys {
    /** All keys of bounds. */
    static final KeyTable<Bounds> TABLE = new KeyTable<>();

    private static final Duration LONGEST = Duration.ofDays(3650);

    private static final KeyTable<Expect> EXPECTATIONS = new KeyTable<>();
    private static final Key<Duration> MIN = EXPECTATIONS.add(
            Key.of("min", Types.duration(Duration.ZERO, LONGEST)).says("The shortest duration of a successful run."));
    private static final Key<Duration> MAX = EXPECTATIONS.add(
            Key.of("max", Types.duration(Duration.ZERO, LONGEST)).says("The longest duration of a successful run."));
    private static final Key<Regex> OUTPUT =
            EXPECTATIONS.add(Key.of("output", Type.parsed(Regex::of, BoundsKeys::regex))
                    .says("A pattern of RE2 that a line of the output must match."));

    private static final Key<Optional<Duration>> TIMEOUT = TABLE.add(
            Key.of("timeout", timeouts())
                    .says("Time after which an attempt is ended.")
                    .usually(Optional.of(Duration.ofHours(24))),
            Bounds::timeout);
    private static final Key<Duration> GRACE = TABLE.add(
            Key.of("grace", Types.duration(Duration.ZERO, Duration.ofHours(1)))
                    .says("Time from TERM to KILL when processes are ended, and for all handlers of a run together.")
                    .usually(Duration.ofSeconds(10)),
            Bounds::grace);
    private static final Key<Linger> LINGER = TABLE.add(
            Key.of("linger", Types.choice(Linger.class))
                    .says("Handling of processes that a step leaves behind when it ends by itself.")
                    .usually(Linger.LEAVE),
            Bounds::linger);
    private static final Key<MappingReader> EXPECT = TABLE.addText(
            Key.of("expect", Types.section(() -> EXPECTATIONS))
                    .says("Conditions for the success of a run, besides the success of its steps.")
                    .unless("none"),
            bounds -> Shown.expect(bounds.expect()));

    static {
        TABLE.addText(HistoryKeys.OF_RECIPE, bounds -> Shown.history(bounds.history()));
        TABLE.addText(NotifyKeys.OF_RECIPE, bounds -> Shown.telling(bounds.telling()));
    }

    private BoundsKeys() {}

    /**
     * Returns the bounds of a recipe that sets none.
     *
     * @param history the settings for the records that are kept of runs
     * @param telling the rules for notices of runs
     */
    static Bounds usual(HistorySettings history, NotifyRules telling) {
        return new Bounds(TIMEOUT.usual(), GRACE.usual(), LINGER.usual(), Expect.NOTHING, history, telling);
    }

    /** Returns the type of a time after which something is ended. */
    static Type<Optional<Duration>> timeouts() {
        return Types.durationOrNone(Duration.ofMillis(1), LONGEST);
    }

    /** Reads bounds: the keys override the defaults. Errors in them are noted. */
    static Bounds read(MappingReader fields, Bounds usual) {
        return new Bounds(
                TIMEOUT.or(fields, usual.timeout()),
                GRACE.or(fields, usual.grace()),
                LINGER.or(fields, usual.linger()),
                EXPECT.read(fields)
                        .map(section -> expect(section, usual.expect()))
                        .orElse(usual.expect()),
                usual.history().with(fields),
                usual.telling().with(fields));
    }

    private static Expect expect(MappingReader fields, Expect usual) {
        var expect = new Expect(
                MIN.read(fields).or(usual::min),
                MAX.read(fields).or(usual::max),
                OUTPUT.read(fields).or(usual::output));
        fields.done();
        if (expect.min().isPresent()
                && expect.max().isPresent()
                && expect.min().get().compareTo(expect.max().get()) > 0) {
            fields.wrong("min", "`min` is longer than `max`, so every run would fail; change one of them");
        }
        return expect;
    }

    private static Shape regex() {
        return Shape.of(Types.TEXT.schema(), "[pattern](#patterns)");
    }
}
