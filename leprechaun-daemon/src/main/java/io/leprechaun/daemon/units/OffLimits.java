package io.leprechaun.daemon.units;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The addresses to which the daemon sends nothing, whatever settings, recipes and name servers say. They are the
 * link-local ones (RFC 3927; RFC 4291, 2.5.6), and those where clouds serve a machine's credentials.
 */
public final class OffLimits {
    private static final List<Network> NETWORKS = Stream.of(
                    "169.254.0.0/16",
                    "::a9fe:0/112", // the same in IPv6
                    "64:ff9b::a9fe:0/112", // by NAT64
                    "2002:a9fe::/32", // by 6to4
                    "fe80::/10",
                    "fd00:ec2::254", // of Amazon
                    "fd20:ce::254", // of Google
                    "100.100.100.200") // of Alibaba
            .map(Network::parse)
            .toList();

    private OffLimits() {}

    /** Returns the reason why nothing is sent to an address; empty: sending is allowed. */
    public static Optional<String> complaint(InetAddress address) {
        return Network.anyContains(NETWORKS, address)
                ? Optional.of(address.getHostAddress()
                        + " is a link-local or metadata address, which is refused; use another address")
                : Optional.empty();
    }

    /**
     * Returns the same for the host of a web address, where it is an IP address in any spelling. A name is looked up
     * only when something is sent.
     */
    public static Optional<String> complaint(String host) {
        String literal = host.replaceAll("^\\[|%.*|]$", ""); // without the interface
        return address(literal, InetAddress::ofLiteral)
                .or(() -> address(literal, Inet4Address::ofPosixLiteral))
                .flatMap(OffLimits::complaint);
    }

    private static Optional<InetAddress> address(String literal, Function<String, InetAddress> read) {
        try {
            return Optional.of(read.apply(literal));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // a name
        }
    }
}
