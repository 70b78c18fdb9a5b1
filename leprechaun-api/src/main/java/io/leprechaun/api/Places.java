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
 * The places of settings, state, recipes and socket. Daemon and client both use it, so that they meet without any
 * settings. Immutable. Reads no files itself: {@code exists} tests whether a file exists. Relative paths from flags and
 * variables stay relative to the working folder.
 *
 * <p>A flag always overrides a variable, a variable overrides the settings file, and an empty variable counts as unset.
 *
 * @param environment the process's environment
 * @param home the user's home folder, used where {@code HOME} is not set to an absolute path
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

    /** The kernel's limit for a socket's path in bytes, without the terminating NUL. */
    public static final int SOCKET_PATH_LIMIT = 107;

    public Places {
        environment = Map.copyOf(environment);
    }

    /**
     * Returns the user's home folder as Java knows it. Where it knows none: {@code /}, which does not depend on the
     * working folder.
     */
    public static Path ownHome() {
        Path known = Path.of(System.getProperty("user.home", "/"));
        return known.isAbsolute() ? known : Path.of("/"); // "?" for a user without an entry
    }

    /**
     * Returns the settings file to read; empty when there is none and the defaults apply. A file named by a flag or
     * {@code LEPRECHAUN_CONFIG} is returned even if it does not exist, so that its absence is an error.
     *
     * @param flag the value of {@code --config}
     */
    public Optional<Path> settings(@Nullable Path flag) {
        Optional<Path> named = namedSettings(flag);
        return named.isPresent()
                ? named
                : settingsCandidates().stream().filter(exists).findFirst();
    }

    /** Returns the settings file that {@code --config} or {@code LEPRECHAUN_CONFIG} names, if any. */
    public Optional<Path> namedSettings(@Nullable Path flag) {
        return flag != null ? Optional.of(flag) : variable("LEPRECHAUN_CONFIG");
    }

    /** Returns the default places of the settings file, in the order of search. */
    public List<Path> settingsCandidates() {
        var candidates = new ArrayList<Path>();
        candidates.add(configHome().resolve(SETTINGS));
        candidates.add(SYSTEM_SETTINGS);
        tree.ifPresent(folder -> candidates.add(folder.resolve("configs").resolve(SETTINGS)));
        return candidates;
    }

    /** Returns whether the places of a system install apply: for root, when {@link #SYSTEM_SETTINGS} exists. */
    public boolean system() {
        return root && exists.test(SYSTEM_SETTINGS);
    }

    /**
     * Returns the folder of history, queue and output.
     *
     * @param flag the value of {@code --state}
     * @param named the value of {@code state:} in the settings
     */
    public Path state(@Nullable Path flag, @Nullable Path named) {
        return namedState(flag, named)
                .orElseGet(() -> system()
                        ? SYSTEM_STATE
                        : xdg("XDG_STATE_HOME", ".local/state").resolve("leprechaun"));
    }

    /**
     * Returns the socket at which the daemon listens.
     *
     * @param flag the value of {@code --socket}
     * @param named the value of {@code socket:} in the settings
     * @param state the folder that {@link #state} returned
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
     * Returns the folder of recipes.
     *
     * @param flag the value of {@code --recipes}
     * @param named the value of {@code recipes:} in the settings
     * @param settings the file that {@link #settings} returned; null when there is none
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

    /** Returns the socket that {@code --socket} or {@code LEPRECHAUN_SOCKET} names, if any. Then no other is tried. */
    public Optional<Path> askedSocket(@Nullable Path flag) {
        return flag != null ? Optional.of(flag) : variable("LEPRECHAUN_SOCKET");
    }

    /**
     * Returns the sockets that a client tries when none is named; the first that answers is used. They are more than
     * {@link #socket} returns, because the daemon may have been started from another kind of session.
     *
     * @param socket the value of {@code socket:} in the settings
     * @param state the value of {@code state:} in the settings
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

    /** Returns the socket beside the daemon's that is open to all users, and answers only commands that read. */
    public static Path readersSocket(Path socket) {
        return socket.resolveSibling(READERS);
    }

    /**
     * Returns the socket beside the daemon's that is open to all users, for ordinary users with recipes of their own.
     */
    public static Path ownSocket(Path socket) {
        return socket.resolveSibling(OWN);
    }

    /** Returns whether the kernel accepts this path for a socket: at most {@value #SOCKET_PATH_LIMIT} bytes. */
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

    /** Returns a variable's path. Relative paths are ignored, as the XDG base directory specification requires. */
    private Optional<Path> absolute(String name) {
        return variable(name).filter(Path::isAbsolute);
    }

    private Optional<Path> variable(String name) {
        return Optional.ofNullable(environment.get(name))
                .filter(value -> !value.isEmpty())
                .map(Path::of);
    }
}
