package io.leprechaun.daemon;

import io.leprechaun.api.AgentCommands;
import io.leprechaun.api.Arguments;
import io.leprechaun.api.Call;
import io.leprechaun.api.Handler;
import io.leprechaun.api.Registrator;
import io.leprechaun.api.Reply;
import io.leprechaun.api.text.Facts;
import io.leprechaun.api.text.Text;
import io.leprechaun.daemon.agent.ClockGuard;
import io.leprechaun.daemon.agent.TimedAgent;
import io.leprechaun.daemon.history.ClockLog;
import io.leprechaun.daemon.lifecycle.HostClock;
import io.leprechaun.daemon.posix.Boot;
import io.leprechaun.daemon.view.RunDocument;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The watch over the host's clock: looks at it every few seconds, records its changes, and handles `daemon clock`. */
final class ClockKeeper implements Registrator {
    /** The period of the looks at the clock. */
    static final Duration PERIOD = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(ClockKeeper.class);
    private static final int NEWEST = 20;

    private final ClockGuard guard;
    private final HostClock clock;
    private final ClockLog log;
    private final List<TimedAgent> agents;
    private final Consumer<Duration> set;
    private final RunDocument documents;
    /** Used by this object only. */
    private Optional<String> said = Optional.empty();
    /** The number of times that the clock was set since the start. */
    private final LongAdder jumps = new LongAdder();

    /**
     * Creates a watch that records nothing yet.
     *
     * @param agents the agents that make up for instants due while the clock was in doubt
     * @param set the listener for the duration by which the clock was set forward, negative for back
     */
    ClockKeeper(
            ClockGuard guard,
            HostClock clock,
            ClockLog log,
            List<TimedAgent> agents,
            Consumer<Duration> set,
            RunDocument documents) {
        this.guard = guard;
        this.clock = clock;
        this.log = log;
        this.agents = List.copyOf(agents);
        this.set = set;
        this.documents = documents;
    }

    /** Handles the result of the look at the start. */
    synchronized void begin() {
        var unused = learn(guard.first());
    }

    /**
     * Looks at the clock. The future completes once all new counts are on disk: the next daemon must not learn of a set
     * clock before.
     */
    synchronized CompletableFuture<@Nullable Void> look() {
        return learn(guard.look());
    }

    /** Returns the number of times that the clock was set since the start. */
    long jumps() {
        return jumps.sum();
    }

    private CompletableFuture<@Nullable Void> learn(ClockGuard.ClockLook look) {
        Instant now = clock.instant();
        CompletableFuture<@Nullable Void> kept = CompletableFuture.completedFuture(null);
        if (!look.set().isZero()) {
            jumps.increment();
            agents.forEach(TimedAgent::look);
            kept = log.add(ClockLog.ClockEvent.SET, now, look.set());
            set.accept(look.set());
        }
        if (look.accepted().isPresent()) {
            kept = log.add(
                    ClockLog.ClockEvent.ACCEPTED, now, look.accepted().get().negated());
        }
        look.cleared().ifPresent(cleared -> {
            LOG.info("the clock is no longer in doubt; checking the due times since {}", cleared.from());
            agents.forEach(agent -> agent.cleared(cleared));
        });
        Optional<String> doubt = guard.doubt();
        if (!doubt.equals(said)) {
            doubt.ifPresent(LOG::error);
            said = doubt;
        }
        return kept;
    }

    @Override
    public String name() {
        return "daemon";
    }

    @Override
    public List<Handler> handlers() {
        return List.of(
                Handler.of(AgentCommands.ofDaemon("clock"), this::clock),
                Handler.of(AgentCommands.ofDaemon("clock:accept"), this::accept));
    }

    private Reply clock(Arguments arguments, Call call) {
        var found = log.newest(NEWEST + 1);
        var changes = found.subList(0, Math.min(NEWEST, found.size()));
        Optional<String> doubt = guard.doubt();
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("now", documents.time(clock.instant()));
        data.put("synchronised", Boot.isClockSynchronised());
        data.put("doubt", doubt.orElse(null));
        data.put("changes", changes.stream().map(documents::data).toList());
        Facts text = Facts.none()
                .and("clock", documents.local(clock.instant()))
                .and("synchronised", Boot.isClockSynchronised())
                .and("doubt", doubt.orElse("none"));
        for (var change : changes) {
            text = text.and(
                    documents.local(change.at()),
                    change.sentence() + (change.run() == 0 ? "" : ", after run " + change.run()));
        }
        return Reply.of(data, text)
                .with(() -> found.size() > NEWEST
                        ? Optional.of("the newest " + NEWEST + " changes; older ones are left out")
                        : Optional.empty());
    }

    private synchronized Reply accept(Arguments arguments, Call call) {
        boolean doubted = guard.doubt().isPresent();
        var unused = learn(guard.accept());
        return Reply.of(
                Map.of("accepted", doubted),
                Text.line(doubted ? "the clock is confirmed" : "the clock was not in doubt"));
    }
}
