package io.leprechaun.cli;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leprechaun.api.ProblemException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TypedTest {
    @TempDir
    private Path folder;

    /** Writes a command line as the kernel shows it; one character a byte. */
    private Path line(String bytes) throws IOException {
        return Files.write(folder.resolve("cmdline"), bytes.getBytes(StandardCharsets.ISO_8859_1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x=\u00ed\u00b3\u00bf", "x=\u00ff", "\u00c3", "x=\u00ef\u00bf\u00bd\u0080"})
    void bytes_that_are_not_utf8_are_named_by_their_place(String word) throws Exception {
        Path line = line("java\0-cp\0x.jar\0run\0a\0-p\0" + word + "\0--wait\0");
        assertThatThrownBy(() -> Typed.requireUtf8(List.of("run", "a", "-p", "x=\uFFFD", "--wait"), line))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("argument 4, 'x=\uFFFD', is not valid UTF-8");
    }

    @Test
    void a_replacement_character_that_was_typed_is_as_good_as_any_other() throws Exception {
        Path line = line("java\0\u00ff\0run\0x=\u00ef\u00bf\u00bd\0\0");
        assertThatCode(() -> Typed.requireUtf8(List.of("run", "x=\uFFFD", ""), line))
                .doesNotThrowAnyException();
        assertThatCode(() -> Typed.requireUtf8(List.of("run", "ü"), folder.resolve("none")))
                .as("nothing is read where nothing may be wrong")
                .doesNotThrowAnyException();
    }
}
