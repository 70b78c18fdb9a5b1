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

/** The line of a file that a problem is in, and a caret under the spot. Remembers the files it has read; not thread-safe. */
final class Excerpt {
    /** So much of a long line is shown on each side of the spot, in characters. */
    private static final int AROUND = 60;

    private final Map<Path, List<String>> files = new HashMap<>();
    private final Screen screen;

    Excerpt(Screen screen) {
        this.screen = screen;
    }

    /** Two lines; nothing where the problem is the file's as a whole, or the line is not there, or a secret may stand in it. */
    String of(Problem problem) {
        if (problem.line() == 1 && problem.column() == 1) {
            return ""; // the file as a whole, which may be anything
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
            return List.of(); // the problem has said so
        }
    }
}
