package io.leprechaun.daemon.recipe.reader;

import io.leprechaun.daemon.recipe.Bounds;
import io.leprechaun.daemon.recipe.Expect;
import io.leprechaun.daemon.recipe.Lock;
import io.leprechaun.daemon.recipe.Policy;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.Retry;
import io.leprechaun.daemon.recipe.Surroundings;
import io.leprechaun.daemon.recipe.Trigger;
import io.leprechaun.daemon.recipe.Windows;
import io.leprechaun.daemon.schedule.EveryNth;
import io.leprechaun.daemon.schedule.Window;
import io.leprechaun.daemon.settings.HistorySettings;
import io.leprechaun.daemon.settings.NotifyRules;
import io.leprechaun.daemon.settings.RetentionLimits;
import io.leprechaun.daemon.units.Durations;
import io.leprechaun.daemon.units.Sizes;
import io.leprechaun.daemon.yaml.Place;
import io.leprechaun.daemon.yaml.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * One value that holds for a recipe.
 *
 * @param key as the recipe would write it, {@code env.NAME} for what stands below another
 * @param value as people read it
 * @param from where it is written: in the recipe, or in the settings; empty: nowhere, it is what holds without any
 */
public record Resolved(String key, String value, Optional<Place> from) {
    /** Keys of a recipe that settings have above {@code defaults:}, under another name or the same. */
    private static final Map<String, String> ABOVE = Map.of(
            "timezone", "timezone", "shell", "shell", "user", "run_as", "history", "history", "notify", "notify");

    /**
     * Everything that holds for a recipe, in the order of the documentation.
     *
     * @param layers where its keys may be written, the strongest first: the recipe, then what settings say for recipes
     * @param settings the agent's section and the whole file, the stronger first
     */
    static List<Resolved> of(Recipe recipe, List<Value.Mapping> layers, List<Value.Mapping> settings) {
        var all = new Lines(layers, settings);
        triggers(recipe, all);
        policy(recipe.policy(), all);
        bounds(recipe.bounds(), all);
        surroundings(recipe.surroundings(), all);
        return all.lines;
    }

    private static void triggers(Recipe recipe, Lines all) {
        for (Trigger trigger : recipe.triggers()) {
            switch (trigger) {
                case Trigger.Interval interval -> all.add("schedule", span(interval.every()));
                case Trigger.Cron cron -> {
                    all.add("pattern", cron.text());
                    all.addIfAny(
                            "every", cron.every().map(EveryNth.Period::toString).orElse(""));
                }
                case Trigger.Hook hook -> all.add("id", hook.id());
                case Trigger.After after ->
                    all.add(
                            "after",
                            texts(
                                    after.dependencies(),
                                    one -> one.recipe()
                                            + (one.on() == Trigger.On.SUCCESS ? "" : " (" + word(one.on()) + ")")));
                default -> trigger.keys().forEach(all::add);
            }
        }
    }

    private static void policy(Policy policy, Lines all) {
        all.add("enabled", policy.enabled());
        all.add("overlap", policy.overlap().map(Resolved::word).orElse("skip, queue for hooks and by hand"));
        all.add("priority", policy.priority());
        all.addIfAny(
                "lock",
                texts(policy.locks(), lock -> lock.name() + (lock.mode() == Lock.Mode.SHARED ? " (shared)" : "")));
        var windows = policy.timing().windows();
        all.addIfAny("only", texts(windows.only(), Window::text));
        all.addIfAny("not", texts(windows.not(), Window::text));
        all.addIfAny("from", windows.from().map(Windows.Edge::text).orElse(""));
        all.addIfAny("until", windows.until().map(Windows.Edge::text).orElse(""));
        all.addIfAny("deadline", policy.timing().deadline().map(Resolved::span).orElse(""));
        all.addIfAny(
                "jitter",
                policy.timing().jitter().isZero() ? "" : span(policy.timing().jitter()));
        Retry retry = policy.retry();
        all.add(
                "retry",
                retry.times() == 0
                        ? "none"
                        : retry.times() + " times, after " + span(retry.delay()) + ", times " + retry.backoff()
                                + " each, at most " + span(retry.maxDelay()));
        all.add("catch_up", word(policy.catchUp().which()));
        all.addIfAny(
                "catch_up_window", policy.catchUp().window().map(Resolved::span).orElse(""));
        all.add("on_stop", word(policy.onStop()));
    }

