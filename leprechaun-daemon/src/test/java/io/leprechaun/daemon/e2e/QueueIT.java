package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static io.leprechaun.daemon.e2e.Installation.lines;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A long queue, a full one, and many simultaneous requests for the same recipe. */
@Tag("proof")
class QueueIT extends QueueFixture {
    QueueIT() {
        super(new Installation());
    }

    private static final int MANY = 10_000;
    private static final int MIB = 1024;

    @Test
    void ten_thousand_that_wait_outlive_a_kill_in_their_order_and_in_little_memory() throws Exception {
        settings(1, 20_000);
        place.recipe("first", hook("the-first-one", "parallel", "", "while [ ! -e go ]; do sleep 0.1; done"));
        place.recipe("low", hook("of-low-priority", "parallel", "", "'echo $LEPRECHAUN_RUN >> order'"));
        place.recipe("high", hook("of-high-priority", "parallel", "priority: 5\n", "'echo $LEPRECHAUN_RUN >> order'"));
        RunningDaemon daemon = place.start();
        long first = RunningDaemon.ticket(daemon.post("/hook?id=the-first-one"));
        long before = Proc.number(daemon.pid(), "VmRSS");
        daemon.postMany("/hook?id=of-low-priority", MANY - 50, 64).forEach(RunningDaemon::ticket);
        var high = daemon.postMany("/hook?id=of-high-priority", 50, 8).stream()
                .map(RunningDaemon::ticket)
                .sorted()
                .toList();
        assertThat(Proc.number(daemon.pid(), "VmRSS") - before).as("KiB").isLessThan(64 * MIB);

        daemon.killHard();
        RunningDaemon again = place.start();

        assertThat(again.run(first).get("state").asString()).isEqualTo("lost");
        eventually(() -> assertThat(lines(place.work().resolve("order"))).hasSizeGreaterThan(200));
        List<Long> order =
                lines(place.work().resolve("order")).stream().map(Long::valueOf).toList();
        assertThat(order.subList(0, 50)).isEqualTo(high);
        assertThat(order.subList(50, order.size())).isSortedAccordingTo(Comparator.naturalOrder());
        long waiting = again.ask("/server/info").get("queued").asLong();
        long done = again.ask("/history/list?args=--state&args=succeeded&args=-n&args=100000")
                .get("runs")
                .size();
        assertThat(waiting + done).as("those that ran and those that wait").isBetween(MANY - 5L, MANY + 5L);
        place.client("server", "pause");
        assertThat(again.stop()).isZero();
    }
}
