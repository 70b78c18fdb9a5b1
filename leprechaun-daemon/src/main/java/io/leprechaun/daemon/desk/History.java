package io.leprechaun.daemon.desk;

import io.leprechaun.api.Arguments;
import io.leprechaun.api.Call;
import io.leprechaun.api.ExitCode;
import io.leprechaun.api.Handler;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.Registrator;
import io.leprechaun.api.Reply;
import io.leprechaun.api.Verbs;
import io.leprechaun.daemon.history.ClockLog;
import io.leprechaun.daemon.history.RunFilter;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.view.Lazy;
import io.leprechaun.daemon.view.RunDocument;
import io.leprechaun.daemon.view.RunTables;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The history of runs, those that are not over included: {@code runs}, {@code logs}, {@code kill}, {@code wait}, {@code usage}. */
public final class History implements Registrator {
    private static final Set<RunState> FAILED =
            EnumSet.of(RunState.FAILED, RunState.TIMED_OUT, RunState.KILLED, RunState.LOST, RunState.REJECTED);

    /** Everything but what was due and started nothing. */
    private static final Set<RunState> ACCEPTED =
            EnumSet.complementOf(EnumSet.of(RunState.HELD, RunState.SKIPPED, RunState.MISSED, RunState.REJECTED));

    /** How many runs are in memory for one answer. */
    private static final int AT_ONCE = 1000;

    private final Desk desk;
    private final RecipeLookup names;
    private final RunTables tables;
    private final Function<Call, Reply> usage;

    /**
     * A history of what the store keeps and the dispatcher works on.
     *
     * @param usage tells what it occupies
     */
    public History(Desk desk, Function<Call, Reply> usage) {
        this.desk = desk;
        this.usage = usage;
        this.names = new RecipeLookup(desk);
        this.tables = new RunTables(desk.documents());
    }

    @Override
    public String name() {
        return "history";
    }

    @Override
    public List<Handler> handlers() {
        return List.of(
                Handler.reads("list", this::list),
                Handler.reads("show", this::show),
                Handler.reads("logs", this::logs),
                Handler.reads("wait", this::await),
                Handler.reads("usage", usage),
                Handler.changes("kill", this::kill));
    }

    private Reply list(Call call) {
        var arguments = Verbs.answeredBy("history", "list").parse(call.arguments());
        desk.requireFew(arguments.value("-n"));
        var filter = new RunFilter(
                arguments.operands().stream().findFirst().map(names::past),
                states(arguments),
                arguments.value("--since").map(this::moment),
                arguments.value("--until").map(this::moment),
                TimeParser.count(arguments.value("-n").orElse("20")));
        var ids = ids(filter);
        Iterable<Run> runs = runs(ids);
        boolean wide = arguments.has("-l") || arguments.has("--long");
        var sets = setsWithin(ids);
        var data = new LinkedHashMap<String, Object>();
        data.put("runs", Lazy.map(runs, desk.documents()::data));
        data.put("clock", sets.stream().map(desk.documents()::data).toList());
        return Reply.of(
                data,
                screen -> {
                    Iterable<Run> oldestFirst = runs instanceof List<Run> read ? read.reversed() : runs(ids.reversed());
                    return (wide ? tables.withUsage(oldestFirst) : tables.of(oldestFirst)).render(screen)
                            + sets.stream().map(this::line).collect(Collectors.joining());
                },
                ids.stream().map(String::valueOf).toList());
    }

    /** The newest runs first. Of one user they are looked for by recipe, which takes as long as there are recipes, and not runs of others. */
    private List<Long> ids(RunFilter filter) {
        if (desk.owner().isEmpty()) {
            return desk.store().ids(filter);
        }
        var recipes = filter.recipe().map(name -> Set.of(name.value())).orElseGet(names::past);
        return recipes.stream()
                .flatMap(name -> desk.store().list(filter.of(new RecipeName(name))).stream())
                .filter(desk::shows)
                .map(Run::id)
                .sorted(Comparator.reverseOrder())
                .limit(filter.limit())
                .toList();
    }

    /** How the clock was set between the first and the last of some runs: their times do not tell their order then. */
    private List<ClockLog.Change> setsWithin(List<Long> ids) {
        if (ids.isEmpty()) {
            return List.of();
        }
        return desk.store().clock().sets().stream()
                .filter(set -> set.run() >= ids.getLast() && set.run() < ids.getFirst())
                .toList();
    }

    private String line(ClockLog.Change set) {
        return "after run " + set.run() + ", at " + desk.documents().local(set.at()) + ", " + set.sentence() + "\n";
    }

    /** Some are read at once, so that a store that cannot be read is told; many while they are written, so that they need no more room than some. */
    private Iterable<Run> runs(List<Long> ids) {
        return ids.size() <= AT_ONCE ? live(ids) : Lazy.pages(ids, AT_ONCE, this::live);
    }

    private List<Run> live(List<Long> ids) {
        return desk.store().list(ids).stream().map(this::live).toList();
    }

    private Instant moment(String text) {
        return TimeParser.moment(text, desk.clock().instant(), desk.documents().zone());
    }

    /** What {@code --failed} and {@code --state} ask for together; none for all. */
    private static Set<RunState> states(Arguments arguments) {
        if (arguments.has("--failed") && arguments.value("--state").isPresent()) {
            throw new ProblemException(Problem.usage("give --failed or --state, not both"));
        }
        return arguments
                .value("--state")
                .map(History::state)
                .map(Set::of)
                .orElse(arguments.has("--failed") ? FAILED : Set.of());
    }

