package io.leprechaun.daemon.recipe.reader;

import io.leprechaun.daemon.keys.Key;
import io.leprechaun.daemon.keys.KeyTable;
import io.leprechaun.daemon.keys.Shape;
import io.leprechaun.daemon.keys.Type;
import io.leprechaun.daemon.keys.Types;
import io.leprechaun.daemon.recipe.CatchUp;
import io.leprechaun.daemon.recipe.Lock;
import io.leprechaun.daemon.recipe.OnStop;
import io.leprechaun.daemon.recipe.Overlap;
import io.leprechaun.daemon.recipe.Policy;
import io.leprechaun.daemon.recipe.Retry;
import io.leprechaun.daemon.recipe.Timing;
import io.leprechaun.daemon.recipe.Windows;
import io.leprechaun.daemon.schedule.Window;
import io.leprechaun.daemon.yaml.MappingReader;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The keys of a recipe's {@link Policy}, and their reader. */
final class PolicyKeys {
    /** All keys of a policy. */
    static final KeyTable<Policy> TABLE = new KeyTable<>();

    private static final Duration YEAR = Duration.ofDays(365);
    private static final Duration SECOND = Duration.ofSeconds(1);

    private static final KeyTable<Lock> LOCKS = new KeyTable<>();
    private static final Key<String> LOCK_NAME = LOCKS.add(
            Key.of("name", Type.parsed(Lock::name, PolicyKeys::lockName)).says("Name of the lock."));
    private static final Key<Lock.Written> LOCK_MODE = LOCKS.add(Key.of("mode", Types.choice(Lock.Written.class))
            .says("`shared`: several runs may hold it, while none holds it exclusively.")
            .usually(Lock.Written.EXCLUSIVE));

    private static final KeyTable<Retry> RETRIES = new KeyTable<>();
    private static final Key<Integer> TIMES = RETRIES.add(Key.of("times", Types.integer(0, 1000))
            .says("Number of further attempts.")
            .usually(1));
    private static final Key<Duration> DELAY = RETRIES.add(Key.of("delay", Types.duration(Duration.ZERO, YEAR))
            .says("Time before the first further attempt.")
            .usually(Retry.NONE.delay()));
    private static final Key<Double> BACKOFF = RETRIES.add(Key.of(
                    "backoff",
                    Type.parsed(PolicyKeys::factor, PolicyKeys::factors).written(PolicyKeys::written))
            .says("Factor by which each delay is longer than the one before.")
            .usually(Retry.NONE.backoff()));
    private static final Key<Duration> MAX_DELAY = RETRIES.add(Key.of("max_delay", Types.duration(Duration.ZERO, YEAR))
            .says("The longest delay.")
            .usually(Retry.NONE.maxDelay()));

    private static final Key<Boolean> ENABLED = TABLE.add(
            Key.of("enabled", Types.flag())
                    .says("`false`: no interval, pattern or other recipe makes the recipe due; a run by hand or by hook"
                            + " is refused as `held`.")
                    .usually(true),
            Policy::enabled);
    private static final Key<Overlap> OVERLAP = TABLE.addText(
            Key.of("overlap", Types.choice(Overlap.class))
                    .says("Handling of a due run while another run of the recipe is unfinished.")
                    .unless("`skip` for `schedule`, `cron` and `after`; `queue` for all others"),
            policy -> policy.overlap().map(Types::word).orElse("skip, queue for hooks and by hand"));
    private static final Key<Integer> PRIORITY = TABLE.add(
            Key.of("priority", Types.integer(-1000, 1000))
                    .says("Of the waiting runs, the one with the highest priority starts first.")
                    .usually(0),
            Policy::priority);
    private static final Key<List<Lock>> LOCK = TABLE.addText(
            Key.of("lock", Type.listed(PolicyKeys::locks, PolicyKeys::lockForm).with(() -> LOCKS))
                    .says("Recipes with the same lock never run at the same time, unless all of them share it.")
                    .unless("none")
                    .example("{ name: db, mode: shared }"),
            policy -> Shown.locks(policy.locks()));
    private static final Key<List<Window>> ONLY = TABLE.addText(
            Key.of("only", Type.list(Window::parse, PolicyKeys::window))
                    .says("The recipe runs only inside one of these windows.")
                    .unless("at any time")
                    .example("\"mon-fri 22:00-06:00\""),
            policy -> Shown.windows(policy.timing().windows().only()));
    private static final Key<List<Window>> NOT = TABLE.addText(
            Key.of("not", Type.list(Window::parse, PolicyKeys::window))
                    .says("The recipe does not run inside these windows.")
                    .unless("none")
                    .example("12-24..12-26"),
            policy -> Shown.windows(policy.timing().windows().not()));
    private static final Key<Windows.Edge> FROM = TABLE.addIfAny(
            Key.of("from", Type.parsed(Windows.Edge::from, PolicyKeys::moment).written(Windows.Edge::text))
                    .says("The recipe does not run before this day or moment.")
                    .unless("no limit")
                    .example("2026-12-01"),
            policy -> policy.timing().windows().from());
    private static final Key<Windows.Edge> UNTIL = TABLE.addIfAny(
            Key.of("until", Type.parsed(Windows.Edge::until, PolicyKeys::moment).written(Windows.Edge::text))
                    .says("The recipe runs until the end of this day, or until this moment.")
                    .unless("no limit")
                    .example("2026-12-01 08:00"),
            policy -> policy.timing().windows().until());
    private static final Key<Duration> DEADLINE = TABLE.addIfAny(
            Key.of("deadline", Types.duration(SECOND, YEAR))
                    .says("A run that has not started within this elapsed time after it was due or requested is"
                            + " `skipped`.")
                    .unless("no limit"),
            policy -> policy.timing().deadline());
    private static final Key<Duration> JITTER = TABLE.addIfAny(
            Key.of("jitter", Types.duration(Duration.ZERO, Duration.ofDays(1)))
                    .says("Spread of the starts: each due instant is delayed by the same amount, which is less than"
                            + " this.")
                    .usually(Timing.ANY.jitter()),
            policy -> Optional.of(policy.timing().jitter()).filter(jitter -> !jitter.isZero()));
    private static final Key<MappingReader> RETRY = TABLE.addText(
            Key.of("retry", Types.section(() -> RETRIES))
                    .says("Further attempts of a run that failed or timed out.")
                    .unless("none"),
            policy -> Shown.retry(policy.retry()));
    private static final Key<CatchUp.Which> CATCH_UP = TABLE.add(
            Key.of("catch_up", Types.choice(CatchUp.Which.class))
                    .says("The missed due instants that are made up for.")
                    .usually(CatchUp.NONE.which()),
            policy -> policy.catchUp().which());
    private static final Key<Duration> CATCH_UP_WINDOW = TABLE.addIfAny(
            Key.of("catch_up_window", Types.duration(SECOND, YEAR))
                    .says("The age up to which missed due instants are made up for.")
                    .unless("no limit"),
            policy -> policy.catchUp().window());
    private static final Key<OnStop> ON_STOP = TABLE.add(
            Key.of("on_stop", Types.choice(OnStop.class))
                    .says("Handling of its runs when the daemon stops; `wait` gives them up to 60 s, and `kill`"
                            + " ends them at once.")
                    .usually(OnStop.WAIT),
            Policy::onStop);

