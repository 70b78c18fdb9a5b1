package io.leprechaun.daemon.units;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.regex.Pattern;

/** The web addresses to which the daemon sends requests. */
public final class WebAddress {
    private static final String ALLOWED = "use https://HOST/PATH, or a secret such as { file: PATH }";

    /** A parameter that reports the outcome of a run to the receiver. */
    private static final Pattern STATUS = Pattern.compile("(^|&)(status|state)(=|&|$)");

    private WebAddress() {}

    /**
     * @throws IllegalArgumentException when the text is not a web address, holds a login, or names a host that is off
     *     limits; the message shows no more of it than its host
     */
    public static URI parse(String text) {
        URI url;
        try {
            url = new URI(text.strip());
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("invalid web address; " + ALLOWED, e);
        }
        boolean scheme = "https".equals(url.getScheme()) || "http".equals(url.getScheme());
        if (!scheme || url.getHost() == null || url.getUserInfo() != null || url.getPort() > 65_535) {
            throw new IllegalArgumentException("invalid web address, or one with a login; " + ALLOWED);
        }
        Optional<String> complaint = OffLimits.complaint(url.getHost());
        if (complaint.isPresent()) {
            throw new IllegalArgumentException(complaint.get());
        }
        return url;
    }

    /**
     * Returns an address that receives a run's start and failure at {@code /start} and {@code /fail} behind its path.
     *
     * @throws IllegalArgumentException as {@link #parse} does, and when its query reports an outcome, whatever stands
     *     behind the path
     */
    public static URI ping(String text) {
        URI url = parse(text);
        if (url.getRawQuery() != null && STATUS.matcher(url.getRawQuery()).find()) {
            throw new IllegalArgumentException(
                    "the address has the status in its query, so failures would be sent as successes; use two last"
                            + " steps, `curl -fsS 'ADDRESS'` and one with `when: failure`");
        }
        return url;
    }
}
