package io.leprechaun.daemon.desk;

import io.leprechaun.api.Call;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.Reply;
import io.leprechaun.api.Text;
import io.leprechaun.api.Verbs;
import io.leprechaun.daemon.agent.NextTable;
import io.leprechaun.daemon.agent.Status;
import io.leprechaun.daemon.history.ClockLog;
import io.leprechaun.daemon.history.RunFilter;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.recipe.Trigger;
import io.leprechaun.daemon.recipe.TriggerKind;
import io.leprechaun.daemon.recipe.folder.RecipeBook;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.settings.AgentName;
import io.leprechaun.daemon.units.Durations;
import io.leprechaun.daemon.worker.Admission;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Why a run came about and what became of it, why a recipe ran at a time or did not, and what will become of it: {@code why}. The past is told from the records, the future from what holds
 * now.
 */
final class Why {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    /** A time of day that says its seconds. */
    private static final Pattern SECONDS = Pattern.compile("[0-9]:[0-9]{2}:[0-9]{2}");

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration MOMENT = Duration.ofNanos(1);

    private final Desk desk;
    private final Book.Agents agents;
    private final RecipeLookup names;
    private final History history;
    private final HoldForecast outlook;

    Why(Desk desk, Book.Agents agents, History history, HoldForecast outlook) {
        this.outlook = outlook;
        this.desk = desk;
        this.agents = agents;
        this.names = new RecipeLookup(desk);
        this.history = history;
    }

    /** What there is to say, and the facts that it was made of. */
    private record Answer(String text, Optional<Run> record, Optional<Instant> next) {}

    Reply answer(Call call) {
        var arguments = Verbs.answeredBy("book", "why").parse(call.arguments());
        String named = arguments.operand(0, "RECIPE or RUN");
        Instant now = desk.clock().instant();
        if (History.isId(named)) { // no recipe's name is all digits
            if (arguments.has("--at")) {
                throw new ProblemException(Problem.usage("--at is for a recipe: a run has its times"));
            }
            Run run = history.run(named);
            return reply(
                    run.order().recipe(),
                    Optional.empty(),
                    new Answer(past(run), Optional.of(run), Optional.empty()),
                    sets(run));
        }
        RecipeName recipe = names.past(named);
        Optional<Instant> at = arguments
                .value("--at")
                .map(text -> TimeParser.moment(text, now, desk.documents().zone()));
        boolean toTheSecond =
                arguments.value("--at").filter(SECONDS.asPredicate()).isPresent();
        if (at.isEmpty()) {
            Answer answer = now(recipe, now);
            return reply(recipe, at, answer, answer.record().map(this::sets).orElse(List.of()));
        }
        Duration span = toTheSecond ? SECOND : MINUTE;
        return reply(
                recipe,
                at,
                at(recipe, at.get(), span, now),
                sets(at.get(), at.get().plus(span).minus(MOMENT)));
    }

    /** How the clock was set over the time in which a run was due and was at work. */
    private List<ClockLog.Change> sets(Run run) {
        Instant queued = run.times().queuedAt();
        Instant begin = run.order().cause().dueAt().filter(queued::isAfter).orElse(queued);
        Instant end = run.times().endedAt().orElseGet(() -> desk.clock().instant());
        return sets(begin, end);
    }

    private List<ClockLog.Change> sets(Instant from, Instant to) {
        return desk.store().clock().sets().stream()
                .filter(change -> change.kind() != ClockLog.Kind.ACCEPTED && change.touches(from, to))
                .toList();
    }

    private String sentence(ClockLog.Change set) {
        boolean back = set.by().isNegative();
        String shown = desk.documents().local(set.at());
        String before = desk.documents().local(set.at().minus(set.by()));
        return set.sentence() + " at " + shown
                + (set.run() == 0 ? "" : ", after run " + set.run())
                + (back
                        ? ": it shows the time from " + shown + " to " + before + " twice"
                        : ": it did not show the time from " + before + " to " + shown);
    }

