package io.leprechaun.daemon.command.event;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/** A form of a stream of events. */
enum EventForm {
    /** Lines for users. */
    TEXT,
    /** JSON documents, one a line. */
    LINES,
    /** Server-sent events. */
    SENT;

    private static final ObjectMapper JSON = JsonMapper.builder().build();

    /**
     * Returns a document in this form.
     *
     * @param document the document, with its id and topic
     * @param line the same for users, with the end of the line; empty: nothing
     */
    String of(Map<String, ? extends @Nullable Object> document, String line) {
        return switch (this) {
            case TEXT -> line;
            case LINES -> JSON.writeValueAsString(document) + "\n";
            case SENT ->
                "id: " + document.get("id") + "\nevent: " + document.get("topic") + "\ndata: "
                        + JSON.writeValueAsString(document) + "\n\n";
        };
    }

    /** Returns text that is no event, so that a silent connection stays open; empty: this form has none. */
    String beat() {
        return this == SENT ? ":\n\n" : "";
    }
}
