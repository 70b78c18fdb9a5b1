package io.leprechaun.api;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Where settings, state, recipes and socket are. Daemon and client ask here, so that with no settings at all the two meet. Immutable; reads nothing itself:
 * whether a file is there is asked through {@code exists}. Relative paths from flags and variables stay relative to the working folder.
 *
 * <p>Everywhere a flag overrides a variable, a variable overrides the settings file, and an empty variable counts as none.
 *
 * @param environment the process's environment
 * @param home the user's home folder, where {@code HOME} does not say
 * @param root whether the user is root
 * @param tree the root of the runnable tree, above {@code bin} and {@code configs}
 */
public record Places(
        Map<String, String> environment, Path home, boolean root, Optional<Path> tree, Predicate<Path> exists) {
    /** The settings of a system install. */
    public static final Path SYSTEM_SETTINGS = Path.of("/etc/leprechaun/leprechaun.yml");

    /** The socket of a system install. */
    public static final Path SYSTEM_SOCKET = Path.of("/run/leprechaun/leprechaun.sock");

    /** The state folder of a system install. */
    public static final Path SYSTEM_STATE = Path.of("/var/lib/leprechaun");

    private static final String READERS = "read.sock";
    private static final String OWN = "own.sock";
    private static final String SETTINGS = "leprechaun.yml";
    private static final String SOCKET = "leprechaun.sock";

    /** The most bytes that the kernel takes as a socket's path, without the NUL behind it. */
    public static final int SOCKET_PATH_LIMIT = 107;

    public Places {
        environment = Map.copyOf(environment);
    }

    /** The user's home folder as Java knows it; {@code /} where it knows none, which is the same place wherever one stands. */
    public static Path ownHome() {
        Path known = Path.of(System.getProperty("user.home", "/"));
        return known.isAbsolute() ? known : Path.of("/"); // "?" for a user without an entry
    }

    /**
     * The settings file to read; empty when there is none and the defaults hold. A file that a flag or {@code LEPRECHAUN_CONFIG} names is returned whether it
     * exists or not, so that its absence is an error.
     *
     * @param flag what {@code --config} says
     */
    public Optional<Path> settings(@Nullable Path flag) {
        Optional<Path> named = namedSettings(flag);
        return named.isPresent()
                ? named
                : settingsCandidates().stream().filter(exists).findFirst();
    }

    /** The settings file that was asked for by {@code --config} or {@code LEPRECHAUN_CONFIG}, if any. */
    public Optional<Path> namedSettings(@Nullable Path flag) {
        return flag != null ? Optional.of(flag) : variable("LEPRECHAUN_CONFIG");
    }

    /** Where settings are looked for when none are named, in this order. */
    public List<Path> settingsCandidates() {
        var candidates = new ArrayList<Path>();
        candidates.add(configHome().resolve(SETTINGS));
        candidates.add(SYSTEM_SETTINGS);
        tree.ifPresent(folder -> candidates.add(folder.resolve("configs").resolve(SETTINGS)));
        return candidates;
    }

    /** Whether the places of a system install hold: for root, when {@link #SYSTEM_SETTINGS} is there. */
    public boolean system() {
        return root && exists.test(SYSTEM_SETTINGS);
    }

    /**
     * The folder of history, queue and output.
     *
     * @param flag what {@code --state} says
     * @param named what {@code state:} in the settings says
     */
    public Path state(@Nullable Path flag, @Nullable Path named) {
        return namedState(flag, named)
                .orElseGet(() -> system()
                        ? SYSTEM_STATE
                        : xdg("XDG_STATE_HOME", ".local/state").resolve("leprechaun"));
    }

    /**
     * Where the daemon listens.
     *
     * @param flag what {@code --socket} says
     * @param named what {@code socket:} in the settings says
     * @param state the folder that {@link #state} gave
     */
    public Path socket(@Nullable Path flag, @Nullable Path named, Path state) {
        Optional<Path> asked = askedSocket(flag);
        if (asked.isPresent()) {
            return asked.get();
        }
        if (named != null) {
            return named;
        }
        return system()
                ? SYSTEM_SOCKET
                : absolute("XDG_RUNTIME_DIR").orElse(state).resolve(SOCKET);
    }

    /**
     * The folder of recipes.
     *
     * @param flag what {@code --recipes} says
     * @param named what {@code recipes:} in the settings says
     * @param settings the file that {@link #settings} gave; null when there is none
     */
    public Path recipes(@Nullable Path flag, @Nullable Path named, @Nullable Path settings) {
        if (flag != null) {
            return flag;
        }
        return variable("LEPRECHAUN_RECIPES").orElseGet(() -> {
            if (named != null) {
                return named;
            }
            return settings != null
                    ? settings.resolveSibling("recipes")
                    : configHome().resolve("recipes");
        });
    }

    /** The socket that {@code --socket} or {@code LEPRECHAUN_SOCKET} names, if any: then no other is tried. */
    public Optional<Path> askedSocket(@Nullable Path flag) {
        return flag != null ? Optional.of(flag) : variable("LEPRECHAUN_SOCKET");
    }

    /**
     * Where a client that was not told a socket looks for the daemon: the first that answers is taken. More places than {@link #socket} gives, because the
     * daemon may have been started from another kind of session.
     *
     * @param socket what {@code socket:} in the settings says
     * @param state what {@code state:} in the settings says
     */
    public List<Path> socketCandidates(@Nullable Path socket, @Nullable Path state) {
        var candidates = new ArrayList<Path>();
        if (socket != null) {
            candidates.add(socket);
        }
        namedState(null, state).ifPresent(folder -> candidates.add(folder.resolve(SOCKET)));
        if (!system()) {
            absolute("XDG_RUNTIME_DIR").ifPresent(folder -> candidates.add(folder.resolve(SOCKET)));
            candidates.add(state(null, state).resolve(SOCKET));
        }
        candidates.add(SYSTEM_SOCKET);
        return candidates.stream().distinct().toList();
    }

    /** The socket beside the daemon's that is open to everybody, and answers only commands that read. */
    public static Path readersSocket(Path socket) {
        return socket.resolveSibling(READERS);
    }

    /** The socket beside the daemon's that is open to everybody, and where ordinary users have recipes of their own. */
    public static Path ownSocket(Path socket) {
        return socket.resolveSibling(OWN);
    }

    /** Whether the kernel takes this path as a socket's: at most {@value #SOCKET_PATH_LIMIT} bytes. */
    public static boolean fitsSocket(Path path) {
        return path.toString().getBytes(StandardCharsets.UTF_8).length <= SOCKET_PATH_LIMIT;
    }

    private Optional<Path> namedState(@Nullable Path flag, @Nullable Path named) {
        return flag != null ? Optional.of(flag) : variable("LEPRECHAUN_STATE").or(() -> Optional.ofNullable(named));
    }

    private Path configHome() {
        return xdg("XDG_CONFIG_HOME", ".config").resolve("leprechaun");
    }

    private Path xdg(String name, String fallback) {
        return absolute(name).orElseGet(() -> absolute("HOME").orElse(home).resolve(fallback));
    }

    /** The XDG base directory specification has relative paths ignored. */
    private Optional<Path> absolute(String name) {
        return variable(name).filter(Path::isAbsolute);
    }

    private Optional<Path> variable(String name) {
        return Optional.ofNullable(environment.get(name))
                .filter(value -> !value.isEmpty())
                .map(Path::of);
    }
}
