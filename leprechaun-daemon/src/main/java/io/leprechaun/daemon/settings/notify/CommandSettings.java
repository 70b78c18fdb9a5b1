package io.leprechaun.daemon.settings.notify;

import io.leprechaun.daemon.keys.Key;
import io.leprechaun.daemon.keys.Shape;
import io.leprechaun.daemon.keys.Type;
import io.leprechaun.daemon.yaml.MappingReader;
import java.util.List;
import java.util.Optional;

/**
 * The command that is started for each notice, with its key and its reading. Immutable.
 *
 * @param argv the program's absolute path and its arguments
 */
public record CommandSettings(List<String> argv) implements TargetSettings {
    private static final Key<List<String>> KEY = Key.of(
                    "command", Type.listed((fields, key) -> fields.list(key, text -> text), CommandSettings::written))
            .says("A program that is started for each notice, and its arguments, see [below](#a-command).")
            .unless("none")
            .example("[/usr/local/bin/page, ops]");

    /** The kind of this target. */
    static final TargetSettings.Kind KIND = TargetSettings.Kind.single(
            KEY, (section, _, _) -> read(section).stream().toList());

    public CommandSettings {
        argv = List.copyOf(argv);
    }

    private static Optional<CommandSettings> read(MappingReader section) {
        Optional<List<String>> argv = KEY.read(section);
        argv.map(List::getFirst)
                .filter(program -> !program.startsWith("/"))
                .ifPresent(
                        program -> section.wrong(KEY.name(), "invalid path '" + program + "': use an absolute path"));
        return argv.map(CommandSettings::new);
    }

    private static Shape written() {
        return Shape.of("""
            {"anyOf": [{"type": "string", "pattern": "^/"},
                       {"type": "array", "items": [{"type": "string", "pattern": "^/"}], "minItems": 1,
                        "additionalItems": {"type": "string", "minLength": 1}}]}
            """, "an absolute path, or a list that begins with one");
    }

    @Override
    public String name() {
        return KEY.name();
    }

    @Override
    public String where() {
        return String.join(" ", argv);
    }
}
