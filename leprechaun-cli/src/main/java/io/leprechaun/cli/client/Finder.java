package io.leprechaun.cli.client;

import io.leprechaun.api.ExitCode;
import io.leprechaun.api.Places;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.text.Printable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The search for the daemon: the first socket that accepts a connection is used. If none does, the error names each
 * socket with its failure.
 */
public final class Finder {
    private final long uid;
    private final String agent;
    private final List<String> failures = new ArrayList<>();
    private @Nullable Path forbidden;

    /**
     * @param uid the number of the user who runs the client
     * @param agent the client's name
     */
    public Finder(long uid, String agent) {
        this.uid = uid;
        this.agent = agent;
    }

    /**
     * Connects to the first of the sockets that answers.
     *
     * @param sockets the sockets in the order of the attempts
     * @param named the one among them that the user named by flag, variable or settings, if any: its owner is trusted
     *     without a check
     * @throws ProblemException (unreachable, or not permitted) when there is none
     */
    public Daemon find(List<Path> sockets, @Nullable Path named) {
        for (Path socket : sockets) {
            if (!Places.fitsSocket(socket)) {
                failures.add(Printable.of(socket.toString()) + " (path longer than " + Places.SOCKET_PATH_LIMIT
                        + " bytes, the limit of a socket)");
                continue;
            }
            if (!socket.equals(named)) {
                refuseForeign(socket);
            }
            try {
                return Daemon.at(socket, agent);
            } catch (IOException e) {
                failures.add(Printable.of(socket.toString()) + " (" + reason(socket, e) + ")");
                Optional<Daemon> open = isDenied(e)
                        ? beside(socket, Places.ownSocket(socket))
                                .or(() -> beside(socket, Places.readersSocket(socket)))
                        : Optional.empty();
                if (open.isPresent()) {
                    return open.get();
                }
            }
        }
        throw new ProblemException(
                forbidden == null ? unreachable(sockets.size() == 1 ? named : null) : notPermitted(forbidden));
    }

    /** Refuses a socket of another user, who may have created it in the daemon's place before the daemon did. */
    private void refuseForeign(Path socket) {
        try {
            int owner = (int) Files.getAttribute(socket, "unix:uid");
            // Only root can create the folder of the system's socket, so the folder's owner is the daemon's user.
            boolean known = owner == 0
                    || owner == uid
                    || socket.equals(Places.SYSTEM_SOCKET)
                            && owner == (int) Files.getAttribute(socket.resolveSibling("."), "unix:uid");
            if (!known) {
                throw new ProblemException(Problem.notPermitted("untrusted socket " + Printable.of(socket.toString())
                        + ": it belongs to user " + owner + ", not to you or root; use --socket to trust it"));
            }
        } catch (IOException _) {
            // Missing, or in a folder without search permission: connecting reports the reason.
        }
    }

    /**
     * Connects to the first daemon at which ordinary users have recipes of their own.
     *
     * @param sockets the daemons' sockets, in the order of the attempts
     * @param named the one among them that the user named, if any: its owner is trusted without a check
     * @throws ProblemException (not found) when there is none
     */
    public Daemon own(List<Path> sockets, @Nullable Path named) {
        return sockets.stream()
                .filter(Places::fitsSocket)
                .flatMap(socket -> {
                    if (!socket.equals(named)) {
                        refuseForeign(socket);
                    }
                    return beside(socket, Places.ownSocket(socket)).stream();
                })
                .findFirst()
                .orElseThrow(() -> new ProblemException(Problem.notFound(
                        "no daemon here accepts users' recipes: ask an administrator to set `users: { allow: … }`, or"
                                + " to add a file to the recipes folder")));
    }

    /**
     * Connects to the open socket beside the daemon's, if it has the same owner: another user may have created a false
     * one.
     */
    private Optional<Daemon> beside(Path closed, Path open) {
        try {
            return Files.getAttribute(closed, "unix:uid").equals(Files.getAttribute(open, "unix:uid"))
                    ? Optional.of(Daemon.at(open, agent))
                    : Optional.empty();
        } catch (IOException _) {
            return Optional.empty(); // there is none
        }
    }

    private static boolean isDenied(IOException e) {
        return String.valueOf(e.getMessage()).contains("Permission denied");
    }

    private String reason(Path socket, IOException e) {
        String message = String.valueOf(e.getMessage());
        if (isDenied(e)) {
            forbidden = forbidden == null ? socket : forbidden;
            return "permission denied";
        }
        if (message.contains("No such file") || message.contains("Not a directory")) {
            return "no such file";
        }
        return message.contains("refused")
                ? "the daemon is not running"
                : Printable.of(message.toLowerCase(Locale.ROOT));
    }

    private Problem unreachable(@Nullable Path named) {
        String start = named != null
                ? "start it with: leprechaund --socket " + Printable.of(named.toString())
                : "start one with: systemctl start leprechaun, or as yourself: leprechaund";
        return new Problem(
                503,
                "Daemon not reachable",
                "no daemon answers at " + String.join(", ", failures) + "; " + start,
                ExitCode.UNREACHABLE);
    }

    private static Problem notPermitted(Path socket) {
        String who;
        try {
            who = "the group " + Files.getAttribute(socket, "posix:group");
        } catch (IOException | UnsupportedOperationException _) {
            who = "the group of its folder (usually leprechaun-operators)";
        }
        return Problem.notPermitted("permission denied for the daemon's socket " + Printable.of(socket.toString())
                + ": only root, the daemon's own user and " + who + " have access");
    }
}
