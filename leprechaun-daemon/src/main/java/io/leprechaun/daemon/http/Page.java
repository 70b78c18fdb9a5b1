package io.leprechaun.daemon.http;

import java.util.Locale;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/** Tells requests of programs from those that a browser makes for a page: whoever wrote the page would act with the rights of whoever looks at it. */
public final class Page {
    private static final String FETCHED_FOR = "Sec-Fetch-Site";

    private Page() {}

    /** Whether a page in a browser asks. Not an address that a person typed (Fetch Metadata Request Headers, W3C). */
    public static boolean asks(Request request) {
        String site = request.getHeaders().get(FETCHED_FOR);
        return request.getHeaders().contains(HttpHeader.ORIGIN) || site != null && !site.equals("none");
    }

    /** Whether a request names a host of a network and not this one: so does a page whose own name has become an address of ours (DNS rebinding). A word without a dot is no such name. */
    static boolean isForElsewhere(Request request) {
        String named = request.getHttpURI().getHost();
        String host = named == null ? "" : named.toLowerCase(Locale.ROOT);
        return host.contains(".") && !host.matches("127(\\.[0-9]{1,3}){3}") && !host.endsWith(".localhost");
    }
}
