package io.leprechaun.daemon.access;

import io.leprechaun.api.Places;
import io.leprechaun.daemon.audit.ChangeLog;
import io.leprechaun.daemon.count.Traffic;
import io.leprechaun.daemon.http.ApiServer;
import io.leprechaun.daemon.http.Authority;
import io.leprechaun.daemon.http.Door;
import io.leprechaun.daemon.http.Router;
import io.leprechaun.daemon.lifecycle.Parts;
import io.leprechaun.daemon.posix.Self;
import io.leprechaun.daemon.posix.User;
import io.leprechaun.daemon.settings.AccessSettings;
import io.leprechaun.daemon.startup.StartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sockets of the API: one for the members of a group, one for readers where the settings name some, and one for
 * owners of recipes.
 *
 * @param gid the number of the socket's group
 */
public record Doors(AccessSettings settings, Path socket, int gid) {
    private static final Logger LOG = LoggerFactory.getLogger(Doors.class);
    /** The group of a system install's operators. It is not the service's own, which may read settings and secrets. */
    private static final String OPERATORS = "leprechaun-operators";
    /** The operators' group of earlier versions, where the daemon runs as root. */
    private static final String FORMERLY = "leprechaun";

    /**
     * Returns the doors of a daemon.
     *
     * @throws StartException when the group in the settings does not exist, or the daemon's user is not in it
     */
    public static Doors of(AccessSettings settings, Path socket) throws StartException {
        int gid = settings.socketGroup().isPresent()
                ? named(settings.socketGroup().get())
                : usual(socket).filter(Doors::mayGive).orElseGet(() -> own(socket));
        return new Doors(settings, socket, gid);
    }

    private static int named(String group) throws StartException {
        int gid = User.group(group)
                .orElseThrow(() -> new StartException("socket_group: no group '" + group
                        + "' on this host: create it with groupadd --system, or" + " use another"));
        if (!mayGive(gid)) {
            throw new StartException(
                    "socket_group: the daemon's user " + User.current().name() + " is not in the group '" + group
                            + "': add it with usermod -aG, and restart the daemon");
        }
        return gid;
    }

    /** Returns the operators' group of a system install. An ordinary user's daemon never gives its socket to others. */
    private static Optional<Integer> usual(Path socket) {
        boolean root = Self.uid() == 0;
        if (!root && !socket.equals(Places.SYSTEM_SOCKET)) {
            return Optional.empty();
        }
        return User.group(OPERATORS).or(() -> root ? User.group(FORMERLY) : Optional.empty());
    }

    /**
     * Returns the group that the kernel gives to a new file there: the folder's if it has the set-group-ID bit, else
     * ours.
     */
    private static int own(Path socket) {
        Path folder = socket.resolveSibling(".");
        try {
            boolean inherits = ((int) Files.getAttribute(folder, "unix:mode") & 02000) != 0;
            return inherits ? (int) Files.getAttribute(folder, "unix:gid") : Self.gid();
        } catch (IOException e) { // it is created with the socket
            return Self.gid();
        }
    }

    private static boolean mayGive(int gid) {
        return Self.uid() == 0 || gid == Self.gid() || Self.groups().contains(gid);
    }

    /** Returns the roles of the users of this host. */
    public Authority roles() {
        return new Roles(settings, gid, System::nanoTime);
    }

    /**
     * Opens the sockets and listens on them; the parts own the servers.
     *
     * @param own the door where ordinary users have recipes of their own; empty: there is none
     * @param traffic the counts of requests
     * @throws IOException if a socket cannot be listened on; the message names the reason and the remedy
     */
    public void open(Router router, Optional<OwnDoor> own, ChangeLog changes, Traffic traffic, Parts parts)
            throws IOException {
        var roles = new Roles(settings, gid, System::nanoTime);
        parts.own(ApiServer.open(Door.ofGroup(socket, gid), router, roles, changes, traffic));
        if (!settings.read().isEmpty()) {
            open("access: read: readers", Door.ofReaders(socket, gid), router, roles, changes, traffic, parts);
        }
        if (own.isPresent()) {
            open(
                    "users",
                    Door.ofOwners(socket, gid),
                    own.get().router(roles),
                    own.get().authority(roles),
                    changes,
                    traffic,
                    parts);
        }
    }

    private static void open(
            String who, Door door, Router router, Authority authority, ChangeLog changes, Traffic traffic, Parts parts)
            throws IOException {
        parts.own(ApiServer.open(door, router, authority, changes, traffic));
        closedTo(door.socket())
                .ifPresent(folder -> LOG.warn(
                        "{} cannot reach {}, because of the mode of the folder {}: use chmod o+x"
                                + " (RuntimeDirectoryMode=0755 in a unit)",
                        who,
                        door.socket(),
                        folder));
    }

    /** Returns the nearest folder above a file that other users may not pass. */
    private static Optional<Path> closedTo(Path file) {
        return Stream.iterate(file.getParent(), folder -> folder != null, Path::getParent)
                .filter(folder -> {
                    try {
                        return !Files.getPosixFilePermissions(folder).contains(PosixFilePermission.OTHERS_EXECUTE);
                    } catch (IOException e) {
                        return true;
                    }
                })
                .findFirst();
    }
}
