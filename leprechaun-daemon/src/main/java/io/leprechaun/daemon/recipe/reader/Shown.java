package io.leprechaun.daemon.recipe.reader;

import io.leprechaun.daemon.keys.Types;
import io.leprechaun.daemon.recipe.Expect;
import io.leprechaun.daemon.recipe.Lock;
import io.leprechaun.daemon.recipe.Retry;
import io.leprechaun.daemon.schedule.Window;
import io.leprechaun.daemon.secret.SecretSource;
import io.leprechaun.daemon.settings.HistorySettings;
import io.leprechaun.daemon.settings.RetentionLimits;
import io.leprechaun.daemon.settings.notify.NotifyRules;
import io.leprechaun.daemon.units.Durations;
import io.leprechaun.daemon.units.Sizes;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Compound values in words; empty words: there is nothing to show. */
final class Shown {
    private Shown() {}

    static String locks(List<Lock> locks) {
        return locks.stream()
                .map(lock -> lock.name() + (lock.mode() == Lock.Mode.SHARED ? " (shared)" : ""))
                .collect(Collectors.joining(", "));
    }

    static String windows(List<Window> windows) {
        return windows.stream().map(Window::text).collect(Collectors.joining(", "));
    }

    static String retry(Retry retry) {
        return retry.times() == 0
                ? "none"
                : retry.times() + " times, after " + Durations.format(retry.delay()) + ", times " + retry.backoff()
                        + " each, at most " + Durations.format(retry.maxDelay());
    }

    static String expect(Expect expect) {
        return Stream.of(
                        expect.min().map(min -> "at least " + Durations.format(min)),
                        expect.max().map(max -> "at most " + Durations.format(max)),
                        expect.output().map(text -> "a line with " + text))
                .flatMap(part -> part.stream())
                .collect(Collectors.joining(", "));
    }

    static String history(HistorySettings history) {
        RetentionLimits keep = history.keep();
        return "output " + Sizes.brief(history.output()) + "; "
                + keep.runs().map(runs -> runs + " runs").orElse("any number of runs") + ", "
                + keep.age().map(age -> age.toDays() + " days").orElse("for ever") + ", "
                + keep.bytes().map(Sizes::brief).orElse("any size");
    }

    static String telling(NotifyRules telling) {
        if (telling.on().isEmpty() || telling.targets().isEmpty()) {
            return "nothing";
        }
        String on = telling.on().stream().sorted().map(Types::word).collect(Collectors.joining(", "));
        String again = telling.repeat()
                .map(pause -> pause.isZero() ? "" : "; again after " + Durations.format(pause))
                .orElse("; not again");
        return on
                + (telling.after() == 1 ? "" : "; after " + telling.after() + " failures in a row")
                + again
                + "; by " + String.join(", ", telling.targets())
                + (telling.to().isEmpty() ? "" : " to " + String.join(", ", telling.to()));
    }

    static Map<String, String> secrets(Map<String, SecretSource> secrets) {
        var where = new TreeMap<String, String>();
        secrets.forEach((name, source) -> where.put(name, source.where()));
        return where;
    }
}
