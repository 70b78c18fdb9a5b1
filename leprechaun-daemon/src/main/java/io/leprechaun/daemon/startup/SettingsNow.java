package io.leprechaun.daemon.startup;

import io.leprechaun.daemon.recipe.reader.Definitions;
import io.leprechaun.daemon.trust.Trust;
import io.leprechaun.daemon.yaml.Problem;
import io.leprechaun.daemon.yaml.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The settings as they are written now, and their effect on the next start. A daemon reads its settings once.
 *
 * @param file the settings file that it started with
 * @param text the content of the file at the start
 * @param config the value of {@code --config}
 * @param recipes the value of {@code --recipes}
 * @param definitions the definitions that recipes may name
 */
public record SettingsNow(
        Optional<Path> file,
        Optional<String> text,
        @Nullable Path config,
        @Nullable Path recipes,
        Definitions definitions) {
    private static final int SHOWN = 3;

    /** Creates it from settings that have just been read. */
    public SettingsNow(Loaded loaded, @Nullable Path config, @Nullable Path recipes) {
        this(loaded.settings().file(), text(loaded.settings().file()), config, recipes, loaded.definitions());
    }

    /** Returns the reason why the next start would fail, in a sentence; empty: it would not fail. */
    public Optional<String> failure() {
        var problems = new Problems();
        try {
            var unused = Loaded.read(config, recipes, definitions, Trust.strict(), problems);
        } catch (StartException e) {
            return Optional.of(sentence(String.valueOf(e.getMessage())));
        }
        List<String> errors = problems.errors().stream().map(Problem::toString).toList();
        if (errors.isEmpty()) {
            return Optional.empty();
        }
        String more = errors.size() > SHOWN ? "; and " + (errors.size() - SHOWN) + " more" : "";
        return Optional.of(sentence(String.join("; ", errors.subList(0, Math.min(SHOWN, errors.size()))) + more));
    }

    private static String sentence(String why) {
        return "the settings do not load, so the daemon keeps its present ones, and could not start again: " + why;
    }

    /** Returns whether the content of the file has changed since the start. */
    public boolean changed() {
        return !text(file).equals(text);
    }

    private static Optional<String> text(Optional<Path> file) {
        try {
            return file.isPresent() ? Optional.of(Files.readString(file.get())) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
