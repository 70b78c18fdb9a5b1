package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.leprechaun.daemon.posix.NotifySocket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The messages of the daemon to the service manager that started it. */
@Timeout(180)
class ServiceManagerIT {
    @RegisterExtension
    private final Installation place = new Installation();

    @Test
    void the_service_manager_hears_when_it_is_ready_and_when_it_stops() throws Throwable {
        String address = place.folder().resolve("notify").toString();
        place.environment().put("NOTIFY_SOCKET", address);
        place.recipe("env", "steps: [ 'env' ]");
        try (var manager = new NotifySocket(address)) {
            var daemon = place.start();
            eventually(() -> assertThat(heard(manager)).containsExactly("READY=1"));
            var run = daemon.runToEnd("env");
            assertThat(daemon.output(run.get("id").asLong())).doesNotContain("NOTIFY_SOCKET");
            assertThat(daemon.stop()).isZero();
            assertThat(heard(manager)).containsExactly("STOPPING=1");
        }
    }

    private static List<String> heard(NotifySocket manager) throws Throwable {
        var all = new ArrayList<String>();
        for (var message = manager.poll(); message.isPresent(); message = manager.poll()) {
            all.add(message.get());
        }
        return all;
    }
}
