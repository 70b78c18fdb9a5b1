package io.leprechaun.daemon.agent;

import io.leprechaun.api.AgentCommands;
import io.leprechaun.api.Arguments;
import io.leprechaun.api.Call;
import io.leprechaun.api.Handler;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.Reply;
import io.leprechaun.daemon.history.Ledger;
import io.leprechaun.daemon.history.RunStore;
import io.leprechaun.daemon.lifecycle.HostClock;
import io.leprechaun.daemon.recipe.CatchUp;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.recipe.TriggerKind;
import io.leprechaun.daemon.recipe.folder.RecipeBook;
import io.leprechaun.daemon.run.Cause;
import io.leprechaun.daemon.run.Input;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunSpec;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.schedule.Delayed;
import io.leprechaun.daemon.schedule.Schedule;
import io.leprechaun.daemon.schedule.Schedules;
import io.leprechaun.daemon.settings.AgentName;
import io.leprechaun.daemon.units.Durations;
import io.leprechaun.daemon.worker.Dispatcher;
import io.leprechaun.daemon.worker.RunRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The base of agents that make recipes due by the clock. Its service calls it, one call at a time. */
public abstract class TimedAgent implements Agent {
    private static final Logger LOG = LoggerFactory.getLogger(TimedAgent.class);

    /** The longest time that a daemon lives on after its agents have stopped: it waits for its runs. */
    private static final Duration LONGEST_STOP = Duration.ofMinutes(2);

    private static final String ABSENT = "the recipe did not load when the daemon started";

    private final AgentName name;
    private final TriggerKind trigger;
    private final Dispatcher dispatcher;
    private final RunStore store;
    private final HostClock clock;
    private final ClockGuard guard;
    private final NextTable next;
    private final Supplier<RecipeBook> books;
    private final Ticker ticker;
    private volatile Runnable clockIsSet = () -> {};
    /**
     * The instant since which due instants are reported by the present clock, if it was set back. Set only by events of
     * the ticker.
     */
    private volatile Instant recountedSince = Instant.MIN;
    /**
     * The instants since which the first start has reported all by the present clock, where it was set back before.
     * Earlier ones are reported by {@link #cleared} only.
     */
    private final Map<RecipeName, Instant> startedSince = new ConcurrentHashMap<>();

    private final AtomicLong fired = new AtomicLong();
    /** The due instants that are not in the store yet, in their order. */
    private final ConcurrentNavigableMap<Long, String> unrecorded = new ConcurrentSkipListMap<>();

    private boolean started;
    /** The book that the last start read, if it lacked recipes, until a book is whole. */
    private Optional<RecipeBook> lacking = Optional.empty();
    /** The recipes that were in force since that start. */
    private final Set<RecipeName> seen = new HashSet<>();
    /** The plan of the next start, if {@link #absences} has made one. */
    private Optional<Plan> plan = Optional.empty();

    /**
     * Creates an agent that makes nothing due yet. The cause of its runs has the kind that {@link TriggerKind#dueBy}
     * gives its name.
     */
    protected TimedAgent(AgentName name, AgentContext context) {
        this.name = name;
        this.trigger = TriggerKind.dueBy(name);
        this.dispatcher = context.dispatcher();
        this.store = context.store();
        this.clock = context.clock();
        this.guard = context.guard();
        this.next = context.next();
        this.books = context.books();
        this.ticker = new Ticker(name.value(), clock, new Events());
    }

    /** Returns the record of due instants that are accounted for. */
    protected final Ledger ledger() {
        return store.ledger();
    }

    /**
     * Handles a recipe at the agent's first start since the daemon was started. Also one that faulty files kept out of
     * that start, when it is in force at last.
     */
    protected void onFirstStart(Recipe recipe) {}

    /** Handles a recipe at a later start, or one that was added or changed since the first: it is not due at once. */
    protected void came(Recipe recipe) {}

    /**
     * Returns the function from a recipe that this agent serves to its schedule, if it is ever due. Its data in the
     * store are read once, here.
     */
    protected abstract Function<Recipe, Optional<Schedule>> timetable();

    @Override
    public final AgentName name() {
        return name;
    }

