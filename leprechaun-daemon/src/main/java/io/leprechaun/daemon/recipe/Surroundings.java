package io.leprechaun.daemon.recipe;

import io.leprechaun.daemon.secret.SecretSource;
import io.leprechaun.daemon.settings.Settings;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The environment and the process settings that all steps of a recipe share.
 *
 * @param shell the words before a step's text, {@code /bin/sh -c} for example; never empty
 * @param environment the variables that the recipe adds to the base environment
 * @param secrets the variables whose values are never shown, and the sources of these values
 * @param directory the folder in which steps start; empty: the home of the run's user, else {@code /}
 * @param umask the umask, 0 to 0777
 * @param nice the nice value, -20 to 19; empty: the daemon's
 * @param zone the recipe's zone, also its {@code TZ}
 */
public record Surroundings(
        List<String> shell,
        Map<String, String> environment,
        Map<String, SecretSource> secrets,
        Optional<Path> directory,
        int umask,
        OptionalInt nice,
        Who who,
        ZoneId zone) {
    public Surroundings {
        shell = List.copyOf(shell);
        environment = Map.copyOf(environment);
        secrets = Map.copyOf(secrets);
    }

    /** Returns the same surroundings with other secrets. */
    public Surroundings with(Map<String, SecretSource> others) {
        return new Surroundings(shell, environment, others, directory, umask, nice, who, zone);
    }

    /**
     * Returns the same surroundings for the steps of an ordinary user: without secrets, folder and a negative nice
     * value.
     */
    public Surroundings of(Who owner) {
        OptionalInt own = nice.orElse(0) < 0 ? OptionalInt.empty() : nice;
        return new Surroundings(shell, environment, Map.of(), Optional.empty(), umask, own, owner, zone);
    }

    /** Returns whether texts are for the default shell, so that a plain command can be started without it. */
    public boolean hasDefaultShell() {
        return shell.equals(Settings.DEFAULT_SHELL);
    }
}
