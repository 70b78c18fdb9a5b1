package io.leprechaun.cli.client;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/** The body of an answer: of a known length, in chunks, or until the connection ends. It is not kept in memory. */
final class ResponseBody extends InputStream {
    private enum Framing {
        LENGTH,
        CHUNKS,
        CLOSE
    }

    private final Wire wire;
    private final Framing framing;

    /** The rest of the body or of the chunk, in bytes; -1 after the last chunk. */
    private long left;

    private boolean firstChunk = true;
    private Map<String, String> trailers = Map.of();

    private ResponseBody(Wire wire, Framing framing, long left) {
        this.wire = wire;
        this.framing = framing;
        this.left = left;
    }

    /** Returns a body of a given length in bytes. */
    static ResponseBody ofLength(Wire wire, long length) {
        return new ResponseBody(wire, Framing.LENGTH, length);
    }

    /** Returns a body in chunks. */
    static ResponseBody chunked(Wire wire) {
        return new ResponseBody(wire, Framing.CHUNKS, 0);
    }

    /** Returns a body that ends with the connection. */
    static ResponseBody untilClose(Wire wire) {
        return new ResponseBody(wire, Framing.CLOSE, Long.MAX_VALUE);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (framing == Framing.CHUNKS && left == 0) {
            nextChunk();
        }
        if (left <= 0) {
            return -1;
        }
        int count = wire.read(target, offset, (int) Math.min(length, left));
        if (framing == Framing.CLOSE) {
            return count;
        }
        if (count < 0) {
            throw new BrokenAnswerException("the connection ended within the answer");
        }
        left -= count;
        return count;
    }

    /** Returns the trailers after the last chunk, by names in lower case. */
    Map<String, String> trailers() {
        return trailers;
    }

    private void nextChunk() throws IOException {
        if (!firstChunk && !ResponseHead.line(wire).isEmpty()) {
            throw new BrokenAnswerException("invalid HTTP: a chunk is longer than its stated length");
        }
        firstChunk = false;
        String line = ResponseHead.line(wire);
        int extension = line.indexOf(';');
        String size = (extension < 0 ? line : line.substring(0, extension)).strip();
        if (!size.matches("[0-9a-fA-F]{1,15}")) {
            throw new BrokenAnswerException("invalid HTTP: a chunk without a length");
        }
        left = Long.parseLong(size, 16);
        if (left == 0) {
            left = -1;
            trailers = ResponseHead.headers(wire);
        }
    }

    @Override
    public void close() throws IOException {
        wire.close();
    }
}
