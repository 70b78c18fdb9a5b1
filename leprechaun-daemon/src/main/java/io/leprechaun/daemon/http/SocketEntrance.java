package io.leprechaun.daemon.http;

import io.leprechaun.api.Access;
import io.leprechaun.api.Caller;
import io.leprechaun.api.Handler;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.text.Printable;
import io.leprechaun.daemon.http.port.RefusalLog;
import io.leprechaun.daemon.units.LogValue;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.OptionalInt;
import jdk.net.ExtendedSocketOptions;
import org.eclipse.jetty.server.Request;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way through a Unix socket: the kernel names the caller's user, and the settings its access. Refusals are logged.
 * Thread-safe.
 */
final class SocketEntrance implements Entrance {
    private static final Logger LOG = LoggerFactory.getLogger(SocketEntrance.class);

    /**
     * The number of requests that one user may have at a socket that is open to all users, so that others are answered
     * too.
     */
    private static final int MOST_OF_ONE = 16;

    private final Door door;
    private final Authority authority;
    private final RefusalLog refusals = new RefusalLog(LOG::warn, System::nanoTime);

    SocketEntrance(Door door, Authority authority) {
        this.door = door;
        this.authority = authority;
    }

    @Override
    public Caller caller(Request request, String path) {
        if (Page.asks(request) || Page.isForElsewhere(request)) {
            throw new ProblemException(Problem.notPermitted(
                    "web pages may not send requests: use http://localhost without Origin and Sec-Fetch-Site"));
        }
        Optional<String> user = user(request);
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

    /** Returns the connection's peer; empty: the kernel does not report it. */
    private static Optional<String> user(Request request) {
        var transport =
                request.getConnectionMetaData().getConnection().getEndPoint().getTransport();
        if (!(transport instanceof SocketChannel channel)) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user().getName());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    @Override
    public ProblemException denied(Request request, Caller caller, Handler handler, String path) {
        refusals.refused(
                caller.user(),
                CommandPairs.name(path, handler) + " " + CommandPairs.requester(Printable.of(caller.user()))
                        + " was refused: role " + caller.most().role());
        boolean elsewhere = authority
                .most(caller.user(), door.admits())
                .filter(most -> new Caller(caller.user(), most).may(handler.access()))
                .isPresent();
        return new ProblemException(Problem.notPermitted(
                elsewhere
                        ? "permission denied: " + door.socket() + " answers only commands that read, and `"
                                + handler.command() + "` changes something; use the daemon's other socket, for"
                                + " which membership in its group is needed"
                        : "permission denied: `" + handler.command() + "` requires the role "
                                + handler.access().role() + ": " + authority.holders(handler.access())));
    }

    @Override
    public String way(Request request) {
        return "socket";
    }

    @Override
    public boolean admits(Request request) {
        return true;
    }

    @Override
    public OptionalInt mostOfOne() {
        return door.open() ? OptionalInt.of(MOST_OF_ONE) : OptionalInt.empty();
    }

    private static Access lesser(Access one, Access other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    /** Logs the refusals that were only counted. To be called every few seconds. */
    void sweep() {
        refusals.report();
    }
}
