package io.leprechaun.daemon.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/** Reads the web addresses to which something is sent. */
public final class WebAddress {
    private static final String ALLOWED = "write https://HOST/PATH, or say where it lies: { file: PATH }";

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
}
