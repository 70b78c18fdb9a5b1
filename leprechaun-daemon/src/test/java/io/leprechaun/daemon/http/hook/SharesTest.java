package io.leprechaun.daemon.http.hook;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;

class SharesTest {
    private static final InetAddress ONE = InetAddress.ofLiteral("192.0.2.1");
    private static final InetAddress OTHER = InetAddress.ofLiteral("192.0.2.2");

    private final Shares shares = new Shares(10, 6);

    @Test
    void a_source_takes_its_part_and_leaves_the_rest_to_the_others() {
        assertThat(shares.take(ONE, 6)).isTrue();
        assertThat(shares.take(ONE, 1)).isFalse();
        assertThat(shares.take(OTHER, 4)).isTrue();
        assertThat(shares.take(OTHER, 1)).as("nothing is left").isFalse();
        shares.give(ONE, 2);
        assertThat(shares.take(OTHER, 2)).isTrue();
        assertThat(shares.take(OTHER, 1)).as("its part").isFalse();
        shares.give(ONE, 4);
        assertThat(shares.take(ONE, 4)).isTrue();
    }
}
