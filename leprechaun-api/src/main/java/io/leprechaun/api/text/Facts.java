package io.leprechaun.api.text;

import java.util.ArrayList;
import java.util.List;

/**
 * The facts about one object, one a line: {@code name: value}, with the values aligned. Never cut, so that a path can
 * be copied. Immutable.
 */
public record Facts(List<Fact> facts) implements Text {
    public Facts {
        facts = List.copyOf(facts);
    }

    /** A fact, shown as one line. */
    public record Fact(String name, Table.Cell value) {}

    /** Returns an empty list of facts. */
    public static Facts none() {
        return new Facts(List.of());
    }

    /** Returns these facts and one more. */
    public Facts and(String name, Object value) {
        return and(name, value.toString(), Style.PLAIN);
    }

    /** Returns these facts and one more in a style. */
    public Facts and(String name, String value, Style style) {
        var more = new ArrayList<>(facts);
        more.add(new Fact(name, Table.Cell.of(value, style)));
        return new Facts(more);
    }

    @Override
    public String render(Screen screen) {
        int width = facts.stream().mapToInt(fact -> Width.of(fact.name())).max().orElse(0);
        var out = new StringBuilder();
        for (Fact fact : facts) {
            out.append(fact.name()).append(':');
            String value = Printable.of(fact.value().text());
            if (!value.isEmpty()) {
                out.repeat(' ', width - Width.of(fact.name()) + 2)
                        .append(fact.value().style().paint(value, screen));
            }
            out.append('\n');
        }
        return out.toString();
    }
}
