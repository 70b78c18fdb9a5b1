package io.leprechaun.daemon.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PartsTest {
    private final List<String> closed = new ArrayList<>();
    private final Parts parts = new Parts();

    private void own(String name) {
        parts.own(() -> closed.add(name));
    }

    @Test
    void closes_in_reverse_and_once() {
        own("a");
        own("b");
        own("c");
        parts.close();
        parts.close();
        assertThat(closed).containsExactly("c", "b", "a");
    }

    @Test
    void closes_past_failures_and_tells_all_of_them() {
        own("a");
        parts.own(() -> {
            throw new IllegalStateException("second");
        });
        own("b");
        parts.own(() -> {
            throw new java.io.IOException("first");
        });
        assertThatThrownBy(parts::close)
                .hasRootCauseMessage("first")
                .satisfies(e -> assertThat(e.getSuppressed())
                        .extracting(Throwable::getMessage)
                        .containsExactly("second"));
        assertThat(closed).containsExactly("b", "a");
    }

    @Test
    void a_part_that_was_interrupted_leaves_the_thread_interrupted() {
        parts.own(() -> {
            throw new InterruptedException();
        });
        assertThatThrownBy(parts::close).isInstanceOf(IllegalStateException.class);
        assertThat(Thread.interrupted()).isTrue();
    }
}
