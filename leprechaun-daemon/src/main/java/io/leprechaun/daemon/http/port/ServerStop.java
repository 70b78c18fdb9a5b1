package io.leprechaun.daemon.http.port;

import java.io.IOException;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.server.Server;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The stop of a listener. */
public final class ServerStop {
    private static final Logger LOG = LoggerFactory.getLogger(ServerStop.class);

    private ServerStop() {}

    /**
     * Stops a listener. Requests that exceed the server's stop timeout are cut off, which is not a failure.
     *
     * @param name the listener's name, for the log
     * @throws IOException if it did not stop
     */
    public static void stop(Server server, String name) throws IOException {
        try {
            server.stop();
        } catch (TimeoutException e) {
            LOG.warn("{}: requests cut off after {} s", name, server.getStopTimeout() / 1000);
        } catch (Exception e) { // what Jetty declares
            throw new IOException(name + " did not stop", e);
        }
    }
}
