package io.leprechaun.daemon.keys;

import io.leprechaun.daemon.recipe.reader.RecipeKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The generator of a table of keys for the documentation, in Markdown. */
final class KeyRows {
    private static final String HEAD = "| key | values | default | meaning |\n| --- | --- | --- | --- |\n";

    /** The keys whose keys below them have a table of their own. */
    private static final Set<String> APART = Set.of("hook", "steps", "notify.mail", "notify.webhooks", "agents.remote");

    private final List<String> lines = new ArrayList<>();

    private KeyRows() {}

    /** Returns the table of some keys and of those below them, {@code retry.times} for example. */
    static String of(List<Key<?>> keys) {
        var table = new KeyRows();
        table.add(keys, "");
        return HEAD + String.join("\n", table.lines) + "\n";
    }

    private void add(List<Key<?>> keys, String above) {
        for (Key<?> key : keys) {
            String path = above + key.name();
            lines.add(line(key, path));
            if (path.equals("agents")) {
                agents(key);
            } else if (!APART.contains(path)) {
                add(below(key), path + ".");
            }
        }
    }

    /** Adds the keys of the agents; those that all of them have are listed once, as {@code agents.NAME}. */
    private void agents(Key<?> agents) {
        add(below(below(agents).getFirst()), "agents.NAME.");
        below(agents).forEach(agent -> {
            lines.add(line(agent, "agents." + agent.name()));
            add(own(agents, agent), "agents." + agent.name() + ".");
        });
    }

    /** Returns the keys of an agent that the first agent does not have. */
    static List<Key<?>> own(Key<?> agents, Key<?> agent) {
        List<String> shared =
                below(below(agents).getFirst()).stream().map(Key::name).toList();
        return below(agent).stream().filter(key -> !shared.contains(key.name())).toList();
    }

    /** Returns the keys below a key. */
    static List<Key<?>> below(Key<?> key) {
        return key.type().below().map(keys -> keys.get().keys()).orElse(List.of());
    }

    private static String line(Key<?> key, String path) {
        return "| `" + path + "` | " + values(key, path) + " | " + unless(key) + " | " + key.description() + " |";
    }

    /** Returns the values of a key; for {@code defaults}, the recipe keys that it may have. */
    private static String values(Key<?> key, String path) {
        if (path.equals("defaults")) {
            return Types.oneOf(List.of(RecipeKeys.SHARED.names())).values();
        }
        String values = key.type().form().get().values();
        return values.isEmpty() ? "a map" : values.replace("|", "\\|");
    }

    private static String unless(Key<?> key) {
        return Optional.of(key.fallback())
                .filter(words -> !words.isEmpty())
                .or(() -> Optional.of(KeyText.usual(key))
                        .filter(text -> !text.isEmpty())
                        .map(text -> "`" + text + "`"))
                .orElse("");
    }
}
