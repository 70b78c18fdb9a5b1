package io.leprechaun.api;

import io.leprechaun.api.text.Text;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** What a handler answers. */
public sealed interface Reply {
    /** What the client exits with. */
    ExitCode code();

    /**
     * One answer in three forms.
     *
     * @param data for programs: maps, lists, strings, numbers, booleans and nulls, rendered as JSON; keys in snake_case, times in RFC 3339, durations in seconds
     * @param text for people
     * @param ids for scripts that ask for nothing else: run ids or names, one a line
     */
    record Document(Map<String, ?> data, Text text, List<String> ids, ExitCode code) implements Reply {
        public Document {
            ids = List.copyOf(ids);
        }
    }

    /**
     * Bytes as they are, written while they come to be: a run's output.
     *
     * @param note asked for when all is written: one sentence for people that is no part of it
     */
    record Stream(BodyWriter body, ExitCode code, Supplier<Optional<String>> note) implements Reply {
        /** A stream that speaks for itself. */
        public Stream(BodyWriter body, ExitCode code) {
            this(body, code, Optional::empty);
        }
    }

    /** Writes a stream's bytes and returns at its end. */
    @FunctionalInterface
    interface BodyWriter {
        /**
         * Writes everything, flushing whenever it has to wait for more.
         *
         * @throws IOException when the reader has gone
         */
        void writeTo(OutputStream out) throws IOException;
    }

    /** An answer that went well. */
    static Document of(Map<String, ?> data, Text text, List<String> ids) {
        return new Document(data, text, ids, ExitCode.OK);
    }

    /** An answer that went well and has no ids. */
    static Document of(Map<String, ?> data, Text text) {
        return of(data, text, List.of());
    }
}
