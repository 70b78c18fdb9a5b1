package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Notifications go to the hosts of the settings, and to none that settings, recipes, name servers or answers make of
 * them.
 */
@Timeout(180)
class NotificationTargetsIT {
    @RegisterExtension
    private final Installation place = new Installation();

    @Test
    void neither_a_name_nor_a_redirection_leads_to_a_metadata_address() throws Exception {
        Path hosts = Files.writeString(
                place.folder().resolve("hosts"),
                "169.254.77.77 metadata.test\nfe80::1 link.test\n127.0.0.1 hooks.test localhost\n");
        place.environment().put("LEPRECHAUN_JAVA_OPTS", "-Djdk.net.hosts.file=" + hosts);
        List<String> asked = new CopyOnWriteArrayList<>();
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked.add(exchange.getRequestURI().getPath());
            exchange.getResponseHeaders().set("Location", "http://169.254.77.77/latest/meta-data/");
            exchange.getResponseHeaders().set("Connection", "close");
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        server.start();
        try {
            Path ping = Files.writeString(place.folder().resolve("ping"), "http://link.test/ping\n");
            var daemon = place.settings("""
                notify:
                  webhooks:
                    - { url: "http://metadata.test/x", name: rebound }
                    - { url: "http://hooks.test:%d/x", name: redirected }
                """.formatted(server.getAddress().getPort()))
                    .recipe("fails", "notify: { ping: { file: " + ping + " } }\nsteps: [ 'false' ]\n")
                    .start();
            daemon.runToEnd("fails");
            eventually(() -> assertThat(daemon.log())
                    .contains("http://metadata.test: 169.254.77.77 is a link-local or metadata address")
                    .contains("http://link.test: fe80:0:0:0:0:0:0:1 is a link-local or metadata address")
                    .contains("answers 302, a redirect that is not followed"));
            assertThat(asked).isNotEmpty().allMatch("/x"::equals);
            assertThat(daemon.stop()).isZero();
        } finally {
            server.stop(0);
        }
    }
}