    /**
     * The plan of a start.
     *
     * @param known the instants until which the recipes are accounted for that were due or watched before
     * @param shown the time that the clock showed before it was set back under an earlier daemon
     */
    private record Plan(
            Instant now,
            Map<Recipe, Schedule> schedules,
            List<DowntimeSummary> absences,
            Map<RecipeName, Instant> known,
            Optional<Instant> shown) {
        /**
         * Returns the instant until which a recipe was accounted for, if that is later than now: the clock was set
         * back.
         */
        Optional<Instant> shown(RecipeName recipe) {
            return Optional.ofNullable(known.get(recipe)).filter(now::isBefore);
        }

        /**
         * Returns the instant until which fixed local times were reported. A clock that was set back by more is taken
         * to have been wrong before.
         */
        Instant told() {
            var ahead = known.values().stream()
                    .filter(now::isBefore)
                    .filter(until -> until.isBefore(now.plus(ClockGuard.FARTHEST_BEHIND)));
            return Stream.concat(ahead, shown.stream()).max(Instant::compareTo).orElse(Instant.MIN);
        }
    }

    /**
     * Returns the instants that were due until now while the daemon did not run. The next start continues from this
     * call.
     *
     * @param book the current recipes, served or not
     */
    public final List<DowntimeSummary> absences(RecipeBook book) {
        Plan looked = plan(book.recipes(), book);
        plan = Optional.of(looked);
        return looked.absences();
    }

    /**
     * Returns the instants that were due until now and were not reported. Where the clock was set back, these are the
     * ones after the last daemon's last look or last report; earlier ones may come again. Where it went ahead, these
     * are the ones until it was believed last; later ones are reported when it is right.
     */
    private Optional<Missed> untold(Plan plan, Schedule schedule, Instant last) {
        Instant told = plan.told();
        Schedule untold = after -> schedule.next(after, after.isAfter(told) ? after : told);
        return isUnknownSince(last)
                ? untoldUntilBelieved(untold, last)
                : Missed.after(untold, isSetBack() ? untoldSince(schedule, last) : last, plan.now());
    }

    /** Returns the instants without a report until the clock, which is in doubt and ahead now, was believed last. */
    private Optional<Missed> untoldUntilBelieved(Schedule schedule, Instant last) {
        return Missed.after(schedule, last, guard.believed().plus(DueQueue.MOMENT));
    }

    /** Returns whether the next start is the first one, and goes by a clock that was set back before it. */
    private boolean isSetBack() {
        return !started && !isByElapsedTime() && guard.setBeforeStart().isNegative();
    }

    /**
     * Returns the instant since which nothing was reported, by the clock as it is now, where that was set back before
     * the start. That is the last daemon's last look, or its first instant without a report while it stopped: it looks
     * at the clock until its last run has ended, and reports nothing any more then.
     */
    private Instant untoldSince(Schedule schedule, Instant last) {
        Duration set = guard.setBeforeStart();
        Instant seen = guard.lastSeen().minus(set);
        Instant told = schedule.next(last)
                .map(due -> due.minus(DueQueue.MOMENT))
                .filter(seen::isAfter)
                .filter(due -> due.isAfter(seen.minus(LONGEST_STOP))) // else that daemon did not serve the recipe
                .orElse(seen);
        return (told.isAfter(last) ? told : last).plus(set);
    }

    private Plan plan(List<Recipe> recipes, RecipeBook book) {
        lacking = Optional.of(book).filter(looked -> !looked.isWhole());
        seen.clear();
        recipes.forEach(recipe -> seen.add(recipe.name()));
        Instant now = clock.instant();
        var schedules = schedules(recipes);
        var absences = new ArrayList<DowntimeSummary>();
        var lastDue = ledger().lastDue(trigger);
        Duration most = ClockGuard.FARTHEST_BEHIND;
        var shown = isByElapsedTime() ? Optional.<Instant>empty() : ledger().shown(trigger, most, now.plus(most));
        var plan = new Plan(now, schedules, List.of(), lastDue, shown);
        schedules.forEach((recipe, schedule) -> {
            Instant last = lastDue.get(recipe.name());
            if (last != null) {
                untold(plan, schedule, last).ifPresent(missed -> absences.add(absence(recipe, schedule, missed)));
            }
        });
        return new Plan(now, schedules, List.copyOf(absences), lastDue, shown);
    }

    /** Returns whether its due instants were shifted with the clock. */
    private boolean isByElapsedTime() {
        return trigger.equals(TriggerKind.SCHEDULE);
    }

