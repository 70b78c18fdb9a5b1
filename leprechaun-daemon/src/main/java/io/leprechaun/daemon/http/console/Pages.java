package io.leprechaun.daemon.http.console;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * The pages of the login. Every text is escaped.
 *
 * @param prefix the path under which browsers reach them, without a slash at its end
 */
public record Pages(String prefix) {
    /** The media type of pages. */
    public static final String TYPE = "text/html; charset=utf-8";

    /**
     * Returns the page of the login.
     *
     * @param next the path of the page after the login
     * @param message a sentence above the form; empty: none
     */
    public byte[] login(String next, String message) {
        String action = "<form method=\"post\" action=\"" + escaped(prefix + "/login") + "\"";
        String hidden = "<input type=\"hidden\" name=\"next\" value=\"" + escaped(next) + "\">";
        return page(
                "Log in",
                (message.isEmpty() ? "" : "<p role=\"alert\">" + escaped(message) + "</p>\n")
                        + action + " id=\"link\">" + hidden
                        + "<input type=\"hidden\" name=\"secret\" value=\"\"></form>\n"
                        + action + ">" + hidden
                        + "<p><label for=\"code\">Code of <code>leprechaun console --code</code>:</label></p>\n"
                        + "<p><input id=\"code\" name=\"code\" required autocomplete=\"one-time-code\""
                        + " autocapitalize=\"characters\" spellcheck=\"false\" size=\"12\">"
                        + " <button>Log in</button></p></form>\n"
                        + "<p>The command <code>leprechaun console</code> prints a link that logs in by itself.</p>\n"
                        + "<script src=\"" + escaped(prefix + "/login.js") + "\"></script>\n");
    }

    /** Returns a page that goes on to the same address, now from our own site: the browser then sends the cookie. */
    public byte[] bounce(String path) {
        String address = escaped(prefix + path);
        return page(
                "Leprechaun",
                "<p><a href=\"" + address + "\">Continue</a></p>\n",
                "<meta http-equiv=\"refresh\" content=\"0; url=" + address + "\">\n");
    }

    /**
     * Returns the page of a session.
     *
     * @param host the name of the daemon's host
     * @param csrf the text for the form that ends the session; empty: the caller has none
     */
    public byte[] home(String host, String version, String user, String role, String csrf) {
        return page(
                host,
                "<p>Leprechaun " + escaped(version) + " on <bdi>" + escaped(host) + "</bdi>, as <bdi>" + escaped(user)
                        + "</bdi> with the role " + escaped(role) + ".</p>\n<ul>\n"
                        + item("/api", "the API") + item("/health", "the health of the daemon") + "</ul>\n"
                        + (csrf.isEmpty()
                                ? ""
                                : "<form method=\"post\" action=\"" + escaped(prefix + "/logout")
                                        + "\"><input type=\"hidden\" name=\"csrf\" value=\"" + escaped(csrf)
                                        + "\"><button>Log out</button></form>\n"));
    }

    private String item(String path, String text) {
        return "<li><a href=\"" + escaped(prefix + path) + "\">" + escaped(text) + "</a></li>\n";
    }

    /** Returns the script of the page of the login. */
    public static byte[] script() {
        try (var in = Pages.class.getResourceAsStream("login.js")) {
            return Objects.requireNonNull(in, "login.js").readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("login.js cannot be read", e);
        }
    }

    private static byte[] page(String title, String body) {
        return page(title, body, "");
    }

    private static byte[] page(String title, String body, String head) {
        return ("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                        + "<meta name=\"viewport\" content=\"width=device-width\">\n"
                        + "<meta name=\"color-scheme\" content=\"light dark\">\n"
                        + head + "<title>" + escaped(title) + "</title>\n</head>\n<body>\n<main>\n<h1>"
                        + escaped(title) + "</h1>\n" + body + "</main>\n</body>\n</html>\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    /** Returns a text for any place between tags, or between the quotes of an attribute. */
    static String escaped(String text) {
        var escaped = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.appendCodePoint(c);
            }
        });
        return escaped.toString();
    }
}
