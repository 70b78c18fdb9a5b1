package io.leprechaun.daemon.output;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What a step printed, line by line, each whole however long it is. A line ends at a line feed, at a carriage return as a terminal would go back to its beginning, at both together, or where the
 * middle of the output was not kept. For one thread.
 */
public final class OutputLines {
    private static final int BUFFER = 64 * 1024;
    /** A longer line stays in the file. */
    private static final int HELD = 64 * 1024;

    private final OutputText text;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER).limit(0);
    private final ByteArrayOutputStream held = new ByteArrayOutputStream();
    /** Of the byte after the buffer's last one. */
    private long offset;

    private long begin;
    private boolean afterReturn;
    private boolean ended;

    public OutputLines(OutputText text) {
        this.text = text;
    }

    /** The next line, without what ends it; behind the last end of a line there is one more, which may be empty. Empty: that was the last one. */
    public Optional<CharSequence> next() throws IOException {
        while (!ended) {
            if (!buffer.hasRemaining()) {
                switch (text.read(offset, buffer)) {
                    case OutputText.Piece.Chunk piece -> offset += piece.length();
                    case OutputText.Piece.Hole hole -> {
                        buffer.limit(0);
                        var line = line(offset, hole.to());
                        offset = hole.to();
                        return Optional.of(line);
                    }
                    case OutputText.Piece.NotYet() -> {
                        buffer.limit(0);
                        ended = true;
                        return Optional.of(line(offset, offset));
                    }
                }
            }
            Optional<CharSequence> line = feed();
            if (line.isPresent()) {
                return line;
            }
        }
        return Optional.empty();
    }

    private Optional<CharSequence> feed() {
        while (buffer.hasRemaining()) {
            byte b = buffer.get();
            boolean secondHalf = afterReturn && b == '\n';
            afterReturn = b == '\r';
            long after = offset - buffer.remaining();
            if (secondHalf) {
                begin = after;
            } else if (b == '\n' || b == '\r') {
                return Optional.of(line(after - 1, after));
            } else if (held.size() < HELD) {
                held.write(b);
            }
        }
        return Optional.empty();
    }

    /** Ends the line before an offset; the next one begins at another. */
    private CharSequence line(long end, long next) {
        var line = end - begin <= HELD ? held.toString(StandardCharsets.UTF_8) : new LongLine(text, begin, end);
        held.reset();
        begin = next;
        return line;
    }
}
