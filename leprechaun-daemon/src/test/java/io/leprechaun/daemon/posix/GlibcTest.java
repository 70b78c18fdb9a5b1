package io.leprechaun.daemon.posix;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GlibcTest {
    @ParameterizedTest
    @ValueSource(strings = {"2.34", "2.36", "2.41.9000", "3.0"})
    void a_new_one_will_do(String version) {
        assertThat(Glibc.problem(Optional.of(version))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.33", "2.17", "1.99", "stable"})
    void an_old_one_is_named(String version) {
        assertThat(Glibc.problem(Optional.of(version)).orElseThrow())
                .contains("needs glibc 2.34 or newer, but this system has " + version);
    }

    @Test
    void another_library_is_refused() {
        assertThat(Glibc.problem(Optional.empty()).orElseThrow()).contains("another C library");
    }

    @Test
    void this_system_will_do() {
        Glibc.require();
        assertThat(Glibc.version().orElseThrow()).startsWith("2.");
    }
}
