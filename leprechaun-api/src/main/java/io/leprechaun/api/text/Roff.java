package io.leprechaun.api.text;

import java.util.Locale;

/** A writer of a manual page in the language of {@code man(7)}. Not thread-safe. */
public final class Roff {
    private final StringBuilder page = new StringBuilder();

    /**
     * Creates a page.
     *
     * @param section the section of the manual, 1 to 8
     * @param what the page's subject: one line without a full stop
     */
    public Roff(String name, int section, String version, String what) {
        page.append(".TH ")
                .append(name.toUpperCase(Locale.ROOT))
                .append(' ')
                .append(section)
                .append(" \"\" \"Leprechaun ")
                .append(version)
                .append("\" \"Leprechaun\"\n.nh\n");
        section("Name").text(name + " - " + what);
    }

    /** Adds a heading. */
    public Roff section(String title) {
        page.append(".SH ").append(escape(title.toUpperCase(Locale.ROOT))).append('\n');
        return this;
    }

    /** Adds a heading below a section's. */
    public Roff subsection(String title) {
        page.append(".SS ").append(escape(title)).append('\n');
        return this;
    }

    /** Adds a paragraph. Text between backquotes is typed literally. */
    public Roff text(String text) {
        page.append(".PP\n").append(inline(text)).append('\n');
        return this;
    }

    /** Adds a term and its meaning. */
    public Roff item(String term, String meaning) {
        page.append(".TP\n.B ")
                .append(escape(term))
                .append('\n')
                .append(inline(meaning))
                .append('\n');
        return this;
    }

    /** Adds lines as they are. */
    public Roff example(String lines) {
        page.append(".PP\n.RS 4\n.nf\n");
        lines.lines().forEach(line -> page.append(escape(line)).append('\n'));
        page.append(".fi\n.RE\n");
        return this;
    }

    /** Returns the whole page. */
    @Override
    public String toString() {
        return page.toString();
    }

    private static String inline(String text) {
        var out = new StringBuilder();
        boolean typed = false;
        for (String part : text.split("`", -1)) {
            out.append(typed && !part.isEmpty() ? "\\fB" + characters(part) + "\\fP" : characters(part));
            typed = !typed;
        }
        return lineStart(out.toString());
    }

    private static String escape(String text) {
        return lineStart(characters(text));
    }

    private static String characters(String text) {
        return text.replace("\\", "\\e")
                .replace("-", "\\-")
                .replace("'", "\\(aq")
                .replace("^", "\\(ha")
                .replace("~", "\\(ti")
                .replace("…", "...")
                .replace("–", "\\(en");
    }

    /** Returns the text so that its line does not begin as a request does. */
    private static String lineStart(String text) {
        return text.startsWith(".") ? "\\&" + text : text;
    }
}
