package io.leprechaun.cli.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** The parser of an answer's status line and headers. */
final class ResponseHead {
    private static final int LINE_LIMIT = 8 * 1024;
    private static final int LINES_LIMIT = 200;

    private ResponseHead() {}

    /**
     * Reads status and headers, skips interim answers (1xx), and determines the body's framing.
     *
     * @throws BrokenAnswerException when the connection ends before the body begins, or the answer is not HTTP
     */
    static Response read(Wire wire) throws IOException {
        int status;
        Map<String, String> headers;
        do {
            status = status(line(wire));
            headers = headers(wire);
        } while (status < 200);
        return new Response(status, headers, body(wire, status, headers));
    }

    /** Returns the next line without its line end. */
    static String line(Wire wire) throws IOException {
        var line = new StringBuilder();
        for (int next = wire.read(); next != '\n'; next = wire.read()) {
            if (next < 0) {
                throw new BrokenAnswerException(
                        line.isEmpty()
                                ? "the connection ended before the answer"
                                : "the connection ended within the answer");
            }
            if (line.length() == LINE_LIMIT) {
                throw new BrokenAnswerException("invalid HTTP: a line does not end");
            }
            line.append((char) next);
        }
        if (!line.isEmpty() && line.charAt(line.length() - 1) == '\r') {
            line.setLength(line.length() - 1);
        }
        return line.toString();
    }

    private static int status(String line) throws IOException {
        if (!line.matches("HTTP/1\\.[01] [1-5][0-9]{2}( .*)?")) {
            throw new BrokenAnswerException("invalid HTTP");
        }
        return Integer.parseInt(line.substring(9, 12));
    }

    static Map<String, String> headers(Wire wire) throws IOException {
        var headers = new HashMap<String, String>();
        for (int i = 0; i < LINES_LIMIT; i++) {
            String line = line(wire);
            if (line.isEmpty()) {
                return headers;
            }
            int colon = line.indexOf(':');
            if (colon < 1) {
                throw new BrokenAnswerException("invalid HTTP: a header without a name");
            }
            byte[] value = line.substring(colon + 1).strip().getBytes(StandardCharsets.ISO_8859_1);
            headers.put(line.substring(0, colon).toLowerCase(Locale.ROOT), new String(value, StandardCharsets.UTF_8));
        }
        throw new BrokenAnswerException("invalid HTTP: the headers do not end");
    }

    private static ResponseBody body(Wire wire, int status, Map<String, String> headers) throws IOException {
        if (headers.getOrDefault("transfer-encoding", "")
                .toLowerCase(Locale.ROOT)
                .contains("chunked")) {
            return ResponseBody.chunked(wire);
        }
        if (status == 204 || status == 304) {
            return ResponseBody.ofLength(wire, 0);
        }
        String length = headers.get("content-length");
        if (length == null) {
            return ResponseBody.untilClose(wire);
        }
        if (!length.matches("[0-9]{1,18}")) {
            throw new BrokenAnswerException("invalid HTTP: the length is not a number");
        }
        return ResponseBody.ofLength(wire, Long.parseLong(length));
    }
}
