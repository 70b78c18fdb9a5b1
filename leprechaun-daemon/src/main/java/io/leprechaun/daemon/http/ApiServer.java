package io.leprechaun.daemon.http;

import io.leprechaun.api.ExitCode;
import io.leprechaun.api.Problem;
import io.leprechaun.daemon.audit.ChangeLog;
import io.leprechaun.daemon.count.Traffic;
import io.leprechaun.daemon.http.port.AcceptFailures;
import io.leprechaun.daemon.http.port.BoundedHeads;
import io.leprechaun.daemon.http.port.Connections;
import io.leprechaun.daemon.http.port.JettyThreads;
import io.leprechaun.daemon.http.port.SelectorWatch;
import io.leprechaun.daemon.http.port.ServerStop;
import io.leprechaun.daemon.http.port.UnusableFileException;
import io.leprechaun.daemon.lifecycle.SelfWatch;
import io.leprechaun.daemon.lifecycle.Supervised;
import io.leprechaun.daemon.lifecycle.SupervisedThread;
import io.leprechaun.daemon.lifecycle.Threads;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.unixdomain.server.UnixDomainServerConnector;
import org.eclipse.jetty.util.Callback;

/** The server of the API on a Unix socket. */
public final class ApiServer implements AutoCloseable {
    private static final long STOP_MILLIS = 5_000;
    private static final Duration SWEEP = Duration.ofSeconds(5);
    /** The interval of sweeps while there are no connections. */
    private static final Duration IDLE_SWEEP = Duration.ofSeconds(20);

    /**
     * The longest head, in bytes: with 256 connections all heads take a few MiB. Longer arguments are sent in the body.
     */
    private static final int HEAD = 8 * 1024;

    /** The limits of connections: more than the users and scripts of one host need, and few enough for the heap. */
    private static final Connections.ConnectionLimits LIMITS =
            new Connections.ConnectionLimits(256, Duration.ofSeconds(20), Duration.ofSeconds(30));

    private final Server server;
    private final Path socket;
    private final List<Supervised> watches;
    private final SupervisedThread sweeping;

    private ApiServer(Server server, Path socket, List<Supervised> watches, SupervisedThread sweeping) {
        this.server = server;
        this.socket = socket;
        this.watches = watches;
        this.sweeping = sweeping;
    }

    /**
     * Opens a socket and listens on it.
     *
     * @param door the socket and its permissions
     * @param changes the record of changes
     * @param traffic the counts of requests
     * @throws IOException if the socket cannot be listened on; the message names the reason and the remedy
     */
    public static ApiServer open(Door door, Router router, Authority authority, ChangeLog changes, Traffic traffic)
            throws IOException {
        Path socket = door.socket();
        free(socket);
        var server = new Server(JettyThreads.open("api"));
        var connections = new Connections(LIMITS, _ -> {});
        var acceptFailures = new AcceptFailures("commands");
        var connector =
                new UnixDomainServerConnector(server, 1, 1, new BoundedHeads(BoundedHeads.configuration(HEAD))) {
                    @Override
                    protected boolean handleAcceptFailure(Throwable failure) {
                        return isRunning() && acceptFailures.note(failure);
                    }
                };
        connector.setUnixDomainPath(socket);
        connector.setIdleTimeout(Integer.MAX_VALUE); // a followed log may be silent for long; LIMITS has the others
        connector.addBean(connections);
        server.addConnector(connector);
        var entrance = new SocketEntrance(door, authority);
        var handler = new ApiHandler(router, entrance, connections, changes, traffic);
        server.setHandler(new GracefulHandler(handler));
        server.setErrorHandler(ApiServer::refuse);
        server.setRequestLog((_, response) -> traffic.answered(Traffic.SOCKET, response.getStatus()));
        server.setStopTimeout(STOP_MILLIS);
        try {
            server.start(); // our umask of 022 creates the socket for its owner alone: others may not write to it
            Files.setAttribute(socket, "unix:gid", door.gid());
            Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString(door.permissions()));
        } catch (Exception e) { // what Jetty declares
            throw new IOException("cannot listen on the socket " + socket + ": " + reason(e), e);
        }
        var selector = SelectorWatch.of("commands", connector);
        var sweep = SupervisedThread.of("api-sweep", "closes late connections", () -> {
            Thread.sleep(connections.isEmpty() ? IDLE_SWEEP : SWEEP);
            selector.ask();
            connections.sweep();
            entrance.sweep();
            return true;
        });
        sweep.in(SelfWatch.LISTENERS).start();
        JettyThreads.begin(connector);
        List<Supervised> watches = List.of(acceptFailures, selector);
        watches.forEach(Threads::supervise);
        return new ApiServer(server, socket, watches, sweep);
    }

    /** Answers a request that Jetty itself refuses: it is not HTTP, or its head is too long. */
    private static boolean refuse(Request request, Response response, Callback callback) {
        int status = Math.max(response.getStatus(), HttpStatus.BAD_REQUEST_400);
        boolean tooLong =
                status == HttpStatus.URI_TOO_LONG_414 || status == HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431;
        String why = tooLong
                ? "request head too long, limit " + HEAD + " bytes: send long arguments in the body, as "
                        + ArgumentsBody.TYPE
                : BoundedHeads.reason(request, status).orElse("invalid request");
        var problem = new Problem(status, HttpStatus.getMessage(status), why, ExitCode.USAGE);
        Answers.problem(request, response, callback, problem);
        return true;
    }

    private static String reason(Throwable e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }

    /** Removes a socket without a listener, left by a daemon that was killed. */
    private static void free(Path socket) throws IOException {
        Files.createDirectories(socket.toAbsolutePath().getParent());
        if (!Files.exists(socket, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!Files.readAttributes(socket, BasicFileAttributes.class).isOther()) {
            throw new UnusableFileException(
                    socket + " is not a socket: move it away, or give this daemon another --socket");
        }
        try (var probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            probe.connect(UnixDomainSocketAddress.of(socket));
        } catch (IOException nobody) {
            Files.delete(socket);
            return;
        }
        throw new IOException(
                "another daemon listens on " + socket + ": stop it, or give this daemon another --socket");
    }

    /** Stops accepting requests, and lets current ones finish within five seconds. */
    @Override
    public void close() throws IOException {
        sweeping.interrupt();
        watches.forEach(Threads::release);
        try {
            ServerStop.stop(server, "the API");
        } finally {
            Files.deleteIfExists(socket);
        }
    }
}
