package io.leprechaun.daemon.hook;

import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.io.JsonStringEncoder;

/**
 * The part of a JSON text that is kept, written without blanks while it is read: numbers keep their digits. Not
 * thread-safe.
 */
final class JsonText {
    private final StringBuilder text = new StringBuilder();
    /** The number of open objects and lists that are kept. */
    private int kept;

    /**
     * Begins an object or a list.
     *
     * @param keep whether it is kept, also if nothing around it is
     * @return its begin in the text
     */
    int start(JsonToken token, boolean keep) {
        kept += keep ? 1 : 0;
        append(token == JsonToken.START_OBJECT ? "{" : "[");
        return text.length() - 1;
    }

    /**
     * Ends it, given the same arguments again.
     *
     * @return its end in the text
     */
    int end(JsonToken token, boolean keep) {
        if (kept > 0) {
            text.append(token == JsonToken.START_OBJECT ? '}' : ']');
        }
        kept -= keep ? 1 : 0;
        return text.length();
    }

    void name(String name) {
        if (kept > 0) {
            quoted(name);
            text.append(':');
        }
    }

    void scalar(JsonToken token, JsonParser parser) {
        if (kept > 0 && token == JsonToken.VALUE_STRING) {
            quoted(parser.getString());
        } else {
            append(parser.getString());
        }
    }

    String between(int from, int to) {
        return text.substring(from, to);
    }

    private void quoted(String string) {
        append("\"");
        JsonStringEncoder.getInstance().quoteAsString(string, text);
        text.append('"');
    }

    private void append(String token) {
        if (kept > 0) {
            char last = text.isEmpty() ? '[' : text.charAt(text.length() - 1);
            text.append(last == '{' || last == '[' || last == ':' ? "" : ",").append(token);
        }
    }
}
