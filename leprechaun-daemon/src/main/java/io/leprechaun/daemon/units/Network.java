package io.leprechaun.daemon.units;

import java.math.BigInteger;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;

/**
 * A range of addresses, written as CIDR (RFC 4632): {@code 10.0.0.0/8}, {@code 2001:db8::/32}, or one address alone.
 *
 * @param base its first address
 * @param bits the number of first bits that all its addresses share
 */
public record Network(InetAddress base, int bits) {
    /** @throws IllegalArgumentException when the text is not a range; its message shows the form of one */
    public static Network parse(String text) {
        int slash = text.indexOf('/');
        InetAddress base = address(slash < 0 ? text : text.substring(0, slash), text);
        int all = base.getAddress().length * Byte.SIZE;
        int bits = slash < 0 ? all : bits(text.substring(slash + 1), all, text);
        if (number(base).getLowestSetBit() >= 0 && number(base).getLowestSetBit() < all - bits) {
            throw new IllegalArgumentException("invalid range '" + text + "': bits after the first " + bits
                    + " are set; use the first address," + " or /" + all + " for one address");
        }
        return new Network(base, bits);
    }

    private static InetAddress address(String literal, String text) {
        try {
            return InetAddress.ofLiteral(literal);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "invalid address range '" + text + "': use a range such as 10.0.0.0/8 or 2001:db8::/32, or one"
                            + " address",
                    e);
        }
    }

    private static int bits(String digits, int all, String text) {
        if (!digits.matches("[0-9]{1,3}") || Integer.parseInt(digits) > all) {
            throw new IllegalArgumentException(
                    "invalid address range '" + text + "': use 0 to " + all + " after the /");
        }
        return Integer.parseInt(digits);
    }

    private static BigInteger number(InetAddress address) {
        return new BigInteger(1, address.getAddress());
    }

    /** Returns whether an address is in the range. An IPv4 address is in no IPv6 range. */
    public boolean contains(InetAddress address) {
        byte[] ours = base.getAddress();
        if (ours.length != address.getAddress().length) {
            return false;
        }
        int rest = ours.length * Byte.SIZE - bits;
        return number(base).shiftRight(rest).equals(number(address).shiftRight(rest));
    }

    /** Returns whether an address is in one of the ranges. */
    public static boolean anyContains(List<Network> networks, InetAddress address) {
        return networks.stream().anyMatch(network -> network.contains(address));
    }

    /** Returns the range in CIDR form, or the address where it is a single one. */
    @Override
    public String toString() {
        int all = base instanceof Inet4Address ? 32 : 128;
        return base.getHostAddress() + (bits == all ? "" : "/" + bits);
    }
}
