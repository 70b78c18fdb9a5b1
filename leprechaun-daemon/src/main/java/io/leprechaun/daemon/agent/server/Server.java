package io.leprechaun.daemon.agent.server;

import io.leprechaun.api.Handler;
import io.leprechaun.daemon.agent.Agent;
import io.leprechaun.daemon.body.Body;
import io.leprechaun.daemon.history.RunStore;
import io.leprechaun.daemon.history.StoreException;
import io.leprechaun.daemon.hook.Delivery;
import io.leprechaun.daemon.hook.Gate;
import io.leprechaun.daemon.hook.Gate.Verdict;
import io.leprechaun.daemon.hook.HookPolicy;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.recipe.Trigger;
import io.leprechaun.daemon.recipe.TriggerKind;
import io.leprechaun.daemon.run.Cause;
import io.leprechaun.daemon.run.Input;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunSpec;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.settings.AgentName;
import io.leprechaun.daemon.view.RunDocument;
import io.leprechaun.daemon.worker.AdmissionResult;
import io.leprechaun.daemon.worker.Dispatcher;
import io.leprechaun.daemon.worker.RunRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The agent that makes recipes due by webhook. Its port is open while a recipe takes hooks. While it is paused or
 * stopped, senders are asked to retry.
 */
public final class Server implements Agent {
    private static final Logger LOG = LoggerFactory.getLogger(Server.class);
    private static final int RETRY_SECONDS = 30;
    /**
     * The answer both for a hook that does not exist and for one that refuses: a sender that guesses ids learns nothing
     * from it.
     */
    private static final Map<String, String> NOT_FOR_YOU = Map.of("error", "unknown hook, or access denied");

    private static final String REPLAY = "replay: this body was already delivered with another id (hook.dedupe)";

    private final Dispatcher dispatcher;
    private final RunStore store;
    private final HookListener listener;
    private final RunDocument documents;
    private final Gate gate;
    private final Deliveries deliveries;
    private final InstantSource clock;
    private final InstantSource steady;
    /** Every hook in force by its id; kept while stopped, so that senders of a known hook are asked to retry. */
    private volatile Map<String, HookRecipe> hooks = Map.of();

    /** The permit to examine a large body. */
    private final Semaphore large = new Semaphore(1);

    private final Intake intake;
    private final Consumer<Runnable> later;
    private final HookListener.HookDesk desk = new HookListener.HookDesk() {
        @Override
        public int bodyLimit(Optional<String> id) {
            return id.map(hooks::get).map(hook -> hook.policy().bodyLimit()).orElse(HookPolicy.USUAL_BODY);
        }

        @Override
        public boolean isKnown(Optional<String> id) {
            return id.filter(hooks::containsKey).isPresent();
        }

        @Override
        public HookAnswer answer(HookRequest request) {
            return receive(request);
        }
    };

    /** Guarded by this. */
    private boolean listening;

    /** True if another attempt to listen is scheduled. Guarded by this. */
    private boolean retrying;

    private volatile Optional<String> broken = Optional.empty();

    private record HookRecipe(Recipe recipe, HookPolicy policy) {}

    /**
     * Creates an agent that does not listen yet.
     *
     * @param steady a clock that is not set, for times that have to elapse
     * @param bytesAMinute the number of bytes of bodies that it accepts for one recipe within a minute
     * @param later the executor of delayed tasks: runs a task in a few seconds, on a thread that the task may block
     */
    public Server(
            Dispatcher dispatcher,
            RunStore store,
            HookListener listener,
            RunDocument documents,
            Gate gate,
            InstantSource clock,
            InstantSource steady,
            long bytesAMinute,
            Consumer<Runnable> later) {
        this.dispatcher = dispatcher;
        this.store = store;
        this.listener = listener;
        this.documents = documents;
        this.gate = gate;
        this.deliveries = new Deliveries(store);
        this.clock = clock;
        this.steady = steady;
        this.intake = new Intake(bytesAMinute, System::nanoTime);
        this.later = later;
    }

    @Override
    public AgentName name() {
        return AgentName.SERVER;
    }

    @Override
    public boolean serves(Recipe recipe) {
        return recipe.trigger(Trigger.Hook.class).isPresent();
    }

