package io.leprechaun.daemon.notify;

import io.leprechaun.api.text.Printable;
import io.leprechaun.api.text.Width;
import io.leprechaun.daemon.output.OutputText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The first and the last lines that a step printed, each as a terminal would leave it: after the last carriage return,
 * without colours, tabs as spaces.
 *
 * @param lines the lines; none: the step printed nothing that can be seen
 * @param whole whether these are all lines
 */
public record OutputExcerpt(List<String> lines, boolean whole) {
    /** The line that stands for those between the first and the last. */
    public static final String GAP = "[...]";

    private static final int HEAD_BYTES = 4 * 1024;
    private static final int TAIL_BYTES = 16 * 1024;
    private static final int HEAD_LINES = 10;
    private static final int TAIL_LINES = 40;
    private static final int WIDEST = 400;
    private static final Pattern COLOUR = Pattern.compile("\u001b\\[[0-9;:]*m");
    private static final OutputExcerpt NOTHING = new OutputExcerpt(List.of(), true);

    public OutputExcerpt {
        lines = List.copyOf(lines);
    }

    /** Returns the excerpt of the file of a step's output, which may be empty or missing. */
    public static OutputExcerpt of(Path file) {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return NOTHING;
        }
        try (var text = OutputText.open(file)) {
            long size = text.size();
            Stretch tail = read(text, Math.max(0, size - TAIL_BYTES), size);
            if (tail.from() == 0) {
                return ofWhole(tail.text());
            }
            return ofParts(read(text, 0, HEAD_BYTES).text(), tail.text());
        } catch (IOException e) {
            return new OutputExcerpt(List.of("(cannot read the file " + Printable.of(file.toString()) + ")"), true);
        }
    }

    /** The text that was read, and its offset in the output. */
    private record Stretch(long from, String text) {}

    /** Reads a range of the output, of which the last stretch without a hole is returned. */
    private static Stretch read(OutputText text, long begin, long end) throws IOException {
        var kept = new ByteArrayOutputStream();
        var buffer = ByteBuffer.allocate(TAIL_BYTES);
        long from = begin;
        long offset = begin;
        while (offset < end) {
            switch (text.read(offset, buffer)) {
                case OutputText.Piece.Chunk piece -> {
                    int length = (int) Math.min(piece.length(), end - offset);
                    kept.write(buffer.array(), 0, length);
                    offset += length;
                }
                case OutputText.Piece.Hole hole -> {
                    kept.reset();
                    from = hole.to();
                    offset = hole.to();
                }
                case OutputText.Piece.NotYet() -> offset = end;
            }
        }
        return new Stretch(from, kept.toString(StandardCharsets.UTF_8));
    }

    private static OutputExcerpt ofWhole(String text) {
        if (text.isBlank()) {
            return NOTHING;
        }
        List<String> lines = lines(text);
        if (lines.size() <= HEAD_LINES + TAIL_LINES) {
            return new OutputExcerpt(lines.stream().map(OutputExcerpt::shown).toList(), true);
        }
        return joined(lines.subList(0, HEAD_LINES), lines);
    }

    /**
     * Returns the lines of two parts. The line at which a part was cut is incomplete: it is left out, unless the part
     * has no other.
     */
    private static OutputExcerpt ofParts(String head, String tail) {
        List<String> first = lines(head);
        List<String> last = lines(tail);
        return joined(
                first.size() > 1 ? first.subList(0, Math.min(HEAD_LINES, first.size() - 1)) : first,
                last.size() > 1 ? last.subList(1, last.size()) : last);
    }

    private static OutputExcerpt joined(List<String> first, List<String> last) {
        var lines = new ArrayList<String>();
        first.stream().map(line -> Width.cut(shown(line), WIDEST)).forEach(lines::add);
        lines.add(GAP);
        last.subList(Math.max(0, last.size() - TAIL_LINES), last.size()).stream()
                .map(OutputExcerpt::shown)
                .forEach(lines::add);
        return new OutputExcerpt(lines, false);
    }

    private static List<String> lines(String text) {
        return Stream.of(text.stripTrailing().split("\n", -1)).toList();
    }

    private static String shown(String line) {
        String plain = COLOUR.matcher(line.stripTrailing()).replaceAll("");
        return Printable.of(plain.substring(plain.lastIndexOf('\r') + 1).replace("\t", "    "));
    }
}
