package io.leprechaun.daemon.keys;

import io.leprechaun.daemon.recipe.reader.RecipeKeys;
import io.leprechaun.daemon.settings.SettingsKeys;
import java.util.List;
import java.util.stream.Stream;

/** The generator of the shipped settings: every key with its meaning, in force or in a comment. */
final class SettingsFile {
    private static final int WIDTH = 120;
    private static final String HEAD = """
        # Settings of the Leprechaun daemon. Every key is here; an empty file works too.
        # A key in a comment shows its default, or an example. `leprechaund --check` reports every error of this file.
        # Durations: 90s, 10m, 1h30m, 2d, or ISO-8601. Sizes: 64k, 16m, 1g. Paths are relative to this file.
        """;
    private static final String FOOT = """

        # Not in this version yet; each is an error where it stands:
        # remotes: { vault: "vault.example.org:8902" }
        # public_url: https://hooks.example.org
        """;

    private final StringBuilder text = new StringBuilder(HEAD);

    private SettingsFile() {}

    /** Returns the whole file. */
    static String make() {
        var file = new SettingsFile();
        for (Key<?> key : SettingsKeys.TABLE.keys()) {
            file.text.append('\n');
            file.add(key, "", List.of());
        }
        return file.text + FOOT;
    }

    /**
     * Adds a key and those below it.
     *
     * @param before the text before the key on its line
     * @param above the keys above it, the nearest last
     */
    private void add(Key<?> key, String before, List<Key<?>> above) {
        wrap(about(key), before + "# ");
        String start = before + (before.contains("#") || isInForce(key, above) ? "" : "# ");
        List<Key<?>> below = below(key, above);
        text.append(start).append(key.name()).append(':');
        text.append(below.isEmpty() ? " " + value(key) : "").append('\n');
        List<Key<?>> path = Stream.concat(above.stream(), Stream.of(key)).toList();
        below.forEach(one -> add(one, start + "  ", path));
    }

    /**
     * Returns the keys that are written below a key. A key with an example has none, and the keys that all agents have
     * are written below no agent.
     */
    private static List<Key<?>> below(Key<?> key, List<Key<?>> above) {
        if (!key.example().isEmpty()) {
            return List.of();
        }
        boolean agent = !above.isEmpty() && above.getLast().name().equals("agents");
        return agent ? KeyRows.own(above.getLast(), key) : KeyRows.below(key);
    }

    private static boolean isInForce(Key<?> key, List<Key<?>> above) {
        boolean agent = !above.isEmpty() && above.getLast().name().equals("agents");
        return key.inForce() || agent || KeyRows.below(key).stream().anyMatch(one -> isInForce(one, List.of(key)));
    }

    private static String value(Key<?> key) {
        if (!key.example().isEmpty()) {
            return key.example();
        }
        return KeyText.usual(key).isEmpty() ? "{}" : KeyText.usual(key);
    }

    private static String about(Key<?> key) {
        String names =
                key.name().equals("defaults") ? " Its keys: " + String.join(", ", RecipeKeys.SHARED.names()) + "." : "";
        return KeyText.plain(key.description()) + names + allowed(key) + KeyText.unless(key);
    }

    /** Returns a sentence on the values, where these are words or numbers between limits. */
    private static String allowed(Key<?> key) {
        String values = key.type().form().get().values();
        String plain = values.replace("`", "").replaceFirst("^size, ", "");
        if (values.matches("`[a-z]+`, .*")) {
            return " One of " + plain + ".";
        }
        return values.matches("`?-?[0-9].*|size.*") ? " " + plain + "." : "";
    }

    private void wrap(String sentences, String before) {
        var line = new StringBuilder(before);
        for (String word : sentences.split(" ")) {
            if (line.length() + word.length() > WIDTH) {
                text.append(line.toString().stripTrailing()).append('\n');
                line.setLength(before.length());
            }
            line.append(word).append(' ');
        }
        text.append(line.toString().stripTrailing()).append('\n');
    }
}
