package io.leprechaun.daemon.offline;

import io.leprechaun.api.text.Printable;
import io.leprechaun.api.text.Screen;
import io.leprechaun.api.text.Style;
import io.leprechaun.api.text.Width;
import io.leprechaun.daemon.secret.Secret;
import io.leprechaun.daemon.yaml.Problem;
import io.leprechaun.daemon.yaml.YamlText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The line of a file with a problem, and a caret under the spot. Caches the files that it has read. Not thread-safe.
 */
final class Excerpt {
    /** The number of characters of a long line that are shown on each side of the spot. */
    private static final int AROUND = 60;

    private final Map<Path, List<String>> files = new HashMap<>();
    private final Screen screen;

    Excerpt(Screen screen) {
        this.screen = screen;
    }

    /**
     * Returns two lines; empty where the problem concerns the whole file, the line does not exist, or it may contain a
     * secret.
     */
    String of(Problem problem) {
        if (problem.line() == 1 && problem.column() == 1) {
            return ""; // the whole file, which may have any content
        }
        List<String> lines = files.computeIfAbsent(problem.file(), Excerpt::lines);
        if (problem.line() > lines.size() || Secret.mayStandIn(lines.get(problem.line() - 1))) {
            return "";
        }
        int[] line =
                lines.get(problem.line() - 1).replace('\t', ' ').codePoints().toArray();
        int spot = Math.min(problem.column() - 1, line.length);
        int first = Math.max(0, spot - AROUND);
        String before = text(line, first, spot);
        String after = text(line, spot, Math.min(line.length, spot + AROUND));
        String number = Integer.toString(problem.line());
        Style style = problem.isError() ? Style.BAD : Style.WARN;
        return "  " + number + " | " + before + after + "\n" + "  " + " ".repeat(number.length()) + " | "
                + " ".repeat(Width.of(before)) + style.paint("^", screen) + "\n";
    }

    private static String text(int[] line, int from, int to) {
        return Printable.of(new String(line, from, to - from));
    }

    private static List<String> lines(Path file) {
        if (!Files.isRegularFile(file)) {
            return List.of();
        }
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(YamlText.LARGEST), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } catch (IOException e) {
            return List.of(); // the problem itself reports it
        }
    }
}
