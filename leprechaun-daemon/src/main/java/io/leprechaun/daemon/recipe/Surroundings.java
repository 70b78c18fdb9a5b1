package io.leprechaun.daemon.recipe;

import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What every step of a recipe finds around itself.
 *
 * @param shell the words before a step's text, {@code /bin/sh -c} for example; never empty
 * @param environment what the recipe adds to the base environment
 * @param directory where steps start; empty: the home of the run's user, else {@code /}
 * @param umask 0 to 0777
 * @param zone the recipe's zone, also its {@code TZ}
 */
public record Surroundings(
        List<String> shell, Map<String, String> environment, Optional<Path> directory, int umask, ZoneId zone) {
    public Surroundings {
        shell = List.copyOf(shell);
        environment = Map.copyOf(environment);
    }
}
