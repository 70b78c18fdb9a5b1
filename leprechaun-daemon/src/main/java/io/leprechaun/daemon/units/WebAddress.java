package io.leprechaun.daemon.units;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the web addresses to which something is sent. */
public final class WebAddress {
    private static final String ALLOWED = "write https://HOST/PATH, or say where it lies: { file: PATH }";

    /** A parameter that tells whoever is called how the run went. */
    private static final Pattern STATUS = Pattern.compile("(^|&)(status|state)(=|&|$)");

    private WebAddress() {}

    /** @throws IllegalArgumentException when the text is not one, holds a login, or nothing is sent there; the message shows no more of it than its host */
    public static URI parse(String text) {
        URI url;
        try {
            url = new URI(text.strip());
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("this is no web address; " + ALLOWED, e);
        }
        boolean scheme = "https".equals(url.getScheme()) || "http".equals(url.getScheme());
        if (!scheme || url.getHost() == null || url.getUserInfo() != null || url.getPort() > 65_535) {
            throw new IllegalArgumentException("this is no web address without a login in it; " + ALLOWED);
        }
        Optional<String> complaint = OffLimits.complaint(url.getHost());
        if (complaint.isPresent()) {
            throw new IllegalArgumentException(complaint.get());
        }
        return url;
    }

    /**
     * An address that hears of a run's beginning and failure at {@code /start} and {@code /fail} behind its path.
     *
     * @throws IllegalArgumentException as {@link #parse} does, and when its query says how a run went, whatever stands behind the path
     */
    public static URI ping(String text) {
        URI url = parse(text);
        if (url.getRawQuery() != null && STATUS.matcher(url.getRawQuery()).find()) {
            throw new IllegalArgumentException(
                    "this address has the status in its query, so each failure would arrive as a success; call it in"
                            + " steps instead: `curl -fsS 'ADDRESS'` as the last one, and one with `when: failure`"
                            + " for the other status");
        }
        return url;
    }
}
