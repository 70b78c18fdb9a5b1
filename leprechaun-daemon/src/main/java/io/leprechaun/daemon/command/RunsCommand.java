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
                arguments.value("--since").map(this::moment),
                arguments.value("--until").map(this::moment),
                TimeParser.count(arguments.value("-n").orElse("20")));
        var ids = runs.ids(filter);
        Iterable<Run> listed = listed(ids);
        var tables = new RunTables(documents);
        boolean wide = arguments.has("-l") || arguments.has("--long");
        var sets = clockSets.within(ids);
        var data = new LinkedHashMap<String, Object>();
        data.put("runs", Lazy.map(listed, documents::data));
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
                .with(() -> rest(ids.size(), filter, call.arguments()));
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
                again(words, all)));
    }

    /** Returns the same command with another limit, as a shell reads it. */
    private static String again(List<String> words, int limit) {
        var again = new ArrayList<>(List.of("leprechaun", "runs"));
        for (int i = 0; i < words.size(); i++) {
            if (words.get(i).equals("-n")) {
                i++; // its value
            } else {
                again.add(quoted(words.get(i)));
            }
        }
        int end = words.contains("--") ? again.indexOf("--") : again.size();
        again.addAll(end, List.of("-n", String.valueOf(limit)));
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
                .map(RunsCommand::state)
                .map(Set::of)
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
