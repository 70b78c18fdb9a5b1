package io.leprechaun.daemon.notify.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.leprechaun.daemon.history.Notice;
import io.leprechaun.daemon.history.Outbox;
import io.leprechaun.daemon.lifecycle.Alarms;
import io.leprechaun.daemon.notify.Samples;
import io.leprechaun.daemon.output.OutputPump;
import io.leprechaun.daemon.process.Processes;
import io.leprechaun.daemon.settings.notify.NoticeEvent;
import io.leprechaun.daemon.settings.notify.NotifyRules;
import io.leprechaun.daemon.settings.notify.NotifySettings;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class TargetsTest {
    private final Processes processes = Processes.open();
    private final OutputPump pump = OutputPump.open(processes, InstantSource.system());
    private final Alarms alarms = Alarms.open();
    private final CompletableFuture<Void> kept = new CompletableFuture<>();
    private final AtomicInteger asked = new AtomicInteger();

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        alarms.close();
        pump.close();
        processes.close();
    }

    /**
     * Returns an outbox whose notice is on disk once {@link #kept} is complete, and which counts how often it is read.
     */
    private Outbox outbox() {
        return (Outbox) Proxy.newProxyInstance(
                Outbox.class.getClassLoader(),
                new Class<?>[] {Outbox.class},
                (_, method, _) -> switch (method.getName()) {
                    case "tell" -> kept;
                    case "unsent" -> {
                        asked.incrementAndGet();
                        yield List.of();
                    }
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    @Test
    void the_notifiers_look_once_the_notice_is_on_disk() {
        var means = new Targets.Means(
                outbox(),
                Samples.writer("web1", folder),
                alarms,
                new CommandRun.CommandContext(processes, pump, "store", folder.resolve("output"), Map.of()),
                _ -> NotifyRules.NOTHING,
                InstantSource.system(),
                ZoneOffset.UTC);
        try (var targets = Targets.open(NotifySettings.DEFAULTS, means)) {
            targets.report(NoticeEvent.ALARM, new Notice.About.Alert("a fault", Samples.NOON), List.of("mail"));
            assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .doesNotContain("notifier-" + NotifyRules.PING);
            kept.complete(null);
            await().until(() -> asked.get() > 0);
        }
    }
}