    /** Returns whether the due instants since an instant are unknown: the clock went ahead of the believed time. */
    private boolean isUnknownSince(Instant last) {
        return !isByElapsedTime() && guard.isAhead(last);
    }

    /** Starts. Missed instants were returned by {@link #absences} already, or are logged here. */
    @Override
    public final void start(List<Recipe> recipes, String why) {
        Plan begin = plan.orElseGet(() -> plan(recipes, books.get()));
        if (plan.isEmpty() && !begin.absences().isEmpty()) {
            LOG.warn("{}: {}", why, DowntimeSummary.sentence(begin.absences()));
        }
        boolean told = plan.isPresent();
        Duration set = guard.setBeforeStart();
        plan = Optional.empty();
        var known = new ArrayList<RecipeName>();
        var unknown = new ArrayList<RecipeName>();
        begin.schedules().forEach((served, schedule) -> {
            RecipeName recipe = served.name();
            Instant last = begin.known().get(recipe);
            if (last != null && isSetBack()) {
                startedSince.put(recipe, untoldSince(schedule, last));
            }
            if (last != null && isUnknownSince(last)) {
                unknown.add(recipe);
            } else if (last == null || last.isAfter(begin.now())) {
                ledger().watched(recipe, trigger, begin.now(), begin.shown(recipe));
            } else if (!started && isByElapsedTime() && !set.isZero()) {
                ledger().watched(recipe, trigger, last, Optional.of(last.minus(set)));
            } else {
                if (!started && set.isNegative()) { // instants from now on may be reported already
                    Instant shown = begin.now().minus(set);
                    ledger().watched(recipe, trigger, untoldSince(schedule, last), Optional.of(shown));
                }
                known.add(recipe);
            }
        });
        begin.absences().forEach(absence -> makeUp(absence, why, told));
        // not before: a kill in between would leave these instants without a record
        unknown.forEach(recipe -> ledger().watched(recipe, trigger, begin.now(), begin.shown(recipe)));
        ledger().accounted(known, trigger, begin.now());
        Instant after = begin.now().minusNanos(1); // an instant due right now was not missed
        ticker.start(begin.schedules(), after, begin.told());
        update(recipes); // they may have changed since the plan was made
        if (!started) {
            started = true;
            recipes.stream().filter(this::isDue).forEach(this::onFirstStart);
        } else {
            recipes.stream().filter(this::isDue).forEach(this::came);
        }
    }

    @Override
    public final void update(List<Recipe> recipes) {
        var before = ticker.schedules();
        var schedules = schedules(recipes);
        Instant now = ticker.update(schedules);
        var fresh = schedules.keySet().stream()
                .filter(recipe -> !before.containsKey(recipe))
                .toList();
        var late = late(recipes);
        if (!late.isEmpty()) {
            makeUpLate(late, schedules, now);
        }
        fresh.forEach(recipe -> ledger().watched(recipe.name(), trigger, now, Optional.empty()));
        if (started) {
            late.forEach(this::onFirstStart); // first: after came, a recipe is not due by a boot any more
            fresh.forEach(this::came);
        }
    }

    /**
     * Returns the recipes that the files kept from being in force at the last start, and that are in force now for the
     * first time.
     */
    private List<Recipe> late(List<Recipe> recipes) {
        var come = recipes.stream().filter(recipe -> seen.add(recipe.name())).toList();
        var late = lacking.stream()
                .flatMap(book -> come.stream().filter(recipe -> book.mayHold(recipe.name())))
                .filter(this::isDue)
                .toList();
        lacking = lacking.filter(book -> !books.get().isWhole());
        return late;
    }

    /** Makes up for instants due until now, inclusive, of recipes that were accounted for before the last start. */
    private void makeUpLate(List<Recipe> late, Map<Recipe, Schedule> schedules, Instant now) {
        var known = ledger().lastDue(trigger);
        for (Recipe recipe : late) {
            Instant last = known.get(recipe.name());
            Schedule schedule = schedules.get(recipe);
            if (last != null && schedule != null) {
                var untold = isUnknownSince(last)
                        ? untoldUntilBelieved(schedule, last)
                        : Missed.after(schedule, last, now.plusNanos(1));
                untold.ifPresent(missed -> makeUp(absence(recipe, schedule, missed), ABSENT, false));
            }
        }
    }

