package io.leprechaun.daemon.settings.notify;

import io.leprechaun.daemon.secret.SecretSource;
import io.leprechaun.daemon.yaml.MappingReader;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The rules for the notices of a recipe.
 *
 * @param on the events that cause a notice
 * @param after the number of failures in a row that cause a notice, at least 1
 * @param repeat the time until another failure in a row causes a notice; zero: each does; empty: none does
 * @param to the recipients of mail, in place of those in the settings; none: those in the settings
 * @param targets the names of the targets that are notified
 * @param ping the address that is pinged at the beginning and the end of each run, whatever the other rules
 */
public record NotifyRules(
        Set<NoticeEvent> on,
        int after,
        Optional<Duration> repeat,
        List<String> to,
        List<String> targets,
        Optional<SecretSource> ping) {
    /** The name of the target that is each recipe's own address. */
    public static final String PING = "ping";

    /** The rules that cause no notice. */
    public static final NotifyRules NOTHING =
            new NotifyRules(Set.of(), 1, Optional.of(Duration.ZERO), List.of(), List.of(), Optional.empty());

    /** The default rules: notices of each failure, and of the recovery from it. */
    public static final NotifyRules DEFAULTS = new NotifyRules(
            Set.of(NoticeEvent.FAILURE, NoticeEvent.RECOVERY),
            1,
            Optional.of(Duration.ZERO),
            List.of(),
            List.of(),
            Optional.empty());

    public NotifyRules {
        on = Set.copyOf(on);
        to = List.copyOf(to);
        targets = List.copyOf(targets);
    }

    /** Returns these rules with the values of the section {@code notify} of a recipe instead. */
    public NotifyRules with(MappingReader fields) {
        return NotifyKeys.OF_RECIPE
                .read(fields)
                .map(section -> {
                    NotifyRules told = read(section);
                    List<String> own = NotifyKeys.TO.or(section, List.of());
                    List<String> by = section.list(NotifyKeys.BY.name(), this::target);
                    Optional<SecretSource> ping = NotifyKeys.PING.read(section);
                    section.done();
                    return new NotifyRules(
                            told.on,
                            told.after,
                            told.repeat,
                            own.isEmpty() ? to : own,
                            by.isEmpty() ? targets : by,
                            ping.or(() -> this.ping));
                })
                .orElse(this);
    }

    /**
     * Returns these rules with the events, {@code after} and {@code repeat} of a section. The caller reads its other
     * keys.
     */
    NotifyRules read(MappingReader section) {
        Set<NoticeEvent> kinds = EnumSet.noneOf(NoticeEvent.class);
        List<Optional<NoticeEvent>> wanted = NotifyKeys.ON.or(section, List.of());
        if (wanted.size() > 1 && wanted.contains(Optional.<NoticeEvent>empty())) {
            section.wrong("on", "`none` cannot be combined with other events; remove it, or the others");
        }
        wanted.forEach(kind -> kind.ifPresent(kinds::add));
        return new NotifyRules(
                section.has("on") ? kinds : on,
                NotifyKeys.AFTER.or(section, after),
                NotifyKeys.REPEAT.or(section, repeat),
                to,
                targets,
                ping);
    }

    /** Returns the same rules with one more event. */
    public NotifyRules and(NoticeEvent kind) {
        Set<NoticeEvent> more = EnumSet.of(kind);
        more.addAll(on);
        return new NotifyRules(more, after, repeat, to, targets, ping);
    }

    /** Returns the same rules without an address that is pinged at the beginning and the end of each run. */
    public NotifyRules withoutPing() {
        return new NotifyRules(on, after, repeat, to, targets, Optional.empty());
    }

    /** Returns the same rules with these targets. */
    NotifyRules by(List<String> ways) {
        return new NotifyRules(on, after, repeat, to, ways, ping);
    }

    private String target(String text) {
        if (!targets.contains(text)) {
            String known = targets.isEmpty() ? "none" : String.join(", ", targets);
            throw new IllegalArgumentException(
                    "unknown notification target '" + text + "'; the settings have " + known);
        }
        return text;
    }
}