    /** The policy of a recipe that sets nothing. */
    static final Policy USUAL = new Policy(
            ENABLED.usual(),
            Optional.empty(),
            PRIORITY.usual(),
            List.of(),
            Timing.ANY,
            Retry.NONE,
            CatchUp.NONE,
            ON_STOP.usual());

    private PolicyKeys() {}

    /** Reads a policy: the keys override the defaults. Errors in them are noted. */
    static Policy read(MappingReader fields, Policy usual) {
        return new Policy(
                ENABLED.or(fields, usual.enabled()),
                OVERLAP.read(fields).or(usual::overlap),
                PRIORITY.or(fields, usual.priority()),
                LOCK.or(fields, usual.locks()),
                timing(fields, usual.timing()),
                RETRY.read(fields).map(section -> retry(section, usual.retry())).orElse(usual.retry()),
                new CatchUp(
                        CATCH_UP.or(fields, usual.catchUp().which()),
                        CATCH_UP_WINDOW.read(fields).or(usual.catchUp()::window)),
                ON_STOP.or(fields, usual.onStop()));
    }

    private static List<Lock> locks(MappingReader fields, String key) {
        List<Lock> locks = fields.list(key, text -> new Lock(Lock.name(text), Lock.Mode.EXCLUSIVE), lock -> {
            Optional<String> name = LOCK_NAME.need(lock);
            Lock.Mode mode = LOCK_MODE.value(lock).mode();
            return name.map(known -> new Lock(known, mode));
        });
        if (locks.stream().map(Lock::name).distinct().count() < locks.size()) {
            fields.wrong(key, "duplicate lock; remove one");
        }
        return locks;
    }

    private static Timing timing(MappingReader fields, Timing usual) {
        var windows = new Windows(
                ONLY.or(fields, usual.windows().only()),
                NOT.or(fields, usual.windows().not()),
                FROM.read(fields).or(usual.windows()::from),
                UNTIL.read(fields).or(usual.windows()::until));
        if (windows.from().isPresent()
                && windows.until().isPresent()
                && !windows.from().get().moment().isBefore(windows.until().get().moment())) {
            fields.wrong(
                    "until", "`until` is not later than `from`, so the recipe would never run; change one of them");
        }
        return new Timing(windows, DEADLINE.read(fields).or(usual::deadline), JITTER.or(fields, usual.jitter()));
    }

    private static Retry retry(MappingReader fields, Retry usual) {
        var retry = new Retry(
                TIMES.or(fields, Math.max(usual.times(), TIMES.usual())),
                DELAY.or(fields, usual.delay()),
                BACKOFF.or(fields, usual.backoff()),
                MAX_DELAY.or(fields, usual.maxDelay()));
        fields.done();
        return retry;
    }

    private static Shape lockName() {
        return Types.matching("^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", "1 to 64 of `A-Z a-z 0-9 . _ -`");
    }

    private static Shape lockForm() {
        return Shape.of(Types.ref("lock"), "a name, or a map").listed();
    }

    private static Shape window() {
        return Shape.of(Types.TEXT.schema(), "[window](#windows)");
    }

    private static Shape moment() {
        return Shape.of(Types.TEXT.schema(), "a day, or a moment");
    }

    private static Shape factors() {
        return Shape.of("{\"type\": \"number\", \"minimum\": 1, \"maximum\": 100}", "1 to 100");
    }

    private static String written(double factor) {
        return factor == Math.rint(factor) ? Long.toString(Math.round(factor)) : Double.toString(factor);
    }

    private static double factor(String text) {
        if (!text.matches("[0-9]{1,3}(\\.[0-9]{1,3})?")
                || Double.parseDouble(text) < 1
                || Double.parseDouble(text) > 100) {
            throw new IllegalArgumentException("invalid factor '" + text + "': use 1 to 100, such as 2 or 1.5");
        }
        return Double.parseDouble(text);
    }
}
