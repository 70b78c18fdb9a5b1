package io.leprechaun.daemon;

import io.leprechaun.daemon.agent.Service;
import io.leprechaun.daemon.audit.Change;
import io.leprechaun.daemon.event.Events;
import io.leprechaun.daemon.event.Topic;
import io.leprechaun.daemon.lifecycle.Threads;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.recipe.folder.RecipeBook;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.StepResult;
import io.leprechaun.daemon.settings.AgentName;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The publisher of events: it listens to the parts of the daemon, and looks once a second at the numbers and the health
 * that no part reports. While no reader has come, it does nothing.
 */
final class EventSources {
    private static final Logger LOG = LoggerFactory.getLogger(EventSources.class);
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final Events events;
    private final AgentAssembly agents;
    private final Supplier<Optional<String>> trouble;
    /** The recipes as they were reported. Guarded by this. */
    private RecipeBook known;
    /** The last event of each agent. Used by one alarm at a time. */
    private final Map<String, Map<String, @Nullable Object>> numbers = new HashMap<>();
    /** The last health that was reported; empty: none yet. Used by one alarm at a time. */
    private Optional<Map<String, @Nullable Object>> health = Optional.empty();

    private final AtomicBoolean looking = new AtomicBoolean();

    /** @param trouble the fault that keeps the daemon from working as it should */
    EventSources(Events events, AgentAssembly agents, Supplier<Optional<String>> trouble) {
        this.events = events;
        this.agents = agents;
        this.trouble = trouble;
        this.known = agents.store().recipes().book();
    }

    /** Begins to listen. */
    void begin() {
        agents.work().dispatcher().onChange(this::run);
        agents.work().executions().onStep(this::step);
        agents.work().dispatcher().pauses().onChange(this::paused);
        agents.store().changes().onChange(this::change);
        agents.changes().add(this::recipes);
        events.onReaders(this::beginLooking);
    }

    private void run(Run run) {
        if (!events.isHeard()) {
            return;
        }
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("run", run.id());
        data.put("state", run.state().word());
        data.put("attempt", run.attempt());
        data.put("trigger", run.order().cause().trigger().word());
        data.put("reason", run.reason().orElse(null));
        events.publish(Topic.RUN, Optional.of(run.order().recipe().value()), data);
    }

    private void step(Run run, StepResult step) {
        if (!events.isHeard()) {
            return;
        }
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("run", run.id());
        data.put("attempt", run.attempt());
        data.put("step", step.number());
        data.put("state", step.state().word());
        events.publish(Topic.STEP, Optional.of(run.order().recipe().value()), data);
    }

    private void change(Change change) {
        if (!events.isHeard()) {
            return;
        }
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("by", change.by());
        data.put("way", change.way());
        data.put("command", change.command());
        data.put("arguments", change.arguments());
        data.put("code", change.code());
        events.publish(Topic.CHANGE, Optional.empty(), data);
    }

    private void paused(RecipeName name) {
        boolean paused = agents.work()
                .dispatcher()
                .pauses()
                .find(name, agents.store().launch().clock().instant())
                .isPresent();
        recipe(name.value(), paused ? "paused" : "resumed", Optional.empty());
    }

    private synchronized void recipes(RecipeBook book) {
        RecipeBook last = known;
        known = book;
        if (!events.isHeard()) {
            return;
        }
        var before = entries(last);
        var now = entries(book);
        now.forEach((name, entry) -> {
            if (!entry.equals(before.get(name))) {
                String what = entry.isBroken() ? "broken" : !before.containsKey(name) ? "added" : "changed";
                recipe(name, what, entry.recipe().map(recipe -> recipe.origin().hash()));
            }
        });
        before.keySet().stream()
                .filter(name -> !now.containsKey(name))
                .forEach(name -> recipe(name, "removed", Optional.empty()));
    }

    private static Map<String, RecipeBook.BookEntry> entries(RecipeBook book) {
        var entries = new LinkedHashMap<String, RecipeBook.BookEntry>();
        book.entries().forEach(entry -> entries.put(entry.name(), entry));
        return entries;
    }

    private void recipe(String name, String status, Optional<String> hash) {
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("status", status);
        data.put("version", hash.orElse(null));
        events.publish(Topic.RECIPE, Optional.of(name), data);
    }

    private void beginLooking() {
        if (!looking.getAndSet(true)) {
            look();
        }
    }

    private void look() {
        if (!events.hasReaders()) {
            looking.set(false);
            if (events.hasReaders()) { // one came meanwhile
                beginLooking();
            }
            return;
        }
        agents.work()
                .alarms()
                .in(LOOK, () -> Threads.virtual("events-look", this::look).start()); // health may wait for a disk
        try {
            agents.services().forEach(this::agent);
            health();
        } catch (RuntimeException e) { // readers still get all other events
            LOG.error("cannot look at agents and health for events", e);
        }
    }

    private void agent(Service service) {
        var occupied = agents.work().dispatcher().occupied(new AgentName(service.name()));
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("agent", service.name());
        data.put("status", service.status().word());
        data.put("running", occupied.max());
        data.put("queued", occupied.queue());
        if (!data.equals(numbers.put(service.name(), data))) {
            events.publish(Topic.AGENT, Optional.empty(), data);
        }
    }

    private void health() {
        Optional<String> why = trouble.get();
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("healthy", why.isEmpty());
        data.put("reason", why.orElse(null));
        if (!health.equals(Optional.of(data))) {
            health = Optional.of(data);
            events.publish(Topic.HEALTH, Optional.empty(), data);
        }
    }
}