    private static void bounds(Bounds bounds, Lines all) {
        all.add("timeout", bounds.timeout().map(Resolved::span).orElse("none"));
        all.add("grace", span(bounds.grace()));
        all.add("linger", word(bounds.linger()));
        Expect expect = bounds.expect();
        all.addIfAny(
                "expect",
                List.of(
                                expect.min().map(min -> "at least " + span(min)).orElse(""),
                                expect.max().map(max -> "at most " + span(max)).orElse(""),
                                expect.output()
                                        .map(text -> "a line with " + text)
                                        .orElse(""))
                        .stream()
                        .filter(text -> !text.isEmpty())
                        .collect(Collectors.joining(", ")));
        all.add("history", history(bounds.history()));
        all.add("notify", telling(bounds.telling()));
    }

    private static String telling(NotifyRules telling) {
        if (telling.on().isEmpty() || telling.targets().isEmpty()) {
            return "nothing";
        }
        String on = telling.on().stream().sorted().map(Resolved::word).collect(Collectors.joining(", "));
        String again = telling.repeat()
                .map(pause -> pause.isZero() ? "" : "; again after " + span(pause))
                .orElse("; not again");
        return on
                + (telling.after() == 1 ? "" : "; after " + telling.after() + " failures in a row")
                + again
                + "; by " + String.join(", ", telling.targets())
                + (telling.to().isEmpty() ? "" : " to " + String.join(", ", telling.to()));
    }

    private static String history(HistorySettings history) {
        RetentionLimits keep = history.keep();
        return "output " + Sizes.brief(history.output()) + "; "
                + keep.runs().map(runs -> runs + " runs").orElse("any number of runs") + ", "
                + keep.age().map(age -> age.toDays() + " days").orElse("for ever") + ", "
                + keep.bytes().map(Sizes::brief).orElse("any size");
    }

    private static void surroundings(Surroundings around, Lines all) {
        all.add("timezone", around.zone().getId());
        all.addIfAny("user", around.who().user().or(around.who()::otherwise).orElse(""));
        all.addIfAny("group", around.who().group().orElse(""));
        all.add("umask", String.format(Locale.ROOT, "%04o", around.umask()));
        OptionalInt nice = around.nice();
        all.addIfAny("nice", nice.isPresent() ? Integer.toString(nice.getAsInt()) : "");
        all.add("shell", String.join(" ", around.shell()));
        all.addIfAny("dir", around.directory().map(Object::toString).orElse(""));
        new TreeMap<>(around.environment()).forEach((name, value) -> all.addBelow("env", name, value));
        new TreeMap<>(around.secrets()).forEach((name, source) -> all.addBelow("secrets", name, source.where()));
    }

    private static String span(Duration duration) {
        return Durations.format(duration);
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static <T> String texts(Collection<T> things, Function<T, String> text) {
        return things.stream().map(text).collect(Collectors.joining(", "));
    }

    /** Lines, and where their keys are looked for. */
    private record Lines(List<Value.Mapping> layers, List<Value.Mapping> settings, List<Resolved> lines) {
        Lines(List<Value.Mapping> layers, List<Value.Mapping> settings) {
            this(layers, settings, new ArrayList<>());
        }

        void add(String key, Object value) {
            lines.add(new Resolved(key, value.toString(), place(key)));
        }

        void addIfAny(String key, String value) {
            if (!value.isEmpty()) {
                add(key, value);
            }
        }

        void addBelow(String key, String name, String value) {
            Optional<Place> place = layers.stream()
                    .flatMap(layer -> layer.section(key).stream())
                    .flatMap(section -> entry(section, name).stream())
                    .findFirst();
            lines.add(new Resolved(key + "." + name, value, place));
        }

        private Optional<Place> place(String key) {
            return layers.stream()
                    .flatMap(layer -> entry(layer, key).stream())
                    .findFirst()
                    .or(() -> Optional.ofNullable(ABOVE.get(key))
                            .flatMap(name -> settings.stream()
                                    .flatMap(section -> entry(section, name).stream())
                                    .findFirst()));
        }

        private static Optional<Place> entry(Value.Mapping map, String key) {
            return Optional.ofNullable(map.entries().get(key)).map(Value.Entry::key);
        }
    }
}
