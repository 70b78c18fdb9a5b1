package io.leprechaun.daemon.units;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The address of a listener: {@code 127.0.0.1:11400}, {@code localhost:11400} or {@code [::1]:11400}.
 *
 * @param host a name or an address; an IPv6 address without its brackets
 * @param port 0 to 65535; 0 takes any free one
 */
public record Address(String host, int port) {
    private static final Pattern FORM =
            Pattern.compile("(?:\\[([0-9A-Fa-f:.]{2,45})]|([A-Za-z0-9.-]{1,253})):([0-9]{1,5})");

    public Address {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port " + port + " is out of range; use 0 to 65535");
        }
    }

    /** @throws IllegalArgumentException when the text is not an address; its message shows the form of one */
    public static Address parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException(
                    "invalid address '" + text + "': use HOST:PORT, such as 127.0.0.1:11400");
        }
        String host = form.group(1) == null ? form.group(2) : form.group(1);
        return new Address(host, Integer.parseInt(form.group(3)));
    }

    /** Returns whether only this host can reach it. */
    public boolean isLoopback() {
        return host.equals("localhost") || host.equals("::1") || host.matches("127(\\.[0-9]{1,3}){3}");
    }

    /** Returns the address as it is written in the settings. */
    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
