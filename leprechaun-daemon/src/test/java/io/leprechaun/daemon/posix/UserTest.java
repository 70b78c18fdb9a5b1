package io.leprechaun.daemon.posix;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class UserTest {
    @Test
    void root_is_known() {
        User root = User.named("root").orElseThrow();
        assertThat(root.uid()).isZero();
        assertThat(root.gid()).isZero();
        assertThat(root.home()).isEqualTo(Path.of("/root"));
        assertThat(root.shell()).isAbsolute();
    }

    @Test
    void a_user_that_is_not_there_is_none() {
        assertThat(User.named("no-such-user")).isEmpty();
    }

    @Test
    void we_are_somebody() {
        User current = User.current();
        assertThat(current.uid()).isEqualTo(Self.uid());
        assertThat(current.name()).isNotEmpty();
    }
}