    private Reply reply(RecipeName recipe, Optional<Instant> at, Answer answer, List<ClockLog.Change> sets) {
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("recipe", recipe.value());
        data.put("at", desk.documents().time(at));
        data.put("why", answer.text());
        data.put("run", answer.record().map(desk.documents()::data).orElse(null));
        data.put("next", desk.documents().time(answer.next()));
        data.put("clock", sets.stream().map(desk.documents()::data).toList());
        return Reply.of(
                data,
                Text.lines(Stream.concat(Stream.of(answer.text()), sets.stream().map(this::sentence))
                        .toList()));
    }

    private Answer now(RecipeName recipe, Instant now) {
        Optional<Run> last = desk.store().list(RunFilter.newest(1).of(recipe)).stream()
                .filter(desk::shows)
                .findFirst()
                .map(this::live);
        Optional<Instant> next = next(recipe, now);
        return new Answer(
                last.map(this::past).orElse(recipe + " has not run, and there is no record that it was due") + ". "
                        + upcoming(recipe, next, now, "It is due next at "),
                last,
                next);
    }

    /** In the second or minute that begins then, as it was asked for. */
    private Answer at(RecipeName recipe, Instant at, Duration span, Instant now) {
        Instant end = at.plus(span).minus(MOMENT);
        if (at.isAfter(now)) {
            Optional<Instant> next = next(recipe, at.minus(MOMENT));
            Optional<Instant> due = next.filter(instant -> !instant.isAfter(end));
            return due.isPresent()
                    ? new Answer(upcoming(recipe, due, now, recipe + " will be due at "), Optional.empty(), due)
                    : new Answer(
                            recipe + " will not be due at " + desk.documents().local(at) + ". "
                                    + upcoming(recipe, next, now, "After that it is due at "),
                            Optional.empty(),
                            next);
        }
        Optional<Run> record = desk.store().due(recipe, end).filter(desk::shows).map(this::live);
        Optional<Run> covering = record.filter(run -> !lastDue(run).isBefore(at));
        if (covering.isPresent()) {
            return new Answer(past(covering.get()), covering, Optional.empty());
        }
        return new Answer( // what the schedule says of times before it was watched for is no business of ours
                recipe + " was not due at " + desk.documents().local(at)
                        + record.map(run -> ". Before that, " + past(run))
                                .orElse(", and there is no record of it before"),
                record,
                Optional.empty());
    }

    private static Instant lastDue(Run run) {
        return run.repeat().lastDue().or(() -> run.order().cause().dueAt()).orElse(Instant.MIN);
    }

    private Run live(Run run) {
        return desk.dispatcher().find(run.id()).orElse(run);
    }

    /** What made a run due, and what became of it. */
    private String past(Run run) {
        return cause(run) + ": " + run.sentence() + waitsFor(run);
    }

    private String cause(Run run) {
        var order = run.order();
        var cause = order.cause();
        String queued = desk.documents().local(run.times().queuedAt());
        if (cause.dueAt().isEmpty()) {
            return order.recipe() + " was asked for by "
                    + (cause.trigger().equals(TriggerKind.HOOK) ? "a hook from " : "")
                    + cause.requestedBy().orElse("somebody") + " at " + queued;
        }
        String due = desk.documents().local(cause.dueAt().get());
        return order.recipe() + " was due "
                + run.repeat()
                        .lastDue()
                        .map(last -> run.repeat().count() + " times from " + due + " to "
                                + desk.documents().local(last))
                        .orElse("at " + due)
                + " " + order.series().manner()
                + (cause.trigger().equals(TriggerKind.CATCH_UP) ? ", and is made up for since " + queued : "");
    }

    /** Until when a run that waits may start. */
    private String deadline(Run run) {
        return desk.dispatcher()
                .deadline(run.id())
                .map(latest -> ", until " + desk.documents().local(latest) + " at the latest (deadline)")
                .orElse("");
    }

