package io.leprechaun.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommitTest {
    @Test
    void a_line_of_the_build_is_read() {
        assertThat(Commit.parse("08dd02a 2026-11-29\n")).contains(new Commit("08dd02a", "2026-11-29"));
        assertThat(Commit.parse("08dd02a12345+ 2026-11-29")).contains(new Commit("08dd02a12345+", "2026-11-29"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "08dd02a", "x8dd02a 2026-11-29", "08dd02a 29.11.2026", "08dd02a 2026-11-29 x"})
    void anything_else_tells_nothing(String text) {
        assertThat(Commit.parse(text)).isEmpty();
    }

    @Test
    void a_version_is_told_with_what_is_known() {
        assertThat(Commit.sentence("leprechaun", "0.1.0", Optional.empty(), "25.0.3"))
                .isEqualTo("leprechaun 0.1.0 (Java 25.0.3)");
        assertThat(Commit.sentence("leprechaun", "0.1.0", Optional.of(new Commit("08dd02a", "2026-11-29")), "25.0.3"))
                .isEqualTo("leprechaun 0.1.0 (commit 08dd02a of 2026-11-29, Java 25.0.3)");
    }
}
