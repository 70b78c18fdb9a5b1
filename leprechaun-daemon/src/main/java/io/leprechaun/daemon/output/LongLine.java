package io.leprechaun.daemon.output;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A line that stays in its file, with only the block that is read held in memory. Its methods throw
 * {@link UncheckedIOException} when the file cannot be read. For one thread that reads it in order.
 */
final class LongLine implements CharSequence {
    private static final int BLOCK = 64 * 1024;
    private static final int LONGEST_CHARACTER = 4;

    private final OutputText text;
    private final ByteBuffer buffer = ByteBuffer.allocate(BLOCK);
    /** The offset of each block in the file, and the end of the last one. */
    private final long[] offsets;
    /** The number of characters before each block, and in all. */
    private final int[] counts;

    private int current;
    private String characters;

    /** Creates the line between two offsets, at most 2 GiB. */
    LongLine(OutputText text, long begin, long end) {
        this.text = text;
        var starts = new long[2];
        var before = new int[2];
        int blocks = 0;
        starts[0] = begin;
        while (starts[blocks] < end) {
            if (blocks + 1 == starts.length) {
                starts = Arrays.copyOf(starts, 2 * starts.length);
                before = Arrays.copyOf(before, starts.length);
            }
            String block = read(starts[blocks], end);
            before[blocks + 1] = Math.addExact(before[blocks], block.length());
            starts[blocks + 1] = starts[blocks] + buffer.limit();
            blocks++;
        }
        this.offsets = Arrays.copyOf(starts, blocks + 1);
        this.counts = Arrays.copyOf(before, blocks + 1);
        this.characters = read(begin, offsets[1]);
    }

    /** Reads a block, which ends with a whole character, and leaves its bytes in the buffer. */
    private String read(long from, long end) {
        try {
            if (!(text.read(from, buffer) instanceof OutputText.Piece.Chunk)) {
                throw new EOFException("the output changed while it was compared");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        int length = (int) Math.min(buffer.limit(), end - from);
        buffer.limit(from + length < end ? whole(length) : length);
        return StandardCharsets.UTF_8.decode(buffer.duplicate()).toString();
    }

    /**
     * Returns the length of the longest beginning that ends with a whole character, if the bytes are characters (RFC
     * 3629).
     */
    private int whole(int length) {
        int last = length - 1;
        while (last > 0 && last > length - LONGEST_CHARACTER && (buffer.get(last) & 0xC0) == 0x80) {
            last--;
        }
        return last > 0 && (buffer.get(last) & 0xC0) == 0xC0 ? last : length;
    }

    @Override
    public int length() {
        return counts[counts.length - 1];
    }

    @Override
    public char charAt(int index) {
        if (index < counts[current] || index >= counts[current + 1]) {
            int found = Arrays.binarySearch(counts, index);
            current = found < 0 ? -found - 2 : found;
            characters = read(offsets[current], offsets[current + 1]);
        }
        return characters.charAt(index - counts[current]);
    }

    /** Returns a part as a string of its own: for short parts. */
    @Override
    public CharSequence subSequence(int start, int end) {
        var part = new StringBuilder(end - start);
        for (int i = start; i < end; i++) {
            part.append(charAt(i));
        }
        return part.toString();
    }

    @Override
    public String toString() {
        return subSequence(0, length()).toString();
    }
}
