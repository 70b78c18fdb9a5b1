package io.leprechaun.daemon.startup;

import io.leprechaun.api.Places;
import io.leprechaun.daemon.posix.Self;
import io.leprechaun.daemon.recipe.reader.Definitions;
import io.leprechaun.daemon.recipe.reader.RecipeReader;
import io.leprechaun.daemon.settings.AccessSettings;
import io.leprechaun.daemon.settings.Settings;
import io.leprechaun.daemon.settings.SettingsReader;
import io.leprechaun.daemon.trust.Trust;
import io.leprechaun.daemon.yaml.Problems;
import io.leprechaun.daemon.zone.HostZone;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The settings, and the readers of settings files and recipes.
 *
 * @param places the places of all files
 * @param reader the reader of settings files
 * @param definitions the definitions that recipes may name
 * @param recipes the reader of recipes, which knows the settings' defaults
 */
public record Loaded(
        Places places, Settings settings, SettingsReader reader, Definitions definitions, RecipeReader recipes) {
    /**
     * Reads the settings that hold here.
     *
     * @param config the value of {@code --config}
     * @param recipes the value of {@code --recipes}
     * @param definitions the definitions that recipes may name; their agents are those that the settings may name
     * @param trust the rules for the settings file
     * @param problems the receiver of all problems in the settings
     * @throws StartException when the given settings file does not exist
     */
    public static Loaded read(
            @Nullable Path config, @Nullable Path recipes, Definitions definitions, Trust trust, Problems problems)
            throws StartException {
        var tree = Optional.ofNullable(System.getProperty("leprechaun.home")).map(Path::of);
        var home = Places.ownHome();
        var places = new Places(System.getenv(), home, Self.uid() == 0, tree, Files::exists);
        var reader = new SettingsReader(HostZone.here().id(), System.getenv(), definitions.agents());
        var file = places.settings(config).map(Path::toAbsolutePath).map(Path::normalize);
        if (file.isPresent() && !Files.exists(file.get())) {
            throw new StartException(
                    "no such settings file " + file.get() + ": correct --config or LEPRECHAUN_CONFIG, or omit it");
        }
        var beside = places.settingsCandidates().getFirst().getParent();
        var settings = file.map(path -> reader.read(path, trust, problems))
                .orElseGet(() -> Settings.defaults(
                        beside == null ? home : beside, HostZone.here().id(), definitions.agents()));
        AccessSettings.warnOfAbsent(settings.access().all(), problems);
        AccessSettings.warnOfAbsent(settings.users().allow(), problems);
        Path folder = places.recipes(recipes, settings.recipes(), file.orElse(null));
        var here = settings.withRecipes(folder.toAbsolutePath().normalize());
        return new Loaded(places, here, reader, definitions, RecipeReader.of(here, definitions, problems));
    }
}
