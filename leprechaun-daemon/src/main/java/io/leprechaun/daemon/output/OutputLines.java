package io.leprechaun.daemon.output;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The lines of a step's output, each whole at any length. A line ends at a line feed, at a carriage return (as on a
 * terminal), or at both together. It also ends where the middle of the output was not kept. For one thread.
 */
public final class OutputLines {
    private static final int BUFFER = 64 * 1024;
    /** The longest line that is held in memory, in bytes; a longer one stays in the file. */
    private static final int HELD = 64 * 1024;

    private final OutputText text;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER).limit(0);
    private final ByteArrayOutputStream held = new ByteArrayOutputStream();
    /** The offset of the byte after the buffer's last one. */
    private long offset;

    private long begin;
    private boolean afterReturn;
    private boolean ended;

    public OutputLines(OutputText text) {
        this.text = text;
    }

    /**
     * Returns the next line, without its end; empty: there are no more lines. After the last line end there is one more
     * line, which may be empty.
     */
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

    /** Returns the line that ends before an offset; the next line begins at another. */
    private CharSequence line(long end, long next) {
        var line = end - begin <= HELD ? held.toString(StandardCharsets.UTF_8) : new LongLine(text, begin, end);
        held.reset();
        begin = next;
        return line;
    }
}
