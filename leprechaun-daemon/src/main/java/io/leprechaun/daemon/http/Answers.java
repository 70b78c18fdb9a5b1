package io.leprechaun.daemon.http;

import io.leprechaun.api.ExitCode;
import io.leprechaun.api.Problem;
import io.leprechaun.api.Reply;
import io.leprechaun.api.text.Printable;
import io.leprechaun.api.text.Screen;
import io.leprechaun.api.text.Text;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;

/** The writer of replies and problems in the requested form: JSON, text, or ids alone. */
public final class Answers {
    /** The header with the client's exit code. */
    static final String EXIT = "Leprechaun-Exit";

    /** The header of a document, and the trailer after a stream, with one sentence about it, percent-encoded. */
    static final String NOTE = "Leprechaun-Note";

    /** The number of ids above which a document is written as a stream. */
    private static final int MANY = 1000;

    private Answers() {}

    /** Returns whether the request asks for an answer without a body (RFC 9110, 9.3.2). */
    public static boolean isHead(Request request) {
        return request.getMethod().equals("HEAD");
    }

    /** Returns a path without a slash at its end, which has no meaning. */
    public static String withoutSlash(String path) {
        return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    /** @param admitted whether the caller may still read; asked while a stream is written */
    static void reply(
            Request request,
            Response response,
            Callback callback,
            Reply reply,
            Fields query,
            BooleanSupplier admitted) {
        exit(response, reply.code());
        switch (reply) {
            case Reply.Document document -> {
                if (wantsText(request)) {
                    boolean quiet = flag(query, "quiet");
                    String text = quiet ? lines(document) : document.text().render(screen(query));
                    if (!quiet) {
                        document.note()
                                .get()
                                .ifPresent(note -> response.getHeaders().put(NOTE, encoded(note)));
                    }
                    write(response, callback, 200, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
                } else if (document.ids().size() > MANY) {
                    stream(
                            response,
                            callback,
                            "application/json",
                            out -> Json.write(new WatchedStream(out, () -> !admitted.getAsBoolean()), document.data()));
                } else {
                    write(response, callback, 200, "application/json", Json.bytes(document.data()));
                }
            }
            case Reply.Content content -> write(request, response, callback, content);
            case Reply.Stream stream
            when isHead(request) -> write(response, callback, 200, type(form(request, stream)), new byte[0]);
            case Reply.Stream stream -> {
                var form = form(request, stream);
                Reply.BodyWriter body = form.map(stream.others()::get).orElse(stream.body());
                if (form.isPresent()) { // proxies must neither keep nor gather events
                    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store, no-transform");
                    response.getHeaders().put("X-Accel-Buffering", "no");
                }
                stream(response, callback, type(form), out -> {
                    var trailers = HttpFields.build();
                    response.setTrailersSupplier(() -> trailers);
                    try (var departure = Departure.watch(request)) {
                        body.writeTo(new WatchedStream(out, () -> departure.happened() || !admitted.getAsBoolean()));
                    }
                    stream.note().get().ifPresent(note -> trailers.put(NOTE, encoded(note)));
                });
            }
        }
    }

    /**
     * Returns the form of a stream that a request asks for; empty: the one for users. A stream that has lines of JSON
     * is sent as events unless another form is asked for.
     */
    private static Optional<Reply.StreamForm> form(Request request, Reply.Stream stream) {
        String accept =
                Optional.ofNullable(request.getHeaders().get(HttpHeader.ACCEPT)).orElse("");
        boolean isFeed = stream.others().containsKey(Reply.StreamForm.LINES);
        Optional<Reply.StreamForm> asked = Optional.empty();
        if (accept.startsWith(Reply.StreamForm.EVENTS.type())) {
            asked = Optional.of(Reply.StreamForm.EVENTS);
        } else if (isFeed && !wantsText(request)) {
            boolean isJson = accept.startsWith("application/json") || accept.startsWith(Reply.StreamForm.LINES.type());
            asked = Optional.of(isJson ? Reply.StreamForm.LINES : Reply.StreamForm.EVENTS);
        }
        return asked.filter(stream.others()::containsKey);
    }

    private static String type(Optional<Reply.StreamForm> form) {
        return form.map(Reply.StreamForm::type).orElse("text/plain");
    }

    private static void write(Request request, Response response, Callback callback, Reply.Content content) {
        String accepted = request.getHeaders().get(HttpHeader.ACCEPT_ENCODING);
        boolean compressed = accepted != null && accepted.contains("gzip") && !accepted.contains("gzip;q=0");
        var bytes = new ByteArrayOutputStream();
        try (OutputStream out = compressed ? new FastGzip(bytes) : bytes) {
            content.body().writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (compressed) {
            response.getHeaders().put(HttpHeader.CONTENT_ENCODING, "gzip");
        }
        response.getHeaders().put(HttpHeader.VARY, "Accept-Encoding");
        write(response, callback, 200, content.type(), bytes.toByteArray());
    }

    /** A compression that takes little time. */
    private static final class FastGzip extends GZIPOutputStream {
        FastGzip(OutputStream out) throws IOException {
            super(out, 8192);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }

    private static String encoded(String note) {
        return URLEncoder.encode(note, StandardCharsets.UTF_8);
    }

    /**
     * A stream that ends when its reader has left, or may read no longer. Without this, that would not be noticed while
     * there is no output to write.
     */
    private static final class WatchedStream extends FilterOutputStream {
        /** The time between two questions while output is written, in nanoseconds. */
        private static final long EACH = 500_000_000;

        private final BooleanSupplier ended;
        private long asked = System.nanoTime();

        WatchedStream(OutputStream out, BooleanSupplier ended) {
            super(out);
            this.ended = ended;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (System.nanoTime() - asked >= EACH) {
                requireReader();
            }
            out.write(bytes, offset, length);
        }

        @Override
        public void flush() throws IOException {
            requireReader();
            out.flush();
        }

        private void requireReader() throws IOException {
            asked = System.nanoTime();
            if (ended.getAsBoolean()) {
                throw new EofException("the reader has disconnected, or may read no longer");
            }
        }
    }

    static void problem(Request request, Response response, Callback callback, Problem problem) {
        exit(response, problem.code());
        if (problem.status() == HttpStatus.UNAUTHORIZED_401) {
            response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, "Bearer");
        } else if (problem.status() == HttpStatus.TOO_MANY_REQUESTS_429) {
            response.getHeaders().put(HttpHeader.RETRY_AFTER, 60);
        } else if (problem.status() == HttpStatus.SERVICE_UNAVAILABLE_503 && problem.code() == ExitCode.REFUSED) {
            response.getHeaders().put(HttpHeader.RETRY_AFTER, 10);
        }
        if (wantsText(request)) {
            byte[] sentence = (Printable.of(problem.detail()) + "\n").getBytes(StandardCharsets.UTF_8);
            write(response, callback, problem.status(), "text/plain; charset=utf-8", sentence);
        } else {
            write(response, callback, problem.status(), "application/problem+json", Json.bytes(problem.document()));
        }
    }

    /** Writes content that is neither a reply nor a problem. */
    static void content(Response response, Callback callback, String type, byte[] body) {
        exit(response, ExitCode.OK);
        write(response, callback, HttpStatus.OK_200, type, body);
    }

    public static void write(Response response, Callback callback, int status, String type, byte[] body) {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
        response.getHeaders().put("X-Content-Type-Options", "nosniff");
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
        response.write(true, ByteBuffer.wrap(body), callback);
    }

    private static void stream(Response response, Callback callback, String type, Reply.BodyWriter body) {
        response.setStatus(200);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
        response.getHeaders().put("X-Content-Type-Options", "nosniff");
        OutputStream out = Content.Sink.asOutputStream(response);
        try {
            body.writeTo(out);
            out.close(); // only now: it marks the answer as complete
        } catch (EofException e) {
            callback.failed(e); // the reader has disconnected
            return;
        } catch (IOException e) {
            fail(response, callback, new UncheckedIOException(e));
            return;
        } catch (RuntimeException e) {
            fail(response, callback, e);
            return;
        }
        callback.succeeded();
    }

    /**
     * Cuts off the answer after a failure to write to the reader or to read the file. If nothing was sent yet, rethrows
     * the failure, so that another answer is sent.
     */
    private static void fail(Response response, Callback callback, RuntimeException e) {
        if (!response.isCommitted()) {
            response.reset();
            throw e;
        }
        callback.failed(e);
    }

    private static void exit(Response response, ExitCode code) {
        response.getHeaders().put(new HttpField(EXIT, Integer.toString(code.number())));
    }

    private static boolean wantsText(Request request) {
        String accept = request.getHeaders().get(HttpHeader.ACCEPT);
        return accept != null && accept.startsWith("text/plain");
    }

    private static String lines(Reply.Document document) {
        return Text.lines(document.ids()).render(Screen.PLAIN);
    }

    private static Screen screen(Fields query) {
        String columns = query.getValue("columns");
        int width = Screen.UNBOUNDED;
        if (columns != null && columns.matches("[0-9]{1,5}")) {
            width = Math.max(20, Integer.parseInt(columns));
        }
        return new Screen(width, flag(query, "color"));
    }

    private static boolean flag(Fields query, String name) {
        return "true".equals(query.getValue(name));
    }
}
