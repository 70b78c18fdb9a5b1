package io.leprechaun.daemon.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/** The JSON form of documents. */
public final class Json {
    private static final ObjectMapper MAPPER = JsonMapper.builder().build();
    private static final ObjectWriter WRITER = MAPPER.writer()
            .without(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .without(StreamWriteFeature.FLUSH_PASSED_TO_STREAM);

    private Json() {}

    /** Returns the document in UTF-8, on one line. */
    public static byte[] bytes(Map<String, ?> document) {
        return (MAPPER.writeValueAsString(document) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** Writes the same while the document is produced; the stream stays open. */
    public static void write(OutputStream out, Map<String, ?> document) throws IOException {
        WRITER.writeValue(out, document);
        out.write('\n');
    }
}
