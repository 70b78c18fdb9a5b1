package io.leprechaun.api;

import io.leprechaun.api.text.Text;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The answer of a handler. */
public sealed interface Reply {
    /** Returns the client's exit code. */
    ExitCode code();

    /**
     * An answer in three forms.
     *
     * @param data the form for programs: maps, lists, strings, numbers, booleans and nulls, rendered as JSON; keys in
     *     snake_case, times in RFC 3339, durations in seconds
     * @param text the form for users
     * @param ids the form for scripts that ask for ids alone: run ids or names, one a line
     * @param note the supplier of one sentence for users that is not part of the text, such as the rest of a limited
     *     list; called for the form for users alone
     */
    record Document(Map<String, ?> data, Text text, List<String> ids, ExitCode code, Supplier<Optional<String>> note)
            implements Reply {
        public Document {
            ids = List.copyOf(ids);
        }

        /** Creates an answer without a note. */
        public Document(Map<String, ?> data, Text text, List<String> ids, ExitCode code) {
            this(data, text, ids, code, Optional::empty);
        }

        /** Returns the same answer with a note. */
        public Document with(Supplier<Optional<String>> sentence) {
            return new Document(data, text, ids, code, sentence);
        }
    }

    /**
     * Bytes that are written while they are produced: a run's output, or events.
     *
     * @param body the writer of the form for users, and for callers that ask for none of the other forms
     * @param note the supplier of one sentence for users that is not part of the stream; called when all is written
     * @param others the writers of other forms
     */
    record Stream(BodyWriter body, ExitCode code, Supplier<Optional<String>> note, Map<StreamForm, BodyWriter> others)
            implements Reply {
        public Stream {
            others = Map.copyOf(others);
        }

        /** Creates a stream in one form. */
        public Stream(BodyWriter body, ExitCode code, Supplier<Optional<String>> note) {
            this(body, code, note, Map.of());
        }

        /** Creates a stream in one form without a note. */
        public Stream(BodyWriter body, ExitCode code) {
            this(body, code, Optional::empty);
        }
    }

    /** A form of a stream besides the one for users. */
    enum StreamForm {
        /** JSON documents, one a line. */
        LINES("application/x-ndjson"),
        /** Server-sent events (the WHATWG's HTML standard, 9.2). */
        EVENTS("text/event-stream");

        private final String type;

        StreamForm(String type) {
            this.type = type;
        }

        /** Returns its media type. */
        public String type() {
            return type;
        }
    }

    /**
     * Bytes of a type of their own, for programs; as a whole, and compressed for readers that accept it.
     *
     * @param type the media type, with its parameters
     */
    record Content(String type, BodyWriter body) implements Reply {
        @Override
        public ExitCode code() {
            return ExitCode.OK;
        }
    }

    /** The writer of a stream's bytes, which returns at the stream's end. */
    @FunctionalInterface
    interface BodyWriter {
        /**
         * Writes all bytes; flushes whenever it has to wait for more.
         *
         * @throws IOException when the reader has closed the connection
         */
        void writeTo(OutputStream out) throws IOException;
    }

    /** Returns a successful answer. */
    static Document of(Map<String, ?> data, Text text, List<String> ids) {
        return new Document(data, text, ids, ExitCode.OK);
    }

    /** Returns a successful answer without ids. */
    static Document of(Map<String, ?> data, Text text) {
        return of(data, text, List.of());
    }
}
