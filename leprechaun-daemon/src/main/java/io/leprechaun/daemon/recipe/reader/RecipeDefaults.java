package io.leprechaun.daemon.recipe.reader;

import io.leprechaun.daemon.recipe.Bounds;
import io.leprechaun.daemon.recipe.CatchUp;
import io.leprechaun.daemon.recipe.Expect;
import io.leprechaun.daemon.recipe.Linger;
import io.leprechaun.daemon.recipe.Lock;
import io.leprechaun.daemon.recipe.OnStop;
import io.leprechaun.daemon.recipe.Overlap;
import io.leprechaun.daemon.recipe.Policy;
import io.leprechaun.daemon.recipe.Retry;
import io.leprechaun.daemon.recipe.Surroundings;
import io.leprechaun.daemon.recipe.Timing;
import io.leprechaun.daemon.recipe.Who;
import io.leprechaun.daemon.recipe.Windows;
import io.leprechaun.daemon.schedule.Window;
import io.leprechaun.daemon.settings.HistorySettings;
import io.leprechaun.daemon.settings.NotifyRules;
import io.leprechaun.daemon.settings.SecretSource;
import io.leprechaun.daemon.units.Regex;
import io.leprechaun.daemon.yaml.MappingReader;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** What holds for a recipe that does not say otherwise: the keys that a recipe and {@code defaults:} in the settings share. */
record RecipeDefaults(Policy policy, Bounds bounds, Surroundings surroundings) {
    private static final Duration TIMEOUT = Duration.ofHours(24);
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final Duration LONGEST_GRACE = Duration.ofHours(1);
    private static final Duration SHORTEST_TIMEOUT = Duration.ofMillis(1);
    private static final Duration LONGEST_TIMEOUT = Duration.ofDays(3650);
    private static final int UMASK = 022;

    private static final Duration LONGEST_DELAY = Duration.ofDays(365);
    private static final Duration SHORTEST_DEADLINE = Duration.ofSeconds(1);
    private static final Duration LONGEST_JITTER = Duration.ofDays(1);
    private static final int MOST_RETRIES = 1000;
    private static final double STEEPEST_BACKOFF = 100;

    /** Keys of the language that no recipe can use yet. */
    private static final String[] NOT_YET = {"limits", "node", "on_lost", "on_restart"};

    /**
     * What holds without any settings.
     *
     * @param runAs the user of steps where no recipe says otherwise and the daemon is root's
     * @param history how much is kept of its runs
     * @param telling what people are told of them
     */
    static RecipeDefaults of(
            ZoneId zone, List<String> shell, Optional<String> runAs, HistorySettings history, NotifyRules telling) {
        return new RecipeDefaults(
                new Policy(true, Optional.empty(), 0, List.of(), Timing.ANY, Retry.NONE, CatchUp.NONE, OnStop.WAIT),
                new Bounds(Optional.of(TIMEOUT), GRACE, Linger.LEAVE, Expect.NOTHING, history, telling),
                new Surroundings(
                        shell,
                        Map.of(),
                        Map.of(),
                        Optional.empty(),
                        UMASK,
                        OptionalInt.empty(),
                        new Who(Optional.empty(), Optional.empty(), runAs),
                        zone));
    }

    /** These, with what the keys say instead. */
    RecipeDefaults with(MappingReader fields) {
        fields.notYet(NOT_YET);
        return new RecipeDefaults(policy(fields), bounds(fields), surroundings(fields));
    }

    private Policy policy(MappingReader fields) {
        return new Policy(
                fields.flag("enabled").orElse(policy.enabled()),
                fields.choice("overlap", Overlap.class).or(policy::overlap),
                fields.integer("priority", -1000, 1000).orElse(policy.priority()),
                orElse(locks(fields), policy.locks()),
                timing(fields),
                fields.section("retry").map(this::retry).orElse(policy.retry()),
                new CatchUp(
                        fields.choice("catch_up", CatchUp.Which.class)
                                .orElse(policy.catchUp().which()),
                        fields.duration("catch_up_window", Duration.ofSeconds(1), LONGEST_DELAY)
                                .or(policy.catchUp()::window)),
                fields.choice("on_stop", OnStop.class).orElse(policy.onStop()));
    }

    private static <T> List<T> orElse(List<T> own, List<T> usual) {
        return own.isEmpty() ? usual : own;
    }

    private static List<Lock> locks(MappingReader fields) {
        List<Lock> locks = fields.list("lock", text -> new Lock(Lock.name(text), Lock.Mode.EXCLUSIVE), lock -> {
            Optional<String> name = lock.need("name", Lock::name);
            var mode = lock.choice("mode", Lock.Written.class)
                    .map(Lock.Written::mode)
                    .orElse(Lock.Mode.EXCLUSIVE);
            return name.map(known -> new Lock(known, mode));
        });
        if (locks.stream().map(Lock::name).distinct().count() < locks.size()) {
            fields.wrong("lock", "a lock is named twice; remove one");
        }
        return locks;
    }

