package io.leprechaun.daemon.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.leprechaun.api.Reply;
import io.leprechaun.api.text.Screen;
import io.leprechaun.daemon.agent.NextTable.Firing;
import io.leprechaun.daemon.view.RunDocument;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NextTableTest {
    private static final Instant AT = Instant.parse("2026-11-23T12:00:00Z");
    private static final String LONG = "n".repeat(64);
    private static final String HELD =
            "it will be held: paused until 2026-12-24 18:00:00 by root: the disk is replaced";

    @ParameterizedTest
    @ValueSource(ints = {60, 80, 120})
    void a_note_is_whole_at_every_width(int columns) {
        String text = text(columns, LONG, HELD);
        assertThat(text.lines()).allMatch(line -> line.length() <= columns);
        int note = text.indexOf("NOTE");
        assertThat(text.lines()
                        .skip(1)
                        .map(line ->
                                line.substring(Math.min(note, line.length())).strip())
                        .collect(Collectors.joining(" "))
                        .strip())
                .isEqualTo(HELD);
        assertThat(text).contains("2026-11-23 12:00:00", "nnnnnnn…");
    }

    @Test
    void a_list_that_fits_has_each_firing_on_a_line() {
        assertThat(text(80, "backup", "02:30 does not exist")).isEqualTo("""
            AT                   OFFSET  AFTER  RECIPE  NOTE
            2026-11-23 12:00:00  +00:00      -  backup  02:30 does not exist
            2026-12-21 12:00:00  +00:00    28d  backup
            """);
    }

    private static String text(int columns, String name, String note) {
        var table = NextTable.ofRecipes(new RunDocument(ZoneId.of("UTC")), (_, _) -> Optional.empty());
        var firings = List.of(
                new Firing(name, AT, Optional.of(note)),
                new Firing(name, AT.plusSeconds(28 * 24 * 3600), Optional.empty()));
        return ((Reply.Document) table.of(firings, "none")).text().render(new Screen(columns, false));
    }
}