    @Override
    public void start(List<Recipe> recipes, String why) {
        take(recipes);
        try {
            if (hooks.isEmpty()) {
                listener.check(); // listening includes this check
            }
            adjust();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void update(List<Recipe> recipes) {
        take(recipes);
        look();
    }

    private void take(List<Recipe> recipes) {
        var byId = new HashMap<String, HookRecipe>();
        for (Recipe recipe : recipes) {
            recipe.trigger(Trigger.Hook.class)
                    .ifPresent(hook -> byId.putIfAbsent(hook.id(), new HookRecipe(recipe, hook.policy())));
        }
        hooks = Map.copyOf(byId);
    }

    @Override
    public Optional<String> broken() {
        return broken;
    }

    private void look() {
        try {
            adjust();
        } catch (IOException e) {
            breakDown(String.valueOf(e.getMessage()));
        }
    }

    /**
     * Listens while there is a hook. An unavailable address is tried again; an unneeded port is closed after a while.
     */
    private synchronized void adjust() throws IOException {
        boolean wanted = !hooks.isEmpty();
        if (wanted && !listening) {
            try {
                listener.listen(desk);
                listening = true;
                broken = Optional.empty();
            } catch (HookListener.UnavailableException e) {
                breakDown(String.valueOf(e.getMessage()));
            }
        } else if (!wanted) {
            broken = Optional.empty();
            if (listening) {
                later.accept(this::closeUnused);
            }
        }
    }

    private synchronized void breakDown(String why) {
        if (!broken.equals(Optional.of(why))) {
            LOG.error("{}; no hooks arrive until then, everything else works; retrying", why);
        }
        broken = Optional.of(why);
        if (!retrying) { // an update tries too, and would start another series of retries each time
            retrying = true;
            later.accept(this::retry);
        }
    }

    private synchronized void retry() {
        retrying = false;
        if (broken.isPresent()) {
            look();
        }
    }

    private synchronized void closeUnused() {
        if (!hooks.isEmpty() || !listening) {
            return;
        }
        try {
            listener.close();
            LOG.info("hook port closed: no recipe has a hook any more");
        } catch (IOException e) {
            LOG.warn("closing the hook port failed: {}", e.getMessage());
        }
        listening = false;
    }

    @Override
    public void stop() {
        // the dispatcher holds incoming runs
    }

    @Override
    public List<Handler> handlers() {
        return List.of();
    }

    private HookAnswer receive(HookRequest request) {
        var delivery = new Delivery(
                request.method(), request.headers(), request.query(), request.body(), request.from(), clock.instant());
        Optional<HookRecipe> hook = request.id().map(hooks::get);
        if (hook.isEmpty()) {
            gate.pretend(delivery);
            request.body().discard();
            return new HookAnswer(404, NOT_FOR_YOU, Map.of());
        }
        String recipe = hook.get().recipe().name().value();
        var answer = switch (hear(hook.get().policy(), request, delivery)) {
            case Verdict.Passed passed -> admit(hook.get(), request, passed);
            case Verdict.Refused refused -> {
                request.body().discard();
                yield refused(hook.get(), request, refused).because(refused.why());
            }
        };
        return answer.of(recipe);
    }

    /** Examines large bodies one at a time: the part read into memory may be as large as the body. */
    private Verdict hear(HookPolicy policy, HookRequest request, Delivery delivery) {
        if (request.body() instanceof Body.Held) {
            return gate.hear(policy, delivery).verdict();
        }
        large.acquireUninterruptibly();
        try {
            return gate.hear(policy, delivery).verdict();
        } catch (RuntimeException | Error e) {
            request.body().discard();
            throw e;
        } finally {
            large.release();
        }
    }

    private HookAnswer refused(HookRecipe hook, HookRequest request, Verdict.Refused refused) {
        var name = hook.recipe().name();
        if (refused.reason() == Gate.Reason.NO_SECRET) {
            LOG.error("recipe={} cannot take hooks: {}", name, refused.why());
        }
        int status = refused.reason().status(hook.policy());
        return switch (refused.reason()) {
            case ADDRESS, PROOF -> new HookAnswer(status, NOT_FOR_YOU, Map.of());
            case NO_SECRET -> refusal(status, "the hook is not available: try again later", true);
            case METHOD -> {
                String allow = hook.policy().methods().stream().sorted().collect(Collectors.joining(", "));
                yield new HookAnswer(status, Map.of("error", refused.why()), Map.of("Allow", allow));
            }
            case UNREADABLE, UNSUPPORTED -> refusal(status, refused.why(), false);
            case RULE -> {
                var record = Run.refused(
                        order(hook, request),
                        RunState.SKIPPED,
                        "a rule of the hook is " + refused.why(),
                        Run.Repeat.ONCE,
                        clock.instant());
                dispatcher.recordMissed(record, false);
                var data = ticket(null);
                data.put("error", "request refused by the rules of the hook");
                yield new HookAnswer(status, data, Map.of());
            }
        };
    }

    private static RunSpec order(HookRecipe hook, HookRequest request) {
        Recipe recipe = hook.recipe();
        return new RunSpec(
                recipe.name(),
                recipe.origin().hash(),
                AgentName.SERVER,
                recipe.policy().priority(),
                cause(request));
    }

    private static Cause cause(HookRequest request) {
        return Cause.requested(TriggerKind.HOOK, request.from().getHostAddress());
    }

    private HookAnswer admit(HookRecipe hook, HookRequest request, Verdict.Passed passed) {
        RecipeName recipe = hook.recipe().name();
        Optional<Duration> later = intake.take(recipe, request.body().length());
        if (later.isPresent()) {
            request.body().discard();
            return refusal(429, "too many bytes for this recipe within a minute: try again later", later.get());
        }
        var body = Optional.of(request.body()).filter(sent -> sent.length() > 0);
        var due = new RunRequest(
                hook.recipe(),
                AgentName.SERVER,
                cause(request),
                new Input(passed.parameters(), body, passed.delivery().kept()));
        var patience = request.patience().or(hook.policy()::patience);
        boolean keeps = request.body() instanceof Body.Held || store.trouble().isEmpty();
        try {
            Deliveries.Taken taken = deliveries.take(
                    recipe,
                    passed.delivery(),
                    steady.instant().minus(hook.policy().dedupe().orElse(Duration.ZERO)),
                    () -> dispatcher.submit(due).join());
            return switch (taken) {
                case Deliveries.Taken.New(AdmissionResult.Accepted accepted) ->
                    accepted(hook, accepted.run().id(), accepted.over(), patience);
                case Deliveries.Taken.New(AdmissionResult.NotStarted refused) -> {
                    request.body().discard();
                    yield refused(hook.recipe(), refused);
                }
                case Deliveries.Taken.Duplicate(long run, boolean replayed) -> {
                    request.body().discard();
                    intake.giveBack(recipe, request.body().length());
                    CompletableFuture<Run> over = over(run);
                    HookAnswer answer = accepted(hook, run, over, patience);
                    yield replayed ? replay(hook, request, run, answer) : again(hook, request, over, answer);
                }
            };
        } catch (CompletionException e) {
            return notKept(hook, request, keeps, e.getCause());
        } catch (StoreException e) {
            return notKept(hook, request, keeps, e);
        }
    }

    /** Records a delivery whose signed body is known: its sender may have meant another run. */
    private HookAnswer replay(HookRecipe hook, HookRequest request, long run, HookAnswer answer) {
        var record = Run.refused(order(hook, request), RunState.SKIPPED, REPLAY, Run.Repeat.ONCE, clock.instant());
        dispatcher.recordMissed(record, false);
        return answer.because("run " + run + ": " + REPLAY);
    }

    /**
     * Records a delivery that comes again after its run has ended badly: it starts nothing, although its sender may
     * expect that.
     */
    private HookAnswer again(HookRecipe hook, HookRequest request, CompletableFuture<Run> over, HookAnswer answer) {
        if (!over.isDone() || over.isCompletedExceptionally() || over.join().state() == RunState.SUCCEEDED) {
            return answer;
        }
        Run run = over.join();
        String known = "duplicate delivery: run " + run.id() + " ended "
                + run.state().word() + "; to run it again, use `leprechaun hook replay " + run.id() + "`";
        dispatcher.recordMissed(
                Run.refused(order(hook, request), RunState.SKIPPED, known, Run.Repeat.ONCE, clock.instant()), false);
        var data = ticket(run.id());
        data.put("outcome", documents.outcome(run));
        data.put("note", known);
        return new HookAnswer(
                answer.status(), data, answer.headers(), answer.recipe(), Optional.of(known), answer.outcome());
    }

    /**
     * @param keeps whether the store was working before: then a failed flush leaves a run that the next start may find,
     *     with its body
     */
    private static HookAnswer notKept(
            HookRecipe hook, HookRequest request, boolean keeps, @Nullable Throwable failure) {
        boolean inDoubt = keeps
                && failure instanceof StoreException refused
                && !refused.fault().mayPass();
        if (!inDoubt) {
            request.body().discard();
        }
        LOG.error("recipe={} could not accept a hook: {}", hook.recipe().name(), String.valueOf(failure));
        return failure instanceof StoreException store && store.fault() == StoreException.StoreFault.FULL
                ? refusal(507, "the disk is full: try again later", true)
                : refusal(503, "the hook could not be stored: try again later", true);
    }

    /** Returns the end of a run that was accepted earlier; a run without a record is over, with an unknown outcome. */
    private CompletableFuture<Run> over(long run) {
        return dispatcher
                .over(run)
                .orElseGet(() -> store.find(run)
                        .map(CompletableFuture::completedFuture)
                        .orElseGet(() -> CompletableFuture.failedFuture(
                                new StoreException("run " + run + " is no longer in the history"))));
    }

    private HookAnswer accepted(HookRecipe hook, long run, CompletableFuture<Run> over, Optional<Duration> patience) {
        var accepted = new HookAnswer(hook.policy().accepted(), ticket(run), Map.of());
        return patience.map(most -> accepted.unless(new AwaitedEnd(run, over, most)))
                .orElse(accepted);
    }

    /** The end of a run for which its sender waits. */
    private final class AwaitedEnd implements HookAnswer.PendingAnswer {
        private final long id;
        private final CompletableFuture<Run> over;
        private final Duration patience;

        AwaitedEnd(long id, CompletableFuture<Run> over, Duration patience) {
            this.id = id;
            this.over = over;
            this.patience = patience;
        }

        @Override
        public Duration patience() {
            return patience;
        }

        @Override
        public Optional<HookAnswer> await(Duration limit) throws InterruptedException {
            try {
                CompletableFuture.anyOf(over, dispatcher.whenShutDown()).get(limit.toMillis(), TimeUnit.MILLISECONDS);
                return over.isDone() ? Optional.of(answer(over.join())) : Optional.empty();
            } catch (TimeoutException e) {
                return Optional.empty();
            } catch (ExecutionException e) {
                LOG.error("run={} has an unknown outcome", id, e.getCause());
                var data = ticket(id);
                data.put("error", "the outcome of the run is unknown");
                return Optional.of(new HookAnswer(503, data, later(Duration.ofSeconds(RETRY_SECONDS))));
            }
        }

        private HookAnswer answer(Run run) {
            var data = ticket(run.id());
            data.put("outcome", documents.outcome(run));
            if (run.state() == RunState.KILLED && dispatcher.isShuttingDown()) { // no fault of the run
                return new HookAnswer(503, data, later(Duration.ofSeconds(RETRY_SECONDS)));
            }
            return new HookAnswer(status(run.state()), data, Map.of());
        }
    }

    private static int status(RunState state) {
        return switch (state) {
            case SUCCEEDED -> 200;
            case SKIPPED -> 409; // a newer run took its place, or it would have been too late
            case QUEUED, WAITING, RUNNING, STOPPING, FAILED, KILLED, TIMED_OUT, LOST, REJECTED, MISSED, HELD -> 500;
        };
    }

    private HookAnswer refused(Recipe recipe, AdmissionResult.NotStarted refused) {
        return switch (refused.state()) {
            case SKIPPED -> {
                var inTheWay = dispatcher.oldest(recipe.name()).map(Run::id);
                var data = ticket(inTheWay.orElse(null));
                data.put("error", refused.reason());
                yield new HookAnswer(409, data, Map.of());
            }
            case REJECTED -> refusal(429, refused.reason(), true);
            case HELD -> refusal(503, refused.reason(), true);
            case QUEUED, WAITING, RUNNING, STOPPING, SUCCEEDED, FAILED, KILLED, TIMED_OUT, LOST, MISSED ->
                throw new IllegalStateException("admission refuses with " + refused.state());
        };
    }

    private static Map<String, @Nullable Object> ticket(@Nullable Long run) {
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("run", run);
        data.put("url", null);
        return data;
    }

    private static HookAnswer refusal(int status, String why, boolean later) {
        return later
                ? refusal(status, why, Duration.ofSeconds(RETRY_SECONDS))
                : new HookAnswer(status, Map.of("error", why), Map.of());
    }

    private static HookAnswer refusal(int status, String why, Duration later) {
        return new HookAnswer(status, Map.of("error", why), later(later));
    }

    private static Map<String, String> later(Duration later) {
        return Map.of("Retry-After", Long.toString(Math.max(1, later.toSeconds())));
    }
}
