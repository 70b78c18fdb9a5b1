package io.leprechaun.daemon.notify;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The content of a notice, as plain text and as HTML. All texts in it are one printable line each.
 *
 * @param subject the subject, which begins with the host
 * @param headline the first line, a whole sentence
 * @param tone the tone, which decides the colour of the headline
 * @param facts the facts, by name
 * @param blocks the further sentences and lines
 * @param commands the commands to type now, by purpose
 */
public record Message(
        String subject, String headline, Tone tone, List<Detail> facts, List<Block> blocks, List<Detail> commands) {
    /** The tone of a message: bad news, good news or neither. */
    public enum Tone {
        BAD("#b3261e"),
        GOOD("#1a7f37"),
        PLAIN("#24292f");

        private final String colour;

        Tone(String colour) {
            this.colour = colour;
        }
    }

    /** A name and its value. */
    record Detail(String name, String value) {}

    /**
     * A sentence or two, and perhaps lines of a file.
     *
     * @param lines the lines behind the sentences; may be empty
     */
    record Block(String sentence, List<String> lines) {
        Block {
            lines = List.copyOf(lines);
        }
    }

    public Message {
        facts = List.copyOf(facts);
        blocks = List.copyOf(blocks);
        commands = List.copyOf(commands);
    }

    /** Returns lines for a terminal or a mail reader of any age, each ended by a line feed. */
    public String text() {
        var text = new StringBuilder(headline).append("\n\n").append(columns(facts));
        for (Block block : blocks) {
            text.append('\n').append(block.sentence()).append('\n');
            if (!block.lines().isEmpty()) {
                text.append('\n');
                block.lines()
                        .forEach(line ->
                                text.append(("    " + line).stripTrailing()).append('\n'));
            }
        }
        return text.append('\n').append(columns(commands)).toString();
    }

    private static String columns(List<Detail> facts) {
        int width = facts.stream().mapToInt(fact -> fact.name().length()).max().orElse(0) + 2;
        return facts.stream()
                .map(fact -> (fact.name() + ":" + " ".repeat(width - fact.name().length() - 1) + fact.value()) + "\n")
                .collect(Collectors.joining());
    }

    /** Returns the same as a page that loads nothing and runs nothing. */
    public String html() {
        var html = new StringBuilder("""
            <!DOCTYPE html>
            <html><body style="font:14px/1.5 sans-serif;color:#24292f">
            <p style="font-size:16px;font-weight:bold;color:%s">%s</p>
            """.formatted(tone.colour, escaped(headline)));
        html.append(table(facts, "%s"));
        for (Block block : blocks) {
            html.append("<p>").append(escaped(block.sentence())).append("</p>\n");
            if (!block.lines().isEmpty()) {
                html.append("<pre style=\"background:#f6f8fa;padding:8px;white-space:pre-wrap\">")
                        .append(block.lines().stream().map(Message::escaped).collect(Collectors.joining("\n")))
                        .append("</pre>\n");
            }
        }
        return html.append(table(commands, "<code>%s</code>"))
                .append("</body></html>\n")
                .toString();
    }

    private static String table(List<Detail> facts, String value) {
        return facts.stream()
                .map(fact -> "<tr><td style=\"padding-right:12px;color:#57606a\">" + escaped(fact.name()) + "</td><td>"
                        + value.formatted(escaped(fact.value())) + "</td></tr>\n")
                .collect(Collectors.joining("", "<table>\n", "</table>\n"));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
