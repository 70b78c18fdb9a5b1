package io.leprechaun.daemon.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignalsTest {
    @Test
    void a_signal_has_a_name() {
        assertThat(Signals.name(Signals.KILL)).contains("KILL");
        assertThat(Signals.name(Signals.TERM)).contains("TERM");
        assertThat(Signals.name(13)).contains("PIPE");
        assertThat(Signals.name(0)).isEmpty();
        assertThat(Signals.name(200)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -4711, -1, 0, 1})
    void what_would_hit_others_is_refused(int pid) {
        assertThatThrownBy(() -> Signals.send(pid, Signals.NONE)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Signals.sendToGroup(pid, Signals.NONE)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void we_are_never_signalled() {
        assertThatThrownBy(() -> Signals.send(Self.PID, Signals.NONE)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void nobody_is_there() {
        assertThat(Signals.send(Integer.MAX_VALUE - 1, Signals.NONE)).isFalse();
    }
}
