package io.leprechaun.daemon.posix;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The check of the C library: glibc 2.34 is the first that can close a child's inherited descriptors. */
public final class Glibc {
    private static final Pattern VERSION = Pattern.compile("(\\d{1,4})\\.(\\d{1,4}).*");

    private static final String PROBLEM =
            "Leprechaun needs glibc 2.34 or newer, but this system has %s: use Debian 12, Ubuntu 22.04, RHEL 9"
                    + " or newer";

    private Glibc() {}

    /**
     * Stops a start on a system that cannot run the daemon.
     *
     * @throws UnsupportedOperationException when the C library is not glibc 2.34 or newer; the message names the
     *     library that the system has
     */
    public static void require() {
        problem(version()).ifPresent(problem -> {
            throw new UnsupportedOperationException(problem);
        });
    }

    /** Returns the version of glibc; empty for another C library. */
    static Optional<String> version() {
        return CFunction.find("gnu_get_libc_version").flatMap(version -> CFunction.text(version.callLong()));
    }

    static Optional<String> problem(Optional<String> version) {
        if (version.isEmpty()) {
            return Optional.of(PROBLEM.formatted("another C library"));
        }
        Matcher matcher = VERSION.matcher(version.get());
        boolean enough = matcher.matches()
                && Integer.parseInt(matcher.group(1)) * 10_000 + Integer.parseInt(matcher.group(2)) >= 2 * 10_000 + 34;
        return enough ? Optional.empty() : Optional.of(PROBLEM.formatted(version.get()));
    }
}
