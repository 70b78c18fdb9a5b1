package io.leprechaun.daemon.settings;

import io.leprechaun.daemon.secret.SecretSource;
import io.leprechaun.daemon.yaml.MappingReader;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What people are told of a recipe.
 *
 * @param on what of
 * @param after how many failures in a row it takes, at least 1
 * @param repeat how long it takes until another failure in a row is told; zero: each is; empty: none is
 * @param to who is mailed, in place of those in the settings; none: they are
 * @param targets by which ways people are told, by name
 * @param ping the address that is told how each run ends, whatever people are told
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

    /** Nobody is told of anything. */
    public static final NotifyRules NOTHING =
            new NotifyRules(Set.of(), 1, Optional.of(Duration.ZERO), List.of(), List.of(), Optional.empty());

    /** Each failure, and the recovery from it. */
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

    /** These, with what the section {@code notify} of a recipe says instead. */
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

    /** What a section says of when, of whose keys the caller reads others. */
    NotifyRules read(MappingReader section) {
        Set<NoticeEvent> kinds = EnumSet.noneOf(NoticeEvent.class);
        List<Optional<NoticeEvent>> wanted = NotifyKeys.ON.or(section, List.of());
        if (wanted.size() > 1 && wanted.contains(Optional.<NoticeEvent>empty())) {
            section.wrong("on", "`none` stands alone; remove it, or the others");
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

    /** The same, and of one more kind. */
    public NotifyRules and(NoticeEvent kind) {
        Set<NoticeEvent> more = EnumSet.of(kind);
        more.addAll(on);
        return new NotifyRules(more, after, repeat, to, targets, ping);
    }

    /** The same without an address that is told how each run begins and ends. */
    public NotifyRules withoutPing() {
        return new NotifyRules(on, after, repeat, to, targets, Optional.empty());
    }

    /** The same, told by these ways. */
    NotifyRules by(List<String> ways) {
        return new NotifyRules(on, after, repeat, to, ways, ping);
    }

    private String target(String text) {
        if (!targets.contains(text)) {
            String known = targets.isEmpty() ? "none" : String.join(", ", targets);
            throw new IllegalArgumentException(
                    "the settings have no way to tell people that is called '" + text + "'; they have " + known);
        }
        return text;
    }
}
