package io.leprechaun.daemon.settings.notify;

import io.leprechaun.daemon.keys.Key;
import io.leprechaun.daemon.keys.KeyTable;
import io.leprechaun.daemon.keys.Shape;
import io.leprechaun.daemon.keys.Type;
import io.leprechaun.daemon.keys.Types;
import io.leprechaun.daemon.secret.SecretSource;
import io.leprechaun.daemon.secret.Secrets;
import io.leprechaun.daemon.yaml.MappingReader;
import io.leprechaun.daemon.yaml.Problems;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The keys of {@code notify:} in a recipe and in the settings, and the reading of the settings' section. */
public final class NotifyKeys {
    private static final String NAME = "^[A-Za-z][A-Za-z0-9_-]{0,31}$";

    private static final KeyTable<NotifyRules> RULES = new KeyTable<>();
    static final Key<List<Optional<NoticeEvent>>> ON =
            RULES.add(Key.of("on", Type.listed((fields, key) -> fields.list(key, NotifyKeys::kind), NotifyKeys::kinds))
                    .says("The events that cause a notice, see [notices.md](notices.md#events).")
                    .unless("`[failure, recovery]`")
                    .shipped("[failure, recovery]"));
    static final Key<Integer> AFTER = RULES.add(Key.of("after", Types.integer(1, 1000))
            .says("The number of failures in a row before the first notice.")
            .usually(1));
    static final Key<Optional<Duration>> REPEAT =
            RULES.add(Key.of("repeat", Type.parsed(NotifyKeys::repeat, NotifyKeys::repeats))
                    .says("Notices of further failures in a row: of each, of none, or at most one within this time.")
                    .unless("`always`")
                    .example("always"));

    private static final KeyTable<NotifyRules> RECIPE = new KeyTable<>();

    static {
        RECIPE.addAll(RULES);
    }

    static final Key<List<String>> TO = RECIPE.add(Key.of("to", Type.list(MailReader::mailbox, MailReader::mailboxes))
            .says("Recipients of mail, in place of those in the settings.")
            .unless("the settings'")
            .example("dba@example.org"));
    static final Key<List<String>> BY =
            RECIPE.add(Key.of("by", Type.list(text -> text, () -> Types.matching(NAME, names())))
                    .says("The targets of the settings that are notified.")
                    .unless("all of them")
                    .example("mail"));
    static final Key<SecretSource> PING =
            RECIPE.add(Key.of("ping", Type.of(WebhookReader::ping, WebhookReader::address))
                    .says("The address to call at the start and end of each run, as healthchecks.io expects.")
                    .unless("none")
                    .example("https://hc.example.org/ping"));

    private static final KeyTable<NotifySettings> SETTINGS = new KeyTable<>();
    private static final Key<QuietHours> QUIET;

    static {
        TargetSettings.KINDS.forEach(kind -> SETTINGS.add(kind.key()));
        SETTINGS.addAll(RULES);
        QUIET = SETTINGS.add(Key.of("quiet", Type.parsed(QuietHours::parse, NotifyKeys::hours))
                .says("Hours, in `timezone`, during which notices wait; at the end they are sent together.")
                .unless("none")
                .example("22:00-07:00"));
    }

    /** The key of a recipe. */
    public static final Key<MappingReader> OF_RECIPE = Key.of("notify", Types.section(() -> RECIPE))
            .says("Notices of its runs; these keys override those of the settings.")
            .unless("the settings'");

    /** The key of the settings. */
    public static final Key<MappingReader> OF_SETTINGS = Key.of("notify", Types.section(() -> SETTINGS))
            .says("Notices: their targets (" + TargetSettings.keys("and")
                    + ") and their events. Without a target, none is sent.");

    private NotifyKeys() {}

    /**
     * Reads a section of the settings. Errors are noted.
     *
     * @param secrets the reader of the secrets that the section names
     */
    public static NotifySettings read(MappingReader section, Secrets secrets, Problems problems) {
        List<TargetSettings> targets = targets(section, secrets, problems);
        NotifyRules telling = NotifyRules.DEFAULTS
                .read(section)
                .by(targets.stream().map(TargetSettings::name).toList());
        Optional<QuietHours> quiet = QUIET.read(section);
        section.done();
        return new NotifySettings(targets, telling, quiet);
    }

    /** Returns the targets of all kinds. A name that two of them have is noted. */
    private static List<TargetSettings> targets(MappingReader section, Secrets secrets, Problems problems) {
        var targets = new ArrayList<TargetSettings>();
        var taken = new HashSet<String>();
        taken.add(NotifyRules.PING);
        TargetSettings.KINDS.forEach(kind -> kind.name().ifPresent(taken::add));
        for (TargetSettings.Kind kind : TargetSettings.KINDS) {
            for (TargetSettings target : kind.reading().read(section, secrets, problems)) {
                if (kind.name().isEmpty() && !taken.add(target.name())) {
                    section.wrong(
                            kind.key().name(),
                            "duplicate name '" + target.name() + "'; use a different `name` for each");
                }
                targets.add(target);
            }
        }
        return targets;
    }

    /** Returns the names that targets may have, for people. The fixed names come first. */
    private static String names() {
        return TargetSettings.KINDS.stream()
                .sorted(Comparator.comparing(kind -> kind.name().isEmpty()))
                .map(TargetSettings.Kind::called)
                .collect(Collectors.joining(", "));
    }

    private static Optional<NoticeEvent> kind(String text) {
        return text.equals("none")
                ? Optional.empty()
                : Optional.of(MappingReader.oneOf(text, NoticeEvent.SUBSCRIBABLE));
    }

    private static Shape kinds() {
        List<String> words =
                NoticeEvent.SUBSCRIBABLE.stream().map(NoticeEvent::word).toList();
        Shape all = Types.oneOf(Stream.concat(words.stream(), Stream.of("none")).toList());
        return Shape.of(
                "{\"anyOf\": [" + all.schema() + ", {\"type\": \"array\", \"items\": "
                        + Types.oneOf(words).schema() + ", \"minItems\": 1}]}",
                all.values() + "; or a list");
    }

    private static Shape repeats() {
        return Shape.of(
                "{\"anyOf\": [{\"enum\": [\"always\", \"never\"]}, " + Types.ref("duration") + "]}",
                "`always`, `never`, `1s` to `365d`");
    }

    private static Optional<Duration> repeat(String text) {
        return switch (text) {
            case "always" -> Optional.of(Duration.ZERO);
            case "never" -> Optional.empty();
            default -> {
                try {
                    yield Optional.of(MappingReader.between(text, Duration.ofSeconds(1), Duration.ofDays(365)));
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException(
                            "invalid time to repeat after '" + text + "': use always, never or a duration from 1s to"
                                    + " 365d",
                            e);
                }
            }
        };
    }

    private static Shape hours() {
        return Types.matching("^[0-2][0-9]:[0-5][0-9] ?- ?[0-2][0-9]:[0-5][0-9]$", "two times of day");
    }
}
