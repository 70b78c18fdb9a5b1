package io.leprechaun.daemon.http.hook;

import io.leprechaun.daemon.agent.server.HookListener;
import io.leprechaun.daemon.body.BodyFolder;
import io.leprechaun.daemon.count.Traffic;
import io.leprechaun.daemon.http.port.BoundedHeads;
import io.leprechaun.daemon.http.port.TcpPort;
import io.leprechaun.daemon.settings.HookSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.jetty.http.HttpStatus;

/** The listener for hooks, at a {@link TcpPort}. */
public final class HookServer implements HookListener {
    private static final Duration SENDER_DEADLINE = Duration.ofSeconds(20);

    private final HookSettings settings;
    private final BodyFolder bodies;
    private final Traffic traffic;
    private final Duration deadline;
    private Optional<TcpPort> port = Optional.empty();

    /**
     * Creates a listener that does not listen yet.
     *
     * @param bodies the folder of large bodies
     * @param traffic the counts of requests
     */
    public HookServer(HookSettings settings, BodyFolder bodies, Traffic traffic) {
        this(settings, bodies, traffic, SENDER_DEADLINE);
    }

    /**
     * @param deadline the time that a sender may take for a head, and for a body; it may be silent for one and a half
     *     times as long
     */
    HookServer(HookSettings settings, BodyFolder bodies, Traffic traffic, Duration deadline) {
        this.settings = settings;
        this.bodies = bodies;
        this.traffic = traffic;
        this.deadline = deadline;
    }

    @Override
    public void check() throws IOException {
        TcpPort.check(settings.tls());
    }

    @Override
    public synchronized void listen(HookDesk desk) throws IOException {
        var port = new TcpPort.PortSettings(
                "hooks",
                settings.listen(),
                "agents: server: listen",
                settings.tls(),
                settings.connections(),
                settings.perSource(),
                "agents: server: limits: per_source",
                false,
                deadline);
        var opened = new TcpPort(port, status -> traffic.answered(Traffic.HOOKS, status));
        try {
            listen(opened, desk);
        } catch (IOException e) {
            throw TcpPort.isUnavailable(e) ? new UnavailableException(String.valueOf(e.getMessage()), e) : e;
        }
        this.port = Optional.of(opened);
    }

    private void listen(TcpPort opened, HookDesk desk) throws IOException {
        var callers = new Callers(settings.trustedProxies(), opened.senders());
        var handler = new HookHandler(desk, callers, traffic, deadline, bodies, settings.connections() / 4);
        opened.listen(connections -> connections.before(handler), (request, response, callback) -> {
            int status = Math.max(response.getStatus(), HttpStatus.BAD_REQUEST_400);
            String why = BoundedHeads.reason(request, status).orElseGet(() -> HttpStatus.getMessage(status));
            handler.refuse(response, callback, status, why);
            return true;
        });
    }

    @Override
    public synchronized void close() throws IOException {
        if (port.isPresent()) {
            TcpPort closed = port.get();
            port = Optional.empty();
            closed.close();
        }
    }
}
