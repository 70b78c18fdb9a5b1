package io.leprechaun.daemon.command.event;

import io.leprechaun.daemon.event.Event;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/** A form of a stream of events. */
interface EventWriter {
    ObjectMapper JSON = JsonMapper.builder().build();

    /**
     * Writes a document about the stream itself: its beginning, its end, or that events were lost.
     *
     * @param sentence the same for users; empty: nothing
     */
    void signal(OutputStream out, Map<String, ? extends @Nullable Object> document, String sentence) throws IOException;

    /** Writes an event. */
    void event(OutputStream out, Event event) throws IOException;

    /** Writes something that is no event, so that a silent connection stays open; flushing follows. */
    void beat(OutputStream out) throws IOException;

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Lines for users. */
    record Text(EventView view) implements EventWriter {
        @Override
        public void signal(OutputStream out, Map<String, ? extends @Nullable Object> document, String sentence)
                throws IOException {
            if (!sentence.isEmpty()) {
                write(out, sentence + "\n");
            }
        }

        @Override
        public void event(OutputStream out, Event event) throws IOException {
            write(out, view.line(event));
        }

        @Override
        public void beat(OutputStream out) {
            // a line would be taken for an event
        }
    }

    /** JSON documents, one a line. */
    record Lines(EventView view) implements EventWriter {
        @Override
        public void signal(OutputStream out, Map<String, ? extends @Nullable Object> document, String sentence)
                throws IOException {
            write(out, JSON.writeValueAsString(document) + "\n");
        }

        @Override
        public void event(OutputStream out, Event event) throws IOException {
            write(out, JSON.writeValueAsString(view.data(event)) + "\n");
        }

        @Override
        public void beat(OutputStream out) {
            // an empty line would not be JSON
        }
    }

    /** Server-sent events. */
    record Sent(EventView view) implements EventWriter {
        @Override
        public void signal(OutputStream out, Map<String, ? extends @Nullable Object> document, String sentence)
                throws IOException {
            frame(out, document);
        }

        @Override
        public void event(OutputStream out, Event event) throws IOException {
            frame(out, view.data(event));
        }

        private static void frame(OutputStream out, Map<String, ? extends @Nullable Object> document)
                throws IOException {
            write(
                    out,
                    "id: " + document.get("id") + "\nevent: " + document.get("topic") + "\ndata: "
                            + JSON.writeValueAsString(document) + "\n\n");
        }

        @Override
        public void beat(OutputStream out) throws IOException {
            write(out, ":\n\n");
        }
    }
}
