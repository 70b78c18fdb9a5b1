package io.leprechaun.daemon.command;

import io.leprechaun.api.Arguments;
import io.leprechaun.api.Call;
import io.leprechaun.api.Handler;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.Reply;
import io.leprechaun.api.text.Text;
import io.leprechaun.daemon.desk.ClockSets;
import io.leprechaun.daemon.desk.DueReason;
import io.leprechaun.daemon.desk.RecipeLookup;
import io.leprechaun.daemon.desk.RunLookup;
import io.leprechaun.daemon.desk.RunReason;
import io.leprechaun.daemon.desk.TimeParser;
import io.leprechaun.daemon.history.ClockLog;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.view.RunDocument;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The command {@code why}: explains why a recipe or a run ran or did not, or when it will. The past is taken from the
 * records, the future from the present state.
 */
record WhyCommand(RecipeLookup recipes, RunLookup runs, RunReason past, DueReason future, ClockSets clockSets)
        implements Handler.Answer {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    /** The pattern of a time of day with seconds. */
    private static final Pattern SECONDS = Pattern.compile("[0-9]:[0-9]{2}:[0-9]{2}");

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration MOMENT = Duration.ofNanos(1);

    /** The explanation, and the facts on which it is based. */
    private record Explanation(String text, Optional<Run> record, Optional<Instant> next) {}

    @Override
    public Reply to(Arguments arguments, Call call) {
        String named = arguments.operand(0, "RECIPE or RUN");
        Instant now = clock().instant();
        if (RunLookup.isId(named)) { // no recipe's name is all digits
            if (arguments.has("--at")) {
                throw new ProblemException(Problem.usage("--at needs a recipe, not a run"));
            }
            Run run = runs.run(named);
            return reply(
                    run.order().recipe(),
                    Optional.empty(),
                    new Explanation(past.of(run), Optional.of(run), Optional.empty()),
                    sets(run));
        }
        RecipeName recipe = recipes.past(named);
        Optional<Instant> at = arguments
                .value("--at")
                .map(text -> TimeParser.moment(text, now, documents().zone()));
        boolean toTheSecond =
                arguments.value("--at").filter(SECONDS.asPredicate()).isPresent();
        if (at.isEmpty()) {
            Explanation answer = now(recipe, now);
            return reply(recipe, at, answer, answer.record().map(this::sets).orElse(List.of()));
        }
        Duration span = toTheSecond ? SECOND : MINUTE;
        return reply(
                recipe,
                at,
                at(recipe, at.get(), span, now),
                clockSets.between(at.get(), at.get().plus(span).minus(MOMENT)));
    }

    /** Returns the changes of the clock in the time from a run's due instant to its end. */
    private List<ClockLog.ClockChange> sets(Run run) {
        Instant queued = run.times().queuedAt();
        Instant begin = run.order().cause().dueAt().filter(queued::isAfter).orElse(queued);
        Instant end = run.times().endedAt().orElseGet(() -> clock().instant());
        return clockSets.between(begin, end);
    }

    private Reply reply(RecipeName recipe, Optional<Instant> at, Explanation answer, List<ClockLog.ClockChange> sets) {
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("recipe", recipe.value());
        data.put("at", documents().time(at));
        data.put("why", answer.text());
        data.put("run", answer.record().map(documents()::data).orElse(null));
        data.put("next", documents().time(answer.next()));
        data.put("clock", clockSets.data(sets));
        return Reply.of(
                data,
                Text.lines(Stream.concat(Stream.of(answer.text()), sets.stream().map(clockSets::sentence))
                        .toList()));
    }

    private Explanation now(RecipeName recipe, Instant now) {
        Optional<Run> last = runs.newest(recipe);
        Optional<Instant> next = future.next(recipe, now);
        return new Explanation(
                last.map(past::of).orElse(recipe + " has not run and has no record of a due time") + ". "
                        + future.upcoming(recipe, next, now, "It is next due at "),
                last,
                next);
    }

    /** Explains the second or minute that begins then, by the precision of the request. */
    private Explanation at(RecipeName recipe, Instant at, Duration span, Instant now) {
        Instant end = at.plus(span).minus(MOMENT);
        if (at.isAfter(now)) {
            Optional<Instant> next = future.next(recipe, at.minus(MOMENT));
            Optional<Instant> due = next.filter(instant -> !instant.isAfter(end));
            return due.isPresent()
                    ? new Explanation(
                            future.upcoming(recipe, due, now, recipe + " will be due at "), Optional.empty(), due)
                    : new Explanation(
                            recipe + " will not be due at " + documents().local(at) + ". "
                                    + future.upcoming(recipe, next, now, "It is next due at "),
                            Optional.empty(),
                            next);
        }
        Optional<Run> record = runs.due(recipe, end);
        Optional<Run> covering = record.filter(run -> !lastDue(run).isBefore(at));
        if (covering.isPresent()) {
            return new Explanation(past.of(covering.get()), covering, Optional.empty());
        }
        return new Explanation( // the schedule before it was watched does not count
                recipe + " was not due at " + documents().local(at)
                        + record.map(run -> ". Before that, " + past.of(run)).orElse(", and has no earlier record"),
                record,
                Optional.empty());
    }

    private static Instant lastDue(Run run) {
        return run.repeat().lastDue().or(() -> run.order().cause().dueAt()).orElse(Instant.MIN);
    }

    private InstantSource clock() {
        return past.clock();
    }

    private RunDocument documents() {
        return past.documents();
    }
}
