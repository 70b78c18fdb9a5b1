package io.leprechaun.daemon;

import io.leprechaun.api.AgentCommands;
import io.leprechaun.api.Handler;
import io.leprechaun.api.Registrator;
import io.leprechaun.api.Reply;
import io.leprechaun.daemon.lifecycle.Parts;
import io.leprechaun.daemon.lifecycle.Threads;
import io.leprechaun.daemon.metrics.Metrics;
import io.leprechaun.daemon.metrics.Sources;
import io.leprechaun.daemon.metrics.Textfile;
import io.leprechaun.daemon.notify.Target;
import io.leprechaun.daemon.settings.MetricsSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The metrics as part of the API, and in a file. They are made when they are asked for first: a daemon that is never
 * asked does not even load their classes. Thread-safe.
 */
final class MetricsService implements Registrator {
    private static final Duration PERIOD = Duration.ofSeconds(15);

    private final MetricsSettings settings;
    private final AgentAssembly agents;
    private final Health health;
    private final ClockKeeper keeper;
    /** Guarded by this. */
    private @Nullable Metrics made;

    private volatile Supplier<Optional<String>> fault = Optional::empty;

    /** Creates the metrics of a daemon. */
    MetricsService(AgentAssembly agents, Health health, ClockKeeper keeper) {
        this.settings = agents.store().launch().settings().metrics();
        this.agents = agents;
        this.health = health;
        this.keeper = keeper;
    }

    private Sources sources() {
        var store = agents.store();
        var work = agents.work();
        var launch = store.launch();
        return new Sources(
                new Sources.HostFacts(
                        launch.version(),
                        () -> health.look().trouble().isEmpty(),
                        Host::memory,
                        () -> free(launch.state()),
                        keeper::jumps),
                launch.clock(),
                store.recipes()::book,
                store.store(),
                store.store().archive(),
                work.dispatcher(),
                agents.known(),
                launch.settings().agents().keySet(),
                store.store().commits(),
                work.traffic(),
                () -> work.targets().all().stream()
                        .collect(Collectors.toMap(
                                Target::name, target -> target.notifier().givenUp(), Long::sum)),
                work.ends()::add);
    }

    private static long free(Path folder) {
        return folder.toFile().getUsableSpace();
    }

    @Override
    public String name() {
        return "daemon";
    }

    @Override
    public List<Handler> handlers() {
        return List.of(Handler.of(AgentCommands.ofDaemon("metrics"), (_, _) -> content()));
    }

    private Reply content() {
        return new Reply.Content(Metrics.TYPE, metrics()::write);
    }

    private synchronized Metrics metrics() {
        Metrics known = made;
        if (known == null) {
            known = new Metrics(sources(), settings.recipes());
            made = known;
        }
        return known;
    }

    /** Begins to write the file, if the settings name one. */
    void begin(WorkAssembly work, Parts parts) {
        settings.textfile().ifPresent(file -> {
            var textfile = parts.own(new Textfile(file, metrics()));
            fault = textfile::fault;
            work.alarms()
                    .every(
                            PERIOD,
                            () -> Threads.virtual("metrics", textfile::write).start());
            Threads.virtual("metrics", textfile::write).start();
        });
    }

    /** Returns the reason why the file is not written, in a sentence; empty: it is, or there is none. */
    Optional<String> fault() {
        return fault.get();
    }
}