    /**
     * Makes up for instants due in a doubted time: the clock was in doubt when the daemon was started, and is believed
     * now.
     *
     * @param doubted the stretch of the doubted time
     */
    public final void cleared(ClockGuard.Cleared doubted) {
        if (isByElapsedTime()) {
            return;
        }
        look(); // the clock may have been set in this moment
        ticker.schedules()
                .forEach((recipe, schedule) -> Missed.after(schedule, doubted.from(), untoldUntil(recipe, doubted))
                        .ifPresent(missed -> makeUp(
                                absence(recipe, schedule, missed),
                                "the daemon was not running, as its clock shows now",
                                false)));
    }

    /**
     * Returns the instant until which nothing was reported of a doubted time. Later instants were reported by the
     * start, or by the new count after the clock was set.
     */
    private Instant untoldUntil(Recipe recipe, ClockGuard.Cleared doubted) {
        Instant byStart = startedSince.getOrDefault(recipe.name(), Instant.MAX);
        if (byStart.isBefore(doubted.from())) {
            return doubted.from(); // the start reported all
        }
        return Stream.of(byStart, recountedSince)
                .filter(since -> !since.isBefore(doubted.from()))
                .filter(doubted.until()::isAfter)
                .map(since -> since.plus(DueQueue.MOMENT)) // that instant itself is in neither of the two
                .filter(doubted.until()::isAfter)
                .min(Comparator.naturalOrder())
                .orElse(doubted.until());
    }

    @Override
    public final void stop() {
        ticker.stop();
    }

    @Override
    public final List<Handler> handlers() {
        return List.of(Handler.of(AgentCommands.NEXT.form(), this::next));
    }

    /** Returns the schedules of the recipes that it makes due while it is started. */
    public final List<NextTable.Timed> timed() {
        return ticker.schedules().entrySet().stream()
                .map(entry -> new NextTable.Timed(entry.getKey().name().value(), entry.getValue()))
                .toList();
    }

    /**
     * Sets the listener for changes of the clock, called when the new counts are on their way to the disk. It must not
     * block.
     */
    public final void whenClockIsSet(Runnable hearer) {
        clockIsSet = hearer;
    }

    /** Looks at the clock now, and reports the recipes due by it. */
    public final void look() {
        ticker.update(ticker.schedules());
    }

    /** Starts a recipe that is due now. */
    protected final void fire(Recipe recipe, Instant at) {
        fire(recipe, Cause.due(trigger, at), at);
    }

    private void fire(Recipe recipe, Cause cause, Instant at) {
        long number = fired.incrementAndGet();
        unrecorded.put(number, recipe.name() + " was due at " + at + ", but its record is not stored yet");
        var unused = dispatcher
                .submit(new RunRequest(recipe, name, cause, Input.NONE))
                .whenComplete((admitted, failure) -> {
                    unrecorded.remove(number);
                    if (failure != null) {
                        LOG.error("recipe={} could not be accepted: due at {}", recipe.name(), at, failure);
                    }
                });
    }

    /** Returns its fault, in a sentence that stays the same; empty: none. */
    public final Optional<String> fault() {
        return ticker.fault()
                .or(() -> Optional.ofNullable(unrecorded.firstEntry()).map(Map.Entry::getValue));
    }

    private boolean isDue(Recipe recipe) {
        return serves(recipe) && recipe.policy().enabled();
    }

    private Map<Recipe, Schedule> schedules(List<Recipe> recipes) {
        var before = ticker.schedules();
        var all = new IdentityHashMap<Recipe, Schedule>();
        var fresh = new ArrayList<Recipe>();
        for (Recipe recipe : recipes) {
            if (isDue(recipe)) {
                Optional.ofNullable(before.get(recipe)) // a recipe that stays keeps its schedule
                        .ifPresentOrElse(schedule -> all.put(recipe, schedule), () -> fresh.add(recipe));
            }
        }
        if (!fresh.isEmpty()) {
            var timetable = timetable();
            fresh.forEach(recipe ->
                    timetable.apply(recipe).ifPresent(schedule -> all.put(recipe, delayed(recipe, schedule))));
        }
        return all;
    }

    private Schedule delayed(Recipe recipe, Schedule schedule) {
        return Delayed.by(recipe.policy().timing().delay(recipe.name(), store.identity()), schedule);
    }

