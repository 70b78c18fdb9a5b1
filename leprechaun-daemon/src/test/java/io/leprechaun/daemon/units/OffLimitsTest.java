package io.leprechaun.daemon.units;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OffLimitsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "169.254.169.254",
                "169.254.0.1",
                "2852039166",
                "0xa9fea9fe",
                "0251.0376.0251.0376",
                "169.254.43518",
                "[::ffff:169.254.169.254]",
                "[::ffff:a9fe:a9fe]",
                "[::a9fe:a9fe]",
                "[64:ff9b::169.254.169.254]",
                "[2002:a9fe:a9fe::1]",
                "[fe80::1]",
                "[febf::1]",
                "[fe80::1%25eth0]",
                "[fd00:ec2::254]",
                "[fd20:ce::254]",
                "100.100.100.200",
            })
    void no_spelling_of_such_an_address_is_taken(String host) {
        assertThat(OffLimits.complaint(host)).isPresent();
        assertThatThrownBy(() -> WebAddress.parse("http://" + host + "/x"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "[::1]",
                "10.0.0.1",
                "192.168.1.1",
                "169.253.0.1",
                "[fec0::1]",
                "[fd00:ec2::253]",
                "localhost",
                "metadata.example.org",
                "a9fea9fe",
            })
    void this_host_its_network_and_names_are_taken(String host) {
        assertThat(OffLimits.complaint(host)).isEmpty();
        assertThat(WebAddress.parse("https://" + host + ":8443/x").getHost()).isEqualTo(host);
    }

    /** Addresses as a name server may return them. */
    @ParameterizedTest
    @ValueSource(strings = {"169.254.169.254", "fe80::1", "::ffff:169.254.169.254"})
    void a_name_that_stands_for_one_is_refused_by_the_address(String literal) {
        assertThat(OffLimits.complaint(InetAddress.ofLiteral(literal))).isPresent();
    }
}
