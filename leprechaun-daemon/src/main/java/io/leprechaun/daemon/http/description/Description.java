package io.leprechaun.daemon.http.description;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import tools.jackson.databind.json.JsonMapper;

/** The description of the API in its two forms, each read or made at its first request. */
public final class Description {
    /** The path of the OpenAPI document. */
    public static final String DOCUMENT = "/api/v1/openapi.json";

    /** The path of the page. */
    public static final String PAGE = "/api";

    private Description() {}

    /** The document, read when it is first used. */
    private static final class Document {
        static final byte[] BYTES = read();
    }

    /** The page, made when it is first used. */
    private static final class Page {
        static final byte[] BYTES = new DescriptionPage(JsonMapper.shared().readTree(Document.BYTES))
                .html()
                .getBytes(StandardCharsets.UTF_8);
    }

    /** Returns the content at one of the paths, in UTF-8; not to be changed. */
    public static byte[] at(String path) {
        return path.equals(PAGE) ? Page.BYTES : Document.BYTES;
    }

    /** Returns the media type of the content at one of the paths. */
    public static String type(String path) {
        return path.equals(PAGE) ? "text/html; charset=utf-8" : "application/json";
    }

    private static byte[] read() {
        try (InputStream in = Description.class.getResourceAsStream("openapi.json")) {
            return Objects.requireNonNull(in, "openapi.json").readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
