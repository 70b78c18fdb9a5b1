package io.leprechaun.daemon.output;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The times at which a step printed, from the file {@code ATTEMPT-STEP.times} beside its output. Output from an offset
 * on came at the time of the offset, or up to a second later. After hours of output it is several seconds. Immutable.
 *
 * @param pairs the times and their offsets, by offset
 */
public record OutputTimes(List<Pair> pairs) {
    /** The size of a pair in the file, in bytes: milliseconds since 1970 and an offset, both with 64 bits. */
    static final int PAIR = 2 * Long.BYTES;

    private static final OutputTimes NONE = new OutputTimes(List.of());

    public OutputTimes {
        pairs = List.copyOf(pairs);
    }

    /** A time, and the offset of what was printed then. */
    public record Pair(Instant at, long offset) {}

    /** Returns the file with the times of an output. */
    static Path file(Path output) {
        String name = String.valueOf(output.getFileName());
        return output.resolveSibling(name.substring(0, name.length() - OutputFolder.SUFFIX.length()) + ".times");
    }

    /** Reads the times of an output; none where the step ended in its first second, or the file cannot be read. */
    public static OutputTimes of(Path output) {
        try {
            return read(file(output));
        } catch (IOException e) {
            return NONE;
        }
    }

    /** Returns these times, or those of an output's file where its size differs. */
    public OutputTimes orNewer(Path output) {
        return file(output).toFile().length() / PAIR == pairs.size() ? this : of(output);
    }

    /** Reads a file; a part of a pair at its end is ignored. */
    static OutputTimes read(Path file) throws IOException {
        try {
            var bytes = ByteBuffer.wrap(Files.readAllBytes(file));
            var pairs = new ArrayList<Pair>(bytes.capacity() / PAIR);
            while (bytes.remaining() >= PAIR) {
                pairs.add(new Pair(Instant.ofEpochMilli(bytes.getLong()), bytes.getLong()));
            }
            return new OutputTimes(pairs);
        } catch (NoSuchFileException e) {
            return NONE;
        }
    }

    /** Returns the bytes of the file with these times. */
    byte[] bytes() {
        var bytes = ByteBuffer.allocate(pairs.size() * PAIR);
        for (Pair pair : pairs) {
            bytes.putLong(pair.at().toEpochMilli()).putLong(pair.offset());
        }
        return bytes.array();
    }

    /** Returns the pairs without those that came within a span after the pair before. The first one stays. */
    OutputTimes thinned(Duration span) {
        var kept = new ArrayList<Pair>();
        for (Pair pair : pairs) {
            if (kept.isEmpty()
                    || Duration.between(kept.getLast().at(), pair.at()).abs().compareTo(span) >= 0) {
                kept.add(pair);
            }
        }
        return new OutputTimes(kept);
    }

    /** Returns the first pairs. */
    OutputTimes first(int count) {
        return new OutputTimes(pairs.subList(0, Math.min(count, pairs.size())));
    }

    /** Returns these times and later ones. */
    OutputTimes and(List<Pair> later) {
        var all = new ArrayList<>(pairs);
        all.addAll(later);
        return new OutputTimes(all);
    }

    /** Returns the time at which the byte at an offset was printed; empty: not known. */
    public Optional<Instant> at(long offset) {
        int low = 0;
        int high = pairs.size();
        while (low < high) { // the number of pairs at or before the offset
            int middle = (low + high) >>> 1;
            if (pairs.get(middle).offset() <= offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low == 0 ? Optional.empty() : Optional.of(pairs.get(low - 1).at());
    }
}
