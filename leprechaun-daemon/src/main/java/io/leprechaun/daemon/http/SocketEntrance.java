package io.leprechaun.daemon.http;

import io.leprechaun.api.Access;
import io.leprechaun.api.Caller;
import io.leprechaun.api.Handler;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.text.Printable;
import io.leprechaun.daemon.http.port.RefusalLog;
import io.leprechaun.daemon.units.LogValue;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The only check that admits or refuses a request, by the handler of its path. Refusals are logged. Thread-safe. */
final class Authorization {
    private static final Logger LOG = LoggerFactory.getLogger(Authorization.class);

    private final Door door;
    private final Authority authority;
    private final RefusalLog refusals = new RefusalLog(LOG::warn, System::nanoTime);

    Authorization(Door door, Authority authority) {
        this.door = door;
        this.authority = authority;
    }

    /**
     * Returns the caller of a request, with its access at this socket.
     *
     * @param user the connection's peer; empty: the kernel does not report it
     * @param path the requested path, whether or not it has a handler
     * @throws ProblemException (not permitted) for a user without any access, whatever the path
     */
    Caller caller(Optional<String> user, String path) {
        return user.flatMap(name ->
                        authority.most(name, door.admits()).map(most -> new Caller(name, lesser(most, door.most()))))
                .orElseThrow(() -> {
                    String name = user.orElse("unknown");
                    refusals.refused(
                            name,
                            CommandPairs.requester(Printable.of(name)) + " was refused: no role, path "
                                    + LogValue.of(Printable.of(path)));
                    return new ProblemException(Problem.notPermitted("permission denied: reading requires the role "
                            + Access.READ.role() + "; " + authority.holders(Access.READ)));
                });
    }

    /** Returns whether all users may connect here. */
    boolean isOpen() {
        return door.open();
    }

    /**
     * Checks that the caller may use the handler.
     *
     * @param path the path of the handler
     * @throws ProblemException (not permitted) when the caller may not
     */
    void require(Caller caller, Handler handler, String path) {
        if (caller.may(handler.access())) {
            return;
        }
        refusals.refused(
                caller.user(),
                CommandPairs.name(path, handler) + " " + CommandPairs.requester(Printable.of(caller.user()))
                        + " was refused: role " + caller.most().role());
        boolean elsewhere = authority
                .most(caller.user(), door.admits())
                .filter(most -> new Caller(caller.user(), most).may(handler.access()))
                .isPresent();
        throw new ProblemException(Problem.notPermitted(
                elsewhere
                        ? "permission denied: " + door.socket() + " answers only commands that read, and `"
                                + handler.command() + "` changes something; use the daemon's other socket, for"
                                + " which membership in its group is needed"
                        : "permission denied: `" + handler.command() + "` requires the role "
                                + handler.access().role() + ": " + authority.holders(handler.access())));
    }

    private static Access lesser(Access one, Access other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    /** Logs the refusals that were only counted. To be called every few seconds. */
    void sweep() {
        refusals.report();
    }
}
