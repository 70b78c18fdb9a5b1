package io.leprechaun.daemon.notify.delivery;

import io.leprechaun.daemon.history.Outbox;
import io.leprechaun.daemon.lifecycle.Alarms;
import io.leprechaun.daemon.lifecycle.Parts;
import io.leprechaun.daemon.notify.MessageWriter;
import io.leprechaun.daemon.notify.Notifier;
import io.leprechaun.daemon.notify.Target;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.settings.CommandSettings;
import io.leprechaun.daemon.settings.MailSettings;
import io.leprechaun.daemon.settings.NotifyRules;
import io.leprechaun.daemon.settings.NotifySettings;
import io.leprechaun.daemon.settings.TargetSettings;
import io.leprechaun.daemon.settings.WebhookSettings;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** Everybody who is told: those that the settings name, and the addresses that recipes ping. Each has a sender of its own, which closing ends. */
public final class Targets implements AutoCloseable {
    private final NotifySettings settings;
    private final Means means;
    private final Parts parts = new Parts();
    private final List<Target> all = new ArrayList<>();

    /**
     * What it takes to tell somebody.
     *
     * @param outbox what is to be told
     * @param around what surrounds a command that is told
     * @param telling what people are told of a recipe, which may be gone
     * @param zone in which hours are quiet
     */
    public record Means(
            Outbox outbox,
            MessageWriter writer,
            Alarms alarms,
            CommandRun.CommandContext around,
            Function<RecipeName, NotifyRules> telling,
            InstantSource clock,
            ZoneId zone) {}

    private Targets(NotifySettings settings, Means means) {
        this.settings = settings;
        this.means = means;
    }

    /** Makes them. They send nothing, not even what waits from an earlier daemon, before they are woken. */
    public static Targets open(NotifySettings settings, Means means) {
        var targets = new Targets(settings, means);
        settings.targets().forEach(target -> targets.add(target.name(), target.where(), () -> targets.sender(target)));
        targets.add(NotifyRules.PING, "the addresses that recipes ping", targets::ping);
        return targets;
    }

    private Notifier.Sender sender(TargetSettings target) {
        return switch (target) {
            case MailSettings mail ->
                new Mailer(
                        mail,
                        recipe -> means.telling().apply(recipe).to(),
                        means.writer(),
                        means.clock(),
                        means.alarms());
            case WebhookSettings webhook -> new Webhook(webhook, means.writer(), means.alarms());
            case CommandSettings command -> new CommandRun(command.argv(), means.writer(), means.around());
        };
    }

    private Ping ping() {
        return new Ping(
                recipe -> means.telling()
                        .apply(recipe)
                        .ping()
                        .flatMap(address -> address.fetch(means.around().environment())),
                means.writer(),
                means.alarms());
    }

    private void add(String name, String where, Supplier<Notifier.Sender> senders) {
        var notifier = parts.own(Notifier.open(means.outbox(), name, senders.get(), this::quiet));
        all.add(new Target(name, where, notifier, senders));
    }

    /** How long nobody wants to be told. */
    private Duration quiet() {
        return settings.quiet()
                .map(hours -> hours.left(means.clock().instant(), means.zone()))
                .orElse(Duration.ZERO);
    }

    /** All of them, those of the settings first. */
    public List<Target> all() {
        return List.copyOf(all);
    }

    /** Has everybody look for what is to be told. */
    public void wake() {
        all.forEach(target -> target.notifier().wake());
    }

    /** Has those look who may be told of a run. */
    public void wake(Run run) {
        boolean pings = isPinged(run);
        all.stream()
                .filter(target -> pings || !target.name().equals(NotifyRules.PING))
                .forEach(target -> target.notifier().wake());
    }

    /** Keeps that a run has begun for the address that its recipe pings, if it has one. */
    public void begun(Run run) {
        if (isPinged(run)) {
            var unused = means.outbox().begun(run).thenRun(() -> wake(run));
        }
    }

    private boolean isPinged(Run run) {
        return means.telling().apply(run.order().recipe()).ping().isPresent();
    }

    @Override
    public void close() {
        parts.close();
    }
}