    /** What a run that is not over waits for. */
    private String waitsFor(Run run) {
        if (run.state() == RunState.WAITING) {
            return run.times()
                    .retryAt()
                    .filter(until -> until.isAfter(desk.clock().instant()))
                    .map(until -> "; it is tried again at " + desk.documents().local(until))
                    .orElseGet(() -> deadline(run));
        }
        if (run.state() != RunState.QUEUED) {
            return "";
        }
        AgentName agent = run.order().agent();
        Status status = agents.status().apply(agent);
        if (!status.isOpen()) {
            return "; it waits because " + agent + " is " + status.word() + deadline(run);
        }
        return desk.dispatcher()
                        .oldest(run.order().recipe())
                        .filter(other -> other.id() < run.id())
                        .map(other -> "; it waits for run " + other.id() + ", which is not over")
                        .orElseGet(() -> "; it waits for "
                                + (desk.dispatcher().occupied(agent).max()
                                                < desk.dispatcher()
                                                        .bounds(agent)
                                                        .max()
                                        ? "those before it in line"
                                        : "a worker: all "
                                                + desk.dispatcher()
                                                        .bounds(agent)
                                                        .max() + " of " + agent + " are at work"))
                + deadline(run);
    }

    private Optional<Instant> next(RecipeName recipe, Instant after) {
        return timed(recipe)
                .flatMap(timed -> timed.schedule().next(after).stream())
                .min(Instant::compareTo);
    }

    private Stream<NextTable.Timed> timed(RecipeName recipe) {
        return agents.timed().get().stream().filter(timed -> timed.name().equals(recipe.value()));
    }

    /** When a recipe is due, and what will become of it then as things are; or why it is not. */
    private String upcoming(RecipeName recipe, Optional<Instant> next, Instant now, String begin) {
        Optional<RecipeBook.Entry> entry = desk.recipes().get().entry(recipe.value());
        Optional<Recipe> inForce = entry.flatMap(RecipeBook.Entry::recipe);
        if (inForce.isEmpty()) {
            return entry.map(broken ->
                            recipe + " is not in force, because its file does not load: see `leprechaun check`")
                    .or(() -> desk.recipes().get().warning().map(why -> recipe + " is not in force, because " + why))
                    .orElse("There is no recipe " + recipe + " any more");
        }
        if (!inForce.get().policy().enabled()) {
            return recipe + " is disabled: nothing makes it due";
        }
        List<String> closed = agents.closed().apply(inForce.get(), now);
        Optional<String> after = inForce.get().trigger(Trigger.After.class).map(this::awaited);
        if (next.isEmpty() && after.isPresent()) {
            return recipe + " is due " + after.get();
        }
        if (next.isEmpty()) {
            boolean atBoot = inForce.get()
                    .trigger(Trigger.Cron.class)
                    .filter(Trigger.Cron::atBoot)
                    .isPresent();
            return closed.isEmpty()
                    ? recipe + " is due " + (atBoot ? "by the next boot" : "at no time that is known before")
                    : recipe + " is not due, because " + String.join(" and ", closed);
        }
        return begin + desk.documents().local(next.get()) + ", in " + Durations.brief(Duration.between(now, next.get()))
                + outlook(inForce.get(), next.get());
    }

    private String awaited(Trigger.After after) {
        return after.dependencies().stream()
                .map(dependency -> "a run of " + dependency.recipe()
                        + switch (dependency.on()) {
                            case SUCCESS -> " has succeeded";
                            case FAILURE -> " has failed";
                            case ALWAYS -> " has ended";
                        }
                        + (desk.inForce(dependency.recipe().value()).isPresent() ? "" : " (there is no such recipe)"))
                .collect(Collectors.joining(" and ", "when ", ", since it was due last"));
    }

    private String outlook(Recipe recipe, Instant due) {
        Optional<String> against = outlook.against(recipe.name().value(), due);
        if (against.isPresent()) {
            return ", and " + against.get();
        }
        return desk.dispatcher()
                .oldest(recipe.name())
                .map(run -> "; if run " + run.id() + " is not over by then, "
                        + switch (Admission.overlap(recipe, TriggerKind.CRON)) {
                            case SKIP -> "it will be skipped (overlap: skip)";
                            case QUEUE -> "it will wait for it (overlap: queue)";
                            case REPLACE -> "that one will be ended (overlap: replace)";
                            case PARALLEL -> "it will run beside it (overlap: parallel)";
                        })
                .orElse("");
    }
}
