package io.leprechaun.daemon;

import io.leprechaun.api.AgentCommands;
import io.leprechaun.api.Arguments;
import io.leprechaun.api.Call;
import io.leprechaun.api.ExitCode;
import io.leprechaun.api.Handler;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.Registrator;
import io.leprechaun.api.Reply;
import io.leprechaun.api.text.Facts;
import io.leprechaun.api.text.Table;
import io.leprechaun.api.text.Table.Cell;
import io.leprechaun.api.text.Table.Column;
import io.leprechaun.api.text.Text;
import io.leprechaun.daemon.agent.Service;
import io.leprechaun.daemon.lifecycle.HostClock;
import io.leprechaun.daemon.recipe.folder.RecipeBook;
import io.leprechaun.daemon.startup.SettingsNow;
import io.leprechaun.daemon.units.Durations;
import io.leprechaun.daemon.units.Sizes;
import io.leprechaun.daemon.zone.HostZones;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The daemon's own commands. */
final class DaemonService implements Registrator {
    private final DaemonFacts identity;
    private final HostClock clock;
    private final long begun;
    private final Health health;
    private final Supplier<List<Service>> services;
    private final Supplier<RecipeBook> reload;
    private final SettingsNow settings;
    private final Runnable kill;

    /** The facts that do not change while a daemon lives. */
    record DaemonFacts(String version, Optional<Path> config, Path state, Path socket, Path recipes, String zone) {}

    /** @param health the checks of the daemon */
    DaemonService(
            DaemonFacts identity,
            HostClock clock,
            Health health,
            Supplier<List<Service>> services,
            Supplier<RecipeBook> reload,
            SettingsNow settings,
            Runnable kill) {
        this.identity = identity;
        this.clock = clock;
        this.begun = clock.elapsedNanos();
        this.health = health;
        this.services = services;
        this.reload = reload;
        this.settings = settings;
        this.kill = kill;
    }

    @Override
    public String name() {
        return "daemon";
    }

    @Override
    public List<Handler> handlers() {
        return List.of(
                Handler.of(AgentCommands.ofDaemon("info"), this::info),
                Handler.of(AgentCommands.ofDaemon("services"), this::services),
                Handler.of(AgentCommands.ofDaemon("health"), this::health),
                Handler.of(AgentCommands.ofDaemon("reload"), this::reload),
                Handler.of(AgentCommands.ofDaemon("kill"), this::kill));
    }

    private Reply info(Arguments arguments, Call call) {
        Duration uptime = Duration.ofNanos(clock.elapsedNanos() - begun);
        long memory = Host.memory();
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("pid", ProcessHandle.current().pid());
        data.put("version", identity.version());
        data.put(
                "commit",
                Build.commit()
                        .map(commit -> commit.id() + " of " + commit.date())
                        .orElse(null));
        data.put("java", Build.java());
        data.put("uptime", uptime.toMillis() / 1000.0);
        data.put("config", identity.config().map(Path::toString).orElse(null));
        data.put("state", identity.state().toString());
        data.put("socket", identity.socket().toString());
        data.put("recipes", identity.recipes().toString());
        data.put("timezone", identity.zone());
        data.put("zone_data", HostZones.used());
        data.put("memory", memory);
        data.put("health", health.look().trouble().orElse("ok"));
        Facts text = Facts.none();
        for (var fact : data.entrySet()) {
            Object value = switch (fact.getKey()) {
                case "uptime" -> Durations.brief(uptime);
                case "memory" -> Sizes.format(memory);
                default -> fact.getValue() == null ? "none: the defaults hold" : fact.getValue();
            };
            text = text.and(fact.getKey(), value);
        }
        return Reply.of(data, text);
    }

    private Reply services(Arguments arguments, Call call) {
        var all = services.get();
        return Reply.of(
                Map.of(
                        "services",
                        all.stream()
                                .map(service -> Map.of(
                                        "name",
                                        service.name(),
                                        "status",
                                        service.status().word()))
                                .toList()),
                new Table(
                        List.of(Column.left("name"), Column.left("status")),
                        all.stream()
                                .map(service -> List.of(
                                        Cell.of(service.name()),
                                        Cell.of(
                                                service.status().word(),
                                                service.status().style())))
                                .toList(),
                        "no services"),
                all.stream().map(Service::name).toList());
    }

    /** Returns whether new work can be taken and all threads work, or fails with the reason. */
    private Reply health(Arguments arguments, Call call) {
        var state = health.look();
        state.trouble().ifPresent(why -> {
            throw new ProblemException(new Problem(503, "Not healthy", why, ExitCode.FAILED, state.data()));
        });
        return Reply.of(state.data(), Text.line("healthy"));
    }

    private Reply reload(Arguments arguments, Call call) {
        var book = reload.get();
        book.warning().ifPresent(why -> {
            throw new ProblemException(new Problem(503, "Not reloaded", why, ExitCode.FAILED));
        });
        int broken = book.broken().size();
        int count = book.recipes().size();
        String said = count
                + (count == 1 ? " recipe" : " recipes")
                + (broken == 0 ? "" : ", " + broken + " broken: see `leprechaun ls`");
        settings.failure().ifPresent(why -> {
            throw new ProblemException(new Problem(
                    400,
                    "Settings do not load",
                    said + (count == 1 ? " is" : " are") + " in force; " + why,
                    ExitCode.USAGE));
        });
        boolean changed = settings.changed();
        return Reply.of(
                Map.of("recipes", count, "broken", broken, "settings_changed", changed),
                Text.line(changed ? said + "; the settings have changed: restart the daemon to apply them" : said));
    }

    private Reply kill(Arguments arguments, Call call) {
        kill.run();
        return Reply.of(Map.of("stopping", true), Text.line("the daemon is stopping"));
    }
}
