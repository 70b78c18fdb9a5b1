package io.leprechaun.daemon.http.port;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RefusalLogTest {
    private static final InetAddress ONE = InetAddress.ofLiteral("192.0.2.1");
    private static final InetAddress OTHER = InetAddress.ofLiteral("192.0.2.2");

    private final List<String> lines = new ArrayList<>();
    private long now = Long.MAX_VALUE - 5; // it may overflow
    private final RefusalLog log = new RefusalLog(lines::add, () -> now);

    private void refuse(InetAddress source, int times) {
        for (int i = 0; i < times; i++) {
            log.refused(source, source.getHostAddress());
        }
    }

    private void pass(long seconds) {
        now += TimeUnit.SECONDS.toNanos(seconds);
        log.report();
    }

    @Test
    void ten_of_a_minute_are_logged_and_the_others_counted() {
        refuse(ONE, 5322);
        assertThat(lines).hasSize(10);
        pass(59);
        assertThat(lines).hasSize(10);
        pass(1);
        assertThat(lines).hasSize(11).endsWith("5,312 more refusals from 192.0.2.1 in the last minute");
        pass(120);
        assertThat(lines).hasSize(11);
        refuse(ONE, 1);
        assertThat(lines).hasSize(12).endsWith("192.0.2.1");
    }

    @Test
    void one_source_does_not_hide_another() {
        refuse(ONE, 1000);
        lines.clear();
        refuse(OTHER, 10);
        pass(60);
        assertThat(lines).hasSize(11).contains("192.0.2.2", "990 more refusals from 192.0.2.1 in the last minute");
    }

    @Test
    void many_sources_are_counted_together() {
        for (int i = 0; i < 10_000; i++) {
            refuse(InetAddress.ofLiteral("10.0." + i / 256 + "." + i % 256), 1);
        }
        assertThat(lines).hasSize(RefusalLog.SOURCES + RefusalLog.LINES);
        pass(60);
        assertThat(lines).endsWith("9,890 more refusals from other sources in the last minute");
    }
}
