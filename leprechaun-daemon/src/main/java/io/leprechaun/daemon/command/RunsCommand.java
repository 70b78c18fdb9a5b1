package io.leprechaun.daemon.command;

import io.leprechaun.api.Arguments;
import io.leprechaun.api.Call;
import io.leprechaun.api.Handler;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.Reply;
import io.leprechaun.daemon.desk.ClockSets;
import io.leprechaun.daemon.desk.RecipeLookup;
import io.leprechaun.daemon.desk.RunLookup;
import io.leprechaun.daemon.desk.TimeParser;
import io.leprechaun.daemon.history.RunFilter;
import io.leprechaun.daemon.history.RunPage;
import io.leprechaun.daemon.recipe.TriggerKind;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.view.Lazy;
import io.leprechaun.daemon.view.RunDocument;
import io.leprechaun.daemon.view.RunTables;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The command {@code runs}: lists runs. */
record RunsCommand(
        RecipeLookup recipes, RunLookup runs, ClockSets clockSets, RunDocument documents, InstantSource clock)
        implements Handler.Answer {
    private static final Set<RunState> FAILED =
            EnumSet.of(RunState.FAILED, RunState.TIMED_OUT, RunState.KILLED, RunState.LOST, RunState.REJECTED);

    /** The pattern of words that a shell leaves as they are. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

    /** The largest number of runs in memory for one answer. */
    private static final int AT_ONCE = 1000;

    @Override
    public Reply to(Arguments arguments, Call call) {
        recipes.scope().requireFew(arguments.value("-n"));
        var filter = new RunFilter(
                arguments.operands().stream().findFirst().map(recipes::past),
                states(arguments),
                arguments.value("--trigger").map(TriggerKind::new),
                arguments.value("--since").map(this::moment),
                arguments.value("--until").map(this::moment),
                arguments.value("--before").map(RunsCommand::before).orElse(RunFilter.Numbers.ALL),
                TimeParser.count(arguments.value("-n").orElse("20")));
        var page = runs.page(filter);
        var ids = page.ids();
        if (ids.isEmpty() && page.next().isEmpty()) {
            filter.trigger().ifPresent(RunsCommand::requireKnown);
        }
        Iterable<Run> listed = listed(ids);
        var tables = new RunTables(documents);
        boolean wide = arguments.has("-l") || arguments.has("--long");
        var sets = clockSets.within(ids);
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("runs", Lazy.map(listed, documents::data));
        data.put(
                "next_cursor",
                page.next().isPresent() ? Long.toString(page.next().getAsLong()) : null);
        data.put("clock", clockSets.data(sets));
        return Reply.of(
                        data,
                        screen -> {
                            Iterable<Run> oldestFirst =
                                    listed instanceof List<Run> read ? read.reversed() : listed(ids.reversed());
                            return (wide ? tables.withUsage(oldestFirst) : tables.of(oldestFirst)).render(screen)
                                    + sets.stream().map(clockSets::line).collect(Collectors.joining());
                        },
                        ids.stream().map(String::valueOf).toList())
                .with(() -> filter.trigger().isPresent() || filter.numbers().below() != RunFilter.Numbers.ALL.below()
                        ? continued(page, call.arguments())
                        : rest(ids.size(), filter, call.arguments()));
    }

    private static RunFilter.Numbers before(String run) {
        return new RunFilter.Numbers(0, RunDocument.id(run));
    }

    private static void requireKnown(TriggerKind trigger) {
        if (!TriggerKind.KNOWN.contains(trigger)) {
            throw new ProblemException(Problem.usage("invalid trigger '" + trigger + "': use one of "
                    + TriggerKind.KNOWN.stream().map(TriggerKind::word).collect(Collectors.joining(", "))));
        }
    }

    /** Returns a sentence about the older runs that were not searched, with the command that lists them. */
    private static Optional<String> continued(RunPage page, List<String> words) {
        return page.next().isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "older runs: " + again(words, "--before", page.next().getAsLong()));
    }

    /** Returns a sentence about the runs that a limited list leaves out, with the command that lists them. */
    private Optional<String> rest(int listed, RunFilter filter, List<String> words) {
        if (listed < filter.limit() || filter.limit() == runs.most()) {
            return Optional.empty();
        }
        int all = runs.count(filter);
        if (all <= listed) {
            return Optional.empty();
        }
        boolean counted = all < runs.most();
        return Optional.of(String.format(
                Locale.ROOT,
                "%,d of %s%,d runs; %s: %s",
                listed,
                counted ? "" : "at least ",
                all,
                counted ? "all" : "more",
                again(words, "-n", all)));
    }

    /** Returns the same command with another value of an option, as a shell reads it. */
    private static String again(List<String> words, String option, long value) {
        var again = new ArrayList<>(List.of("leprechaun", "runs"));
        for (int i = 0; i < words.size(); i++) {
            if (words.get(i).equals(option)) {
                i++; // its value
            } else if (!words.get(i).startsWith(option + "=")) {
                again.add(quoted(words.get(i)));
            }
        }
        int end = words.contains("--") ? again.indexOf("--") : again.size();
        again.addAll(end, List.of(option, String.valueOf(value)));
        return String.join(" ", again);
    }

    private static String quoted(String word) {
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    /**
     * Returns the runs of a list. A short list is read at once, so that a failure of the store is reported. A long one
     * is read while it is written, to limit memory.
     */
    private Iterable<Run> listed(List<Long> ids) {
        return ids.size() <= AT_ONCE ? runs.list(ids) : Lazy.pages(ids, AT_ONCE, runs::list);
    }

    private Instant moment(String text) {
        return TimeParser.moment(text, clock.instant(), documents.zone());
    }

    /** Returns the states that {@code --failed} or {@code --state} asks for; none for all. */
    private static Set<RunState> states(Arguments arguments) {
        if (arguments.has("--failed") && arguments.value("--state").isPresent()) {
            throw new ProblemException(Problem.usage("use --failed or --state, not both"));
        }
        return arguments
                .value("--state")
                .map(words -> Stream.of(words.split(",", -1))
                        .map(String::strip)
                        .map(RunsCommand::state)
                        .collect(Collectors.toUnmodifiableSet()))
                .orElse(arguments.has("--failed") ? FAILED : Set.of());
    }

    private static RunState state(String word) {
        return Stream.of(RunState.values())
                .filter(state -> state.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new ProblemException(Problem.usage("invalid state '" + word
                        + "': use one of "
                        + Stream.of(RunState.values()).map(RunState::word).collect(Collectors.joining(", ")))));
    }
}
