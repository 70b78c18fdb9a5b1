package io.leprechaun.daemon.secret;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A secret is returned unchanged, or not at all. */
class SecretSourceTest {
    @TempDir
    private Path folder;

    private Optional<String> fetched(byte[] bytes) throws IOException {
        Path file = Files.write(folder.resolve("secret"), bytes);
        return new SecretSource.File(file).fetch(Map.of()).map(Secret::value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"s", "zwölf", " s ", "s\u000b", "s\f", "s\u0085", "s\u2028", "s\n\ns"})
    void only_an_end_of_line_is_left_out(String secret) throws IOException {
        for (String end : new String[] {"", "\n", "\r\n"}) {
            assertThat(fetched((secret + end).getBytes(StandardCharsets.UTF_8))).contains(secret);
        }
    }

    @Test
    void what_is_no_text_or_too_long_is_no_secret() throws IOException {
        assertThat(fetched(new byte[] {'s', (byte) 0xff})).isEmpty();
        assertThat(fetched(new byte[] {(byte) 0xed, (byte) 0xb3, (byte) 0xbf})).isEmpty();
        assertThat(fetched(new byte[] {'s', 0, 's'})).isEmpty();
        assertThat(fetched("s".repeat(Secret.LONGEST).getBytes(StandardCharsets.UTF_8)))
                .isPresent();
        assertThat(fetched("s".repeat(Secret.LONGEST + 1).getBytes(StandardCharsets.UTF_8)))
                .isEmpty();
    }
}
