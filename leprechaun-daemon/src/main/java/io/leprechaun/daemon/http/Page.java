package io.leprechaun.daemon.http;

import java.util.Locale;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/**
 * The distinction between requests of programs and those that a browser makes for a page. Otherwise the page's author
 * would act with the rights of its reader.
 */
public final class Page {
    /** The header with the relation of the page to the address that it asks for. */
    static final String FETCHED_FOR = "Sec-Fetch-Site";

    private Page() {}

    /**
     * Returns whether a page in a browser sent the request. An address that a user typed does not count (Fetch Metadata
     * Request Headers, W3C).
     */
    public static boolean asks(Request request) {
        String site = request.getHeaders().get(FETCHED_FOR);
        return request.getHeaders().contains(HttpHeader.ORIGIN) || site != null && !site.equals("none");
    }

    /**
     * Returns whether a request names a network's host and not this one. So does a page whose own name resolves to an
     * address of ours (DNS rebinding). A name without a dot does not count.
     */
    static boolean isForElsewhere(Request request) {
        String named = request.getHttpURI().getHost();
        String host = named == null ? "" : named.toLowerCase(Locale.ROOT);
        return host.contains(".") && !host.matches("127(\\.[0-9]{1,3}){3}") && !host.endsWith(".localhost");
    }
}
