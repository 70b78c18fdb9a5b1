package io.leprechaun.daemon.settings.notify;

import io.leprechaun.daemon.keys.Key;
import io.leprechaun.daemon.secret.Secrets;
import io.leprechaun.daemon.yaml.MappingReader;
import io.leprechaun.daemon.yaml.Problems;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A target of notices that the settings name. {@code Targets} of the package {@code notify.delivery} makes its sender.
 */
public sealed interface TargetSettings permits MailSettings, WebhookSettings, CommandSettings {
    /**
     * The kinds of targets, in the order of the documentation: one for each permitted class. This interface must have
     * no default method: the classes would then be initialised after the list that names them (JLS 12.4.1).
     */
    List<Kind> KINDS = List.of(MailReader.KIND, WebhookReader.KIND, CommandSettings.KIND);

    /**
     * Returns its name in {@code leprechaun notices} and in a recipe's {@code notify: { by: … }}, unique among all
     * targets.
     */
    String name();

    /** Returns its address, for people. */
    String where();

    /**
     * Returns the keys of all kinds, for people.
     *
     * @param conjunction the word before the last one
     */
    static String keys(String conjunction) {
        List<String> keys =
                KINDS.stream().map(kind -> "`" + kind.key().name() + "`").toList();
        return keys.stream().limit(keys.size() - 1).collect(Collectors.joining(", ")) + " " + conjunction + " "
                + keys.getLast();
    }

    /**
     * A kind of targets of notices: its key in {@code notify} of the settings, and the reading of its targets.
     * Immutable.
     *
     * @param key its row in the table of keys
     * @param name the name of its only target, which no other target may have; empty: each target has a name of its own
     * @param called the name of a target of this kind, for people
     */
    record Kind(Key<?> key, Optional<String> name, String called, TargetReading reading) {
        /** The reading of the targets of one kind. */
        @FunctionalInterface
        interface TargetReading {
            /**
             * Returns the targets that the section {@code notify} names. There is none where the key is absent, or
             * invalid and therefore noted.
             */
            List<? extends TargetSettings> read(MappingReader section, Secrets secrets, Problems problems);
        }

        /** Creates a kind with one target at most, whose name is the key's. */
        static Kind single(Key<?> key, TargetReading reading) {
            return new Kind(key, Optional.of(key.name()), "`" + key.name() + "`", reading);
        }

        /** Creates a kind whose targets have names of their own. */
        static Kind named(Key<?> key, String called, TargetReading reading) {
            return new Kind(key, Optional.empty(), called, reading);
        }
    }
}
