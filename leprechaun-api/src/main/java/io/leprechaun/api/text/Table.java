package io.leprechaun.api.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Rows under a header, fitted to the screen. Where they are too wide, the columns give way in the order of their
 * {@linkplain Column#shrink() priority}: to their least width, and then those that may be left out. Cells are shown
 * printable, so that no name or output drives the terminal. Immutable.
 *
 * @param columns the columns, at least one that is never left out
 * @param rows the rows, each as long as {@code columns}; they are iterated more than once, and need not be in memory
 *     together
 * @param empty the sentence shown instead of a table without rows, without a full stop
 */
public record Table(List<Column> columns, Iterable<? extends List<Cell>> rows, String empty) implements Text {
    private static final int GAP = 2;

    /** The width in cells below which no column shrinks as long as another column can shrink. */
    private static final int NARROW = 8;

    /** The width of a column that is left out, and the number of no column. */
    private static final int HIDDEN = -1;

    public Table {
        columns = List.copyOf(columns);
    }

    /** The form of a cell that is too long for its column. */
    public enum Overflow {
        /** Its beginning and {@code …}. */
        CUT,
        /** A {@code …} and its end. */
        CUT_START,
        /** Several lines. */
        WRAP
    }

    /**
     * A column.
     *
     * @param title the title as in running text; the header shows it in upper case
     * @param right whether its cells are aligned to the right, as numbers are
     * @param shrink the order of shrinking on a narrow screen: columns with the highest number first, and of these the
     *     widest first; 0: only when nothing else is left
     * @param least the width in cells to which it shrinks, unless nothing else is left
     * @param overflow the form of cells that are too long
     * @param optional whether it is left out where the others do not fit with their least widths; the highest
     *     {@code shrink} first
     */
    public record Column(String title, boolean right, int shrink, int least, Overflow overflow, boolean optional) {
        /** Returns a column of text that is kept whole as long as possible. */
        public static Column left(String title) {
            return new Column(title, false, 0, NARROW, Overflow.CUT, false);
        }

        /** Returns a column of numbers, kept whole as long as possible. */
        public static Column right(String title) {
            return new Column(title, true, 0, NARROW, Overflow.CUT, false);
        }

        /** Returns a column of text that shrinks first. */
        public static Column shrinking(String title) {
            return left(title).shrinking(1, NARROW);
        }

        /** Returns this column with another place in the order of shrinking, and the width to which it shrinks. */
        public Column shrinking(int order, int width) {
            return new Column(title, right, order, width, overflow, optional);
        }

        /** Returns this column with long cells on several lines. */
        public Column wrapping() {
            return new Column(title, right, shrink, least, Overflow.WRAP, optional);
        }

        /** Returns this column with the ends of long cells. */
        public Column keepingEnds() {
            return new Column(title, right, shrink, least, Overflow.CUT_START, optional);
        }

        /** Returns this column, left out on a narrow screen. If it does not shrink, it is whole or left out. */
        public Column optional(int order) {
            return new Column(title, right, order, shrink == 0 ? Integer.MAX_VALUE : least, overflow, true);
        }

        private List<String> lines(String text, int width) {
            return switch (overflow) {
                case CUT -> List.of(Width.cut(text, width));
                case CUT_START -> List.of(Width.cutStart(text, width));
                case WRAP -> Width.wrap(text, width);
            };
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
        int[] natural = new int[columns.size()];
        widen(natural, header);
        rows.forEach(row -> widen(natural, printable(row)));
        int[] widths = fit(natural, screen.columns());
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

    /** Renders a row of one or more lines. */
    private void render(List<Cell> row, int[] widths, Screen screen, StringBuilder out) {
        var cells = new ArrayList<List<String>>();
        int height = 1;
        for (int i = 0; i < widths.length; i++) {
            List<String> lines = widths[i] == HIDDEN
                    ? List.of()
                    : columns.get(i).lines(row.get(i).text(), widths[i]);
            cells.add(lines);
            height = Math.max(height, lines.size());
        }
        for (int line = 0; line < height; line++) {
            render(row, cells, line, widths, screen, out);
        }
    }

    private void render(
            List<Cell> row, List<List<String>> cells, int line, int[] widths, Screen screen, StringBuilder out) {
        // Padding is deferred until text follows it, so that no line ends in blanks.
        int owed = 0;
        for (int i = 0; i < widths.length; i++) {
            if (widths[i] == HIDDEN) {
                continue;
            }
            String text = line < cells.get(i).size() ? cells.get(i).get(line) : "";
            int padding = widths[i] - Width.of(text);
            if (columns.get(i).right()) {
                owed += padding;
            }
            if (!text.isEmpty()) {
                out.repeat(' ', owed).append(row.get(i).style().paint(text, screen));
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
     * Returns widths with which the table fits. Columns shrink to their least widths; if that is too wide, one more is
     * left out, and the others begin again. In the end all shrink, down to one cell.
     */
    private int[] fit(int[] natural, int limit) {
        int[] visible = natural.clone();
        while (true) {
            int[] widths = visible.clone();
            int excess = Math.clamp(total(widths) - limit, 0, Integer.MAX_VALUE);
            for (int level = highest(); level > 0 && excess > 0; level--) {
                excess = shrink(widths, level, 0, excess);
            }
            int next = excess > 0 ? leastImportant(visible) : HIDDEN;
            if (next == HIDDEN) {
                for (int level = highest(); level >= 0 && excess > 0; level--) {
                    excess = shrink(widths, level, NARROW, excess);
                }
                shrink(widths, 0, 1, excess);
                return widths;
            }
            visible[next] = HIDDEN;
        }
    }

    private int highest() {
        return columns.stream().mapToInt(Column::shrink).max().orElse(0);
    }

    private static long total(int[] widths) {
        long total = -GAP;
        for (int width : widths) {
            total += width == HIDDEN ? 0 : (long) GAP + width;
        }
        return total;
    }

    /** Returns the next column to leave out; {@link #HIDDEN} for none. */
    private int leastImportant(int[] widths) {
        int found = HIDDEN;
        for (int i = 0; i < widths.length; i++) {
            if (widths[i] != HIDDEN
                    && columns.get(i).optional()
                    && (found == HIDDEN
                            || columns.get(i).shrink() >= columns.get(found).shrink())) {
                found = i;
            }
        }
        return found;
    }

    /**
     * Narrows the widest column of at least this level repeatedly.
     *
     * @param least the width to which they shrink; 0: the least width of each
     * @return the excess that is left
     */
    private int shrink(int[] widths, int level, int least, int excess) {
        int left = excess;
        while (left > 0) {
            int widest = HIDDEN;
            for (int i = 0; i < widths.length; i++) {
                Column column = columns.get(i);
                if (column.shrink() >= level
                        && widths[i] > (least == 0 ? column.least() : least)
                        && (widest == HIDDEN || widths[i] > widths[widest])) {
                    widest = i;
                }
            }
            if (widest == HIDDEN) {
                return left;
            }
            widths[widest]--;
            left--;
        }
        return 0;
    }
}
