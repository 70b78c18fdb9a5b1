package io.leprechaun.api.text;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Rows under a header, fitted to the screen: where they are too wide, cells end in {@code …}. Cells are shown
 * printable, so that no name or output drives the terminal. Immutable.
 *
 * @param columns the columns, at least one
 * @param rows the rows, each as long as {@code columns}; they are iterated more than once, and need not be in memory
 *     together
 * @param empty the sentence shown instead of a table without rows, without a full stop
 */
public record Table(List<Column> columns, Iterable<? extends List<Cell>> rows, String empty) implements Text {
    private static final int GAP = 2;

    /** The width in cells below which no column shrinks as long as another column can shrink. */
    private static final int NARROW = 8;

    public Table {
        columns = List.copyOf(columns);
    }

    /**
     * A column.
     *
     * @param title the title as in running text; the header shows it in upper case
     * @param right whether its cells are aligned to the right, as numbers are
     * @param shrink the order of shrinking on a narrow screen: columns with the highest number first, and of these the
     *     widest first; 0: only when nothing else is left
     */
    public record Column(String title, boolean right, int shrink) {
        /** Returns a column of text that is kept whole as long as possible. */
        public static Column left(String title) {
            return new Column(title, false, 0);
        }

        /** Returns a column of numbers, kept whole as long as possible. */
        public static Column right(String title) {
            return new Column(title, true, 0);
        }

        /** Returns a column of text that shrinks first. */
        public static Column shrinking(String title) {
            return new Column(title, false, 1);
        }
    }

    /** A cell of a row. */
    public record Cell(String text, Style style) {
        /** An absent value. */
        public static final Cell NONE = of("-", Style.DIM);

        /** Returns a plain cell. */
        public static Cell of(String text) {
            return new Cell(text, Style.PLAIN);
        }

        /** Returns a cell with a number. */
        public static Cell of(long number) {
            return of(Long.toString(number));
        }

        /** Returns a cell with a style. */
        public static Cell of(String text, Style style) {
            return new Cell(text, style);
        }
    }

    @Override
    public String render(Screen screen) {
        if (!rows.iterator().hasNext()) {
            return Text.line(empty).render(screen);
        }
        List<Cell> header = columns.stream()
                .map(column -> Cell.of(column.title().toUpperCase(Locale.ROOT)))
                .toList();
        int[] widths = new int[columns.size()];
        widen(widths, header);
        rows.forEach(row -> widen(widths, printable(row)));
        fit(widths, screen.columns());
        var out = new StringBuilder();
        render(header, widths, screen, out);
        rows.forEach(row -> render(printable(row), widths, screen, out));
        return out.toString();
    }

    private List<Cell> printable(List<Cell> row) {
        if (row.size() != columns.size()) {
            throw new IllegalArgumentException(
                    "a row of " + row.size() + " cells under " + columns.size() + " columns");
        }
        return row.stream()
                .map(cell -> new Cell(Printable.of(cell.text()), cell.style()))
                .toList();
    }

    private void render(List<Cell> line, int[] widths, Screen screen, StringBuilder out) {
        // Padding is deferred until text follows it, so that no line ends in blanks.
        int owed = 0;
        for (int i = 0; i < widths.length; i++) {
            String text = Width.cut(line.get(i).text(), widths[i]);
            int padding = widths[i] - Width.of(text);
            if (columns.get(i).right()) {
                owed += padding;
            }
            if (!text.isEmpty()) {
                out.repeat(' ', owed).append(line.get(i).style().paint(text, screen));
                owed = 0;
            }
            owed += GAP + (columns.get(i).right() ? 0 : padding);
        }
        out.append('\n');
    }

    private static void widen(int[] widths, List<Cell> line) {
        for (int i = 0; i < widths.length; i++) {
            widths[i] = Math.max(widths[i], Width.of(line.get(i).text()));
        }
    }

    /**
     * Narrows columns until the table fits: first those that shrink readily, then all, then down to a width of one cell
     * a column.
     */
    private void fit(int[] widths, int limit) {
        int excess = Math.clamp(
                Arrays.stream(widths).asLongStream().sum() + (long) GAP * (widths.length - 1) - limit,
                0,
                Integer.MAX_VALUE);
        int readiest = columns.stream().mapToInt(Column::shrink).max().orElse(0);
        for (int level = readiest; level > 0 && excess > 0; level--) {
            excess = shrink(widths, level, NARROW, excess);
        }
        excess = shrink(widths, 0, NARROW, excess);
        shrink(widths, 0, 1, excess);
    }

    /** Narrows the widest column of at least this level repeatedly; returns the excess that is left. */
    private int shrink(int[] widths, int level, int least, int excess) {
        int left = excess;
        while (left > 0) {
            int widest = -1;
            for (int i = 0; i < widths.length; i++) {
                if (columns.get(i).shrink() >= level
                        && widths[i] > least
                        && (widest < 0 || widths[i] > widths[widest])) {
                    widest = i;
                }
            }
            if (widest < 0) {
                return left;
            }
            widths[widest]--;
            left--;
        }
        return 0;
    }
}
