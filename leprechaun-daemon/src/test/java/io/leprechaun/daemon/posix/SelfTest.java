package io.leprechaun.daemon.posix;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SelfTest {
    @Test
    void the_umask_is_read_as_it_was_set() {
        int before = Self.umask();
        try {
            Self.umask(0137);
            assertThat(Self.umask()).isEqualTo(0137);
        } finally {
            Self.umask(before);
        }
        assertThat(Self.umask()).isEqualTo(before);
    }
}
