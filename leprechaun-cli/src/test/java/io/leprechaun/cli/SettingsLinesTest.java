package io.leprechaun.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leprechaun.api.ProblemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsLinesTest {
    private static final Path FILE = Path.of("/etc/leprechaun/leprechaun.yml");

    @ParameterizedTest(name = "{2}")
    @CsvSource(
            quoteCharacter = '`',
            delimiter = ';',
            value = {
                "socket: /a/b; /a/b; plain",
                "socket: /a/b # where; /a/b; a comment",
                "socket: /a#b; /a#b; no comment without a blank",
                "socket: '/a b'; /a b; single quotes",
                "socket: \"/a b\" # x; /a b; double quotes",
                "socket: lep.sock; /etc/leprechaun/lep.sock; relative to the file",
                "socket:; ; empty",
                "socket: ; ; blank",
                "socket: # x; ; only a comment",
                "socket: ~; ; null",
                "#socket: /a; ; commented out",
                "`  socket: /a`; ; not at the margin",
                "socket:/a; ; no mapping",
                "sockets: /a; ; another key",
                "socket: {a: b}; ; no scalar",
            })
    void a_line_at_the_margin_names_a_path(String line, String expected, String why) {
        assertThat(SettingsLines.parse("a: b\n" + line + "\r\nc: d\n", FILE).socket())
                .as(why)
                .isEqualTo(expected == null ? null : Path.of(expected));
    }

    @Test
    void state_is_read_too() {
        assertThat(SettingsLines.parse("state: ../s", FILE).state()).isEqualTo(Path.of("/etc/leprechaun/../s"));
    }

    @Test
    void only_a_file_that_was_asked_for_must_be_there(@TempDir Path folder) throws Exception {
        Path gone = folder.resolve("gone.yml");
        assertThat(SettingsLines.read(gone, false)).isEqualTo(SettingsLines.NONE);
        assertThatThrownBy(() -> SettingsLines.read(gone, true))
                .isInstanceOf(ProblemException.class)
                .hasMessage("cannot read the settings " + gone + ": no such file");
        Path there = Files.writeString(folder.resolve("there.yml"), "socket: /s\n");
        assertThat(SettingsLines.read(there, true).socket()).isEqualTo(Path.of("/s"));
    }
}
