package io.leprechaun.daemon.settings;

import io.leprechaun.daemon.keys.Key;
import io.leprechaun.daemon.yaml.MappingReader;
import io.leprechaun.daemon.yaml.Problems;
import java.util.List;
import java.util.Optional;

/**
 * A kind of targets of notices: its key in {@code notify} of the settings, and the reading of its targets. Immutable.
 *
 * @param key its row in the table of keys
 * @param name the name of its only target, which no other target may have; empty: each target has a name of its own
 * @param called the name of a target of this kind, for people
 */
public record TargetKind(Key<?> key, Optional<String> name, String called, TargetReading reading) {
    /** The reading of the targets of one kind. */
    @FunctionalInterface
    interface TargetReading {
        /**
         * Returns the targets that the section {@code notify} names. There is none where the key is absent, or invalid
         * and therefore noted.
         */
        List<? extends TargetSettings> read(MappingReader section, Secrets secrets, Problems problems);
    }

    /** Creates a kind with one target at most, whose name is the key's. */
    static TargetKind single(Key<?> key, TargetReading reading) {
        return new TargetKind(key, Optional.of(key.name()), "`" + key.name() + "`", reading);
    }

    /** Creates a kind whose targets have names of their own. */
    static TargetKind named(Key<?> key, String called, TargetReading reading) {
        return new TargetKind(key, Optional.empty(), called, reading);
    }
}
