package io.leprechaun.daemon.notify.delivery;

import io.leprechaun.daemon.history.Notice;
import io.leprechaun.daemon.history.Outbox;
import io.leprechaun.daemon.lifecycle.Alarms;
import io.leprechaun.daemon.lifecycle.Parts;
import io.leprechaun.daemon.notify.MessageWriter;
import io.leprechaun.daemon.notify.Notifier;
import io.leprechaun.daemon.notify.Target;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.settings.notify.CommandSettings;
import io.leprechaun.daemon.settings.notify.MailSettings;
import io.leprechaun.daemon.settings.notify.NoticeEvent;
import io.leprechaun.daemon.settings.notify.NotifyRules;
import io.leprechaun.daemon.settings.notify.NotifySettings;
import io.leprechaun.daemon.settings.notify.TargetSettings;
import io.leprechaun.daemon.settings.notify.WebhookSettings;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * All targets of notices: those that the settings name, and the addresses that recipes ping. Each has a sender of its
 * own, which is closed with them.
 */
public final class Targets implements AutoCloseable {
    private final NotifySettings settings;
    private final Means means;
    private final Parts parts = new Parts();
    private final List<Target> all = new ArrayList<>();

    /**
     * The parts of the daemon that all targets need.
     *
     * @param outbox the notices that wait to be sent
     * @param around the context of a command that is a target
     * @param telling the rules for the notices of a recipe, which may be gone
     * @param zone the zone of the quiet hours
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

    /**
     * Creates the targets. Before they are woken they send nothing, not even the notices that wait from an earlier
     * daemon.
     */
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

    /** Returns the time until the quiet hours end; zero: it is not quiet. */
    private Duration quiet() {
        return settings.quiet()
                .map(hours -> hours.left(means.clock().instant(), means.zone()))
                .orElse(Duration.ZERO);
    }

    /** Returns all targets, those of the settings first. */
    public List<Target> all() {
        return List.copyOf(all);
    }

    /** Wakes all targets, which then look for notices to send. */
    public void wake() {
        all.forEach(target -> target.notifier().wake());
    }

    /** Wakes the targets that may have notices of a run to send. */
    public void wake(Run run) {
        boolean pings = isPinged(run);
        all.stream()
                .filter(target -> pings || !target.name().equals(NotifyRules.PING))
                .forEach(target -> target.notifier().wake());
    }

    /** Records that a run has begun for the address that its recipe pings, if it has one. */
    public void begun(Run run) {
        if (isPinged(run)) {
            var unused = means.outbox().begun(run).thenRun(() -> wake(run));
        }
    }

    /**
     * Keeps a notice, and wakes all targets once it is on disk: before that a notifier would not find it.
     *
     * @param names of the targets that it goes to
     */
    public void report(NoticeEvent event, Notice.About.Alert alert, List<String> names) {
        var unused = means.outbox().tell(event, alert, names).thenRun(this::wake);
    }

    private boolean isPinged(Run run) {
        return means.telling().apply(run.order().recipe()).ping().isPresent();
    }

    @Override
    public void close() {
        parts.close();
    }
}