    /** Handles a change of the clock after which a recipe is due by another schedule. */
    protected void recounted(Recipe recipe, Schedule schedule) {}

    /** The handler of the ticker's events. */
    private final class Events implements Consumer<DueEvent> {
        @Override
        public void accept(DueEvent event) {
            switch (event) {
                case DueEvent.Due due -> fire(due.recipe(), due.at());
                case DueEvent.Late late -> takeLate(late);
                case DueEvent.PassedBy passed ->
                    makeUp(absence(passed.recipe(), passed.schedule(), passed.missed()), "the clock skipped it", false);
                case DueEvent.ClockSet _ -> clockIsSet.run();
                case DueEvent.Recounted again -> takeRecount(again);
            }
        }

        private void takeLate(DueEvent.Late late) {
            String why = "it was due again before the daemon handled it";
            if (late.recipe().policy().catchUp().which() == CatchUp.Which.ALL) {
                makeUp(absence(late.recipe(), late.schedule(), late.missed()), why, false);
            } else { // the latest is due now
                recordMissed(late.recipe(), late.missed(), why, false);
            }
        }

        private void takeRecount(DueEvent.Recounted again) {
            ledger().watched(again.recipe().name(), trigger, again.since(), again.shown());
            recountedSince = again.shown().isPresent() ? again.since() : recountedSince;
            recounted(
                    again.recipe(),
                    again.schedule() instanceof Delayed delayed ? delayed.schedule() : again.schedule());
        }
    }

    private DowntimeSummary absence(Recipe recipe, Schedule schedule, Missed missed) {
        var catchUp = recipe.policy().catchUp();
        Instant since = catchUp.since(clock.instant());
        Instant from = since.isAfter(missed.first()) ? since : missed.first();
        return new DowntimeSummary(
                recipe,
                schedule,
                missed,
                Schedules.last(schedule, from, missed.last().plusNanos(1), catchUp.most()));
    }

    /**
     * Makes up for missed instants, as far as the recipe demands it, and keeps a record of the rest.
     *
     * @param told whether these instants are reported in another way
     */
    private void makeUp(DowntimeSummary absence, String why, boolean told) {
        Recipe recipe = absence.recipe();
        Missed missed = absence.missed();
        var again = absence.caughtUp();
        if (again.isEmpty()) {
            recordMissed(recipe, missed, why, told);
        } else {
            if (missed.first().isBefore(again.getFirst())) {
                var rest = Missed.between(absence.schedule(), missed.first(), again.getFirst());
                recordMissed(recipe, rest, why + "; " + rest(recipe.policy().catchUp()), told);
            }
            again.forEach(at -> fire(recipe, Cause.due(TriggerKind.CATCH_UP, at), at));
        }
    }

    /** Returns the reason why the instants before the first one that is made up for are not. */
    private static String rest(CatchUp catchUp) {
        return switch (catchUp.which()) {
            case LATEST -> "only the latest is caught up (catch_up: latest)";
            default ->
                "later ones are caught up, at most " + CatchUp.MOST
                        + catchUp.window()
                                .map(window -> " of the last " + Durations.format(window))
                                .orElse("");
        };
    }

    private void recordMissed(Recipe recipe, Missed missed, String why, boolean told) {
        var order = new RunSpec(
                recipe.name(),
                recipe.origin().hash(),
                name,
                recipe.policy().priority(),
                Cause.due(trigger, missed.first()));
        var repeat = new Run.Repeat(missed.count(), Optional.of(missed.last()).filter(last -> missed.count() > 1));
        LOG.warn("recipe={} missed {} times: {}", recipe.name(), missed.count(), why);
        dispatcher.recordMissed(Run.refused(order, RunState.MISSED, why, repeat, clock.instant()), told);
    }

    private Reply next(Arguments arguments, Call call) {
        String count = arguments.operands().stream().findFirst().orElse("10");
        return next.of(NextTable.firings(timed(), clock.instant(), number(count)), NextTable.NOTHING);
    }

    private static int number(String text) {
        try {
            int number = Integer.parseInt(text);
            if (number >= 1 && number <= 10_000) {
                return number;
            }
        } catch (NumberFormatException e) {
            // reported below
        }
        throw new ProblemException(Problem.usage("invalid count '" + text + "': use 1 to 10000"));
    }
}