    private Timing timing(MappingReader fields) {
        Timing usual = policy.timing();
        var windows = new Windows(
                orElse(fields.list("only", Window::parse), usual.windows().only()),
                orElse(fields.list("not", Window::parse), usual.windows().not()),
                fields.read("from", Windows.Edge::from).or(usual.windows()::from),
                fields.read("until", Windows.Edge::until).or(usual.windows()::until));
        if (windows.from().isPresent()
                && windows.until().isPresent()
                && !windows.from().get().moment().isBefore(windows.until().get().moment())) {
            fields.wrong("until", "`until` is not later than `from`: it would never run; change one of them");
        }
        return new Timing(
                windows,
                fields.duration("deadline", SHORTEST_DEADLINE, LONGEST_DELAY).or(usual::deadline),
                fields.duration("jitter", Duration.ZERO, LONGEST_JITTER).orElse(usual.jitter()));
    }

    private Retry retry(MappingReader fields) {
        Retry usual = policy.retry();
        var retry = new Retry(
                fields.integer("times", 0, MOST_RETRIES).orElse(Math.max(usual.times(), 1)),
                fields.duration("delay", Duration.ZERO, LONGEST_DELAY).orElse(usual.delay()),
                fields.read("backoff", RecipeDefaults::backoff).orElse(usual.backoff()),
                fields.duration("max_delay", Duration.ZERO, LONGEST_DELAY).orElse(usual.maxDelay()));
        fields.done();
        return retry;
    }

    private Bounds bounds(MappingReader fields) {
        return new Bounds(
                fields.read("timeout", RecipeDefaults::timeout).orElse(bounds.timeout()),
                fields.duration("grace", Duration.ZERO, LONGEST_GRACE).orElse(bounds.grace()),
                fields.choice("linger", Linger.class).orElse(bounds.linger()),
                fields.section("expect").map(this::expect).orElse(bounds.expect()),
                bounds.history().with(fields),
                bounds.telling().with(fields));
    }

    private Expect expect(MappingReader fields) {
        Expect usual = bounds.expect();
        var expect = new Expect(
                fields.duration("min", Duration.ZERO, LONGEST_TIMEOUT).or(usual::min),
                fields.duration("max", Duration.ZERO, LONGEST_TIMEOUT).or(usual::max),
                fields.read("output", Regex::of).or(usual::output));
        fields.done();
        if (expect.min().isPresent()
                && expect.max().isPresent()
                && expect.min().get().compareTo(expect.max().get()) > 0) {
            fields.wrong("min", "`min` is longer than `max`: no run can be both; change one of them");
        }
        return expect;
    }

    private Surroundings surroundings(MappingReader fields) {
        var around = surroundings;
        var environment = new HashMap<>(around.environment());
        environment.putAll(fields.environment("env"));
        var secrets = new HashMap<>(around.secrets());
        secrets.putAll(SecretSource.readAll(fields, "secrets"));
        return new Surroundings(
                fields.shell("shell").orElse(around.shell()),
                environment,
                secrets,
                directory(fields).or(around::directory),
                fields.read("umask", RecipeDefaults::umask).orElse(around.umask()),
                fields.integer("nice", -20, 19).map(OptionalInt::of).orElse(around.nice()),
                new Who(
                        fields.account("user").or(around.who()::user),
                        fields.account("group").or(around.who()::group),
                        around.who().otherwise()),
                fields.zone("timezone").orElse(around.zone()));
    }

    /** The whole path of a folder. */
    static Optional<Path> directory(MappingReader fields) {
        return fields.read("dir", text -> {
            Path path = Path.of(text);
            if (!path.isAbsolute()) {
                throw new IllegalArgumentException("'" + text + "' is no whole path; write one that begins with /");
            }
            return path.normalize();
        });
    }

    /** @return empty for {@code none} */
    static Optional<Duration> timeout(String text) {
        return text.equals("none")
                ? Optional.empty()
                : Optional.of(MappingReader.between(text, SHORTEST_TIMEOUT, LONGEST_TIMEOUT));
    }

    private static int umask(String text) {
        if (!text.matches("0?[0-7]{3}")) {
            throw new IllegalArgumentException("'" + text + "' is no umask; write three octal digits, 022 for example");
        }
        return Integer.parseInt(text, 8);
    }

    private static double backoff(String text) {
        if (!text.matches("[0-9]{1,3}(\\.[0-9]{1,3})?")
                || Double.parseDouble(text) < 1
                || Double.parseDouble(text) > STEEPEST_BACKOFF) {
            throw new IllegalArgumentException("'" + text + "' is no factor from 1 to 100; write 2 or 1.5 for example");
        }
        return Double.parseDouble(text);
    }
}
