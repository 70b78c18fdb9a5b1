package io.leprechaun.daemon.agent.server;

import io.leprechaun.api.Handler;
import io.leprechaun.daemon.agent.Agent;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.Trigger;
import io.leprechaun.daemon.run.Cause;
import io.leprechaun.daemon.run.Input;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunDocument;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.run.StoreException;
import io.leprechaun.daemon.run.TriggerKind;
import io.leprechaun.daemon.worker.Admitted;
import io.leprechaun.daemon.worker.Dispatcher;
import io.leprechaun.daemon.worker.Request;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes recipes due by webhook. Its port stays open while it is paused or stopped: then hooks are told to try again. */
public final class Server implements Agent {
    /** Its name. */
    public static final String NAME = "server";

    private static final Logger LOG = LoggerFactory.getLogger(Server.class);
    private static final int RETRY_SECONDS = 30;

    private final Dispatcher dispatcher;
    private final HookListener listener;
    private final RunDocument documents;
    /** Every hook in force by its id; kept while stopped, so that a known hook is told to try again. */
    private volatile Map<String, Recipe> hooks = Map.of();

    private boolean listening;

    /** An agent that does not listen yet. */
    public Server(Dispatcher dispatcher, HookListener listener, RunDocument documents) {
        this.dispatcher = dispatcher;
        this.listener = listener;
        this.documents = documents;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean serves(Recipe recipe) {
        return recipe.trigger(Trigger.Hook.class).isPresent();
    }

    @Override
    public void start(List<Recipe> recipes, String why) {
        update(recipes);
        if (!listening) {
            try {
                listener.listen(this::receive);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            listening = true;
        }
    }

    @Override
    public void update(List<Recipe> recipes) {
        var byId = new HashMap<String, Recipe>();
        for (Recipe recipe : recipes) {
            recipe.trigger(Trigger.Hook.class).ifPresent(hook -> byId.putIfAbsent(hook.id(), recipe));
        }
        hooks = Map.copyOf(byId);
    }

    @Override
    public void stop() {
        // the dispatcher holds what comes in
    }

    @Override
    public List<Handler> handlers() {
        return List.of();
    }

    private HookAnswer receive(HookRequest request) {
        var recipe = request.id().map(hooks::get);
        if (recipe.isEmpty()) {
            return refusal(404, "there is no such hook", Optional.empty());
        }
        var body = request.body().length == 0 ? Optional.<byte[]>empty() : Optional.of(request.body());
        var cause = Cause.requested(TriggerKind.HOOK, request.from());
        try {
            var admitted = dispatcher
                    .submit(new Request(recipe.get(), NAME, cause, new Input(Map.of(), body)))
                    .join();
            return switch (admitted) {
                case Admitted.Accepted accepted -> accepted(accepted, request.patience());
                case Admitted.Refused refused -> refused(recipe.get(), refused);
            };
        } catch (CompletionException e) {
            LOG.error("a hook of {} could not be accepted: {}", recipe.get().name(), String.valueOf(e.getCause()));
            boolean full = e.getCause() instanceof StoreException store && store.fault() == StoreException.Fault.FULL;
            return refusal(
                    full ? 507 : 503,
                    full ? "the disk is full: try again later" : "the hook could not be kept: try again later",
                    Optional.of(RETRY_SECONDS));
        }
    }

    private HookAnswer accepted(Admitted.Accepted accepted, Optional<Duration> wait) {
        if (wait.isEmpty()) {
            return new HookAnswer(202, ticket(accepted.run().id()), Optional.empty());
        }
        try {
            return outcome(accepted, wait.get());
        } catch (ExecutionException e) {
            LOG.error("how run {} ended is not known", accepted.run().id(), e.getCause());
            var data = ticket(accepted.run().id());
            data.put("error", "how the run ended could not be kept");
            return new HookAnswer(500, data, Optional.empty());
        }
    }

    private HookAnswer outcome(Admitted.Accepted accepted, Duration wait) throws ExecutionException {
        return over(accepted.over(), wait)
                .map(run -> {
                    var data = ticket(run.id());
                    data.putAll(Map.of("outcome", documents.data(run)));
                    return new HookAnswer(
                            run.state() == RunState.SUCCEEDED ? 200 : 500, data, Optional.<Integer>empty());
                })
                .orElseGet(() -> new HookAnswer(202, ticket(accepted.run().id()), Optional.empty()));
    }

    private static Optional<Run> over(CompletableFuture<Run> over, Duration wait) throws ExecutionException {
        try {
            return Optional.of(over.get(wait.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private HookAnswer refused(Recipe recipe, Admitted.Refused refused) {
        return switch (refused.state()) {
            case SKIPPED -> {
                var inTheWay = dispatcher.unfinished(recipe.name()).stream()
                        .map(Run::id)
                        .findFirst();
                var data = new LinkedHashMap<String, @Nullable Object>();
                data.put("run", inTheWay.orElse(null));
                data.put("url", null);
                data.put("error", refused.reason());
                yield new HookAnswer(409, data, Optional.empty());
            }
            case REJECTED -> refusal(429, refused.reason(), Optional.of(RETRY_SECONDS));
            case HELD -> refusal(503, refused.reason(), Optional.of(RETRY_SECONDS));
            case QUEUED, WAITING, RUNNING, STOPPING, SUCCEEDED, FAILED, KILLED, TIMED_OUT, LOST, MISSED ->
                throw new IllegalStateException("admission refuses with " + refused.state());
        };
    }

    private static Map<String, @Nullable Object> ticket(long run) {
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("run", run);
        data.put("url", null);
        return data;
    }

    private static HookAnswer refusal(int status, String why, Optional<Integer> retryAfter) {
        return new HookAnswer(status, Map.of("error", why), retryAfter);
    }
}