    private static RunState state(String word) {
        return Stream.of(RunState.values())
                .filter(state -> state.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new ProblemException(Problem.usage("'" + word
                        + "' is no state of a run: write one of "
                        + Stream.of(RunState.values()).map(RunState::word).collect(Collectors.joining(", ")))));
    }

    Reply show(Call call) {
        return tables.details(
                run(Verbs.answeredBy("history", "show").parse(call.arguments()).operand(0, "RUN")));
    }

    private Reply logs(Call call) {
        var arguments = Verbs.answeredBy("history", "logs").parse(call.arguments());
        Run run = run(arguments.operand(0, "RUN or RECIPE"));
        boolean follow = arguments.has("-f") || arguments.has("--follow");
        var step = arguments.value("--step").map(TimeParser::count);
        var attempt = arguments.value("--attempt").map(TimeParser::count);
        long from = arguments.value("--from").map(TimeParser::offset).orElse(0L);
        var output =
                new Output(desk, run, attempt, step, from, () -> find(run.id()).orElse(run));
        boolean framed = arguments.has("--framed");
        if (framed && !follow) {
            throw new ProblemException(Problem.usage("--framed goes with -f"));
        }
        return new Reply.Stream(
                out -> {
                    if (framed) {
                        output.tell(
                                out, RecipeTrend.of(desk, run.order().recipe()).usual());
                    } else {
                        output.writeTo(out, follow);
                    }
                },
                ExitCode.OK,
                () -> find(run.id()).filter(History::isWorthTelling).map(Run::sentence));
    }

    /** Whether the output of a run does not tell all: how it ended, if not well, and what was noted of its steps. */
    private static boolean isWorthTelling(Run run) {
        return run.state().isFinal()
                && (run.state() != RunState.SUCCEEDED || run.reason().isPresent());
    }

    private Reply await(Call call) {
        var arguments = Verbs.answeredBy("history", "wait").parse(call.arguments());
        Run run = run(arguments.operand(0, "RUN"));
        return desk.dispatcher()
                .over(run.id())
                .map(over -> await(call, run, over, arguments.value("--timeout")))
                .orElseGet(() -> desk.documents().one(find(run.id()).orElse(run)));
    }

    /** Waits for the end of a run and answers with it. */
    Reply await(Call call, Run run, CompletableFuture<Run> over, Optional<String> timeout) {
        long millis = timeout.map(text -> TimeParser.duration(text).toMillis()).orElse(Long.MAX_VALUE);
        await(call, over, millis);
        if (!over.isDone()) {
            throw new ProblemException(new Problem(
                    504,
                    "Timed out",
                    "run " + run.id() + " is not over after " + timeout.orElse("this time")
                            + ": see `leprechaun logs -f " + run.id() + "`",
                    ExitCode.TIMED_OUT));
        }
        return desk.documents().one(over.join());
    }

    /** Waits for the end of a run while the caller does, and for so many milliseconds at most. */
    private static void await(Call call, CompletableFuture<Run> over, long millis) {
        try {
            call.patience().during(() -> {
                try {
                    var unused = over.get(millis, TimeUnit.MILLISECONDS);
                } catch (ExecutionException | TimeoutException e) {
                    // seen by who asks for the outcome
                }
            });
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProblemException(Problem.refused("the caller has left"));
        }
    }

    private Reply kill(Call call) {
        String named =
                Verbs.answeredBy("history", "kill").parse(call.arguments()).operand(0, "RUN or RECIPE");
        List<Run> runs = isId(named)
                ? List.of(run(named))
                : desk.dispatcher().unfinished(names.exact(named)).stream()
                        .filter(desk::shows)
                        .toList();
        var ended = runs.stream()
                .flatMap(run -> desk.dispatcher().kill(run.id(), call.caller().user()).stream())
                .toList();
        if (ended.isEmpty()) {
            throw new ProblemException(Problem.refused(
                    runs.isEmpty()
                            ? "no run of " + named + " is under way"
                            : runs.getFirst().sentence()));
        }
        ended.forEach(over -> await(call, over, Long.MAX_VALUE));
        return desk.documents()
                .ended(ended.stream().map(CompletableFuture::join).toList());
    }

    /** A run by its number, or the newest one of a recipe: not the record of why there was none. */
    Run run(String named) {
        if (isId(named)) {
            long id = RunDocument.id(named);
            return find(id).orElseThrow(() ->
                    new ProblemException(Problem.notFound("there is no run " + id + ": see `leprechaun runs`")));
        }
        RecipeName recipe = names.past(named);
        return desk.store().list(RunFilter.newest(1).of(recipe).in(ACCEPTED)).stream()
                .filter(desk::shows)
                .findFirst()
                .map(this::live)
                .orElseThrow(() -> new ProblemException(
                        Problem.notFound(recipe + " has not run yet: start it with `leprechaun run " + recipe + "`")));
    }

    private Optional<Run> find(long id) {
        return Stream.of(desk.dispatcher().find(id), desk.store().find(id))
                .flatMap(Optional::stream)
                .filter(desk::shows)
                .findFirst();
    }

    private Run live(Run run) {
        return run.state().isFinal() ? run : desk.dispatcher().find(run.id()).orElse(run);
    }

    static boolean isId(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
