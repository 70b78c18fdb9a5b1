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
 * What every step of a recipe finds around itself.
 *
 * @param shell the words before a step's text, {@code /bin/sh -c} for example; never empty
 * @param environment what the recipe adds to the base environment
 * @param secrets variables whose values nobody is shown, and where those lie
 * @param directory where steps start; empty: the home of the run's user, else {@code /}
 * @param umask 0 to 0777
 * @param nice -20 to 19; empty: the daemon's
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

    /** The same with other secrets. */
    public Surroundings with(Map<String, SecretSource> others) {
        return new Surroundings(shell, environment, others, directory, umask, nice, who, zone);
    }

    /** The same for the steps of an ordinary user: without secrets, folder and a negative nice value. */
    public Surroundings of(Who owner) {
        OptionalInt own = nice.orElse(0) < 0 ? OptionalInt.empty() : nice;
        return new Surroundings(shell, environment, Map.of(), Optional.empty(), umask, own, owner, zone);
    }

    /** Whether texts are for the shell that every system has, so that what it would only hand on need not pass through it. */
    public boolean hasDefaultShell() {
        return shell.equals(Settings.DEFAULT_SHELL);
    }
}
