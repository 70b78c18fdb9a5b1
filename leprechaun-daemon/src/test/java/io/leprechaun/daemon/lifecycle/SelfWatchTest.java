package io.leprechaun.daemon.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SelfWatchTest {
    private final List<String> told = new ArrayList<>();
    private Optional<String> wrong = Optional.empty();
    private final SelfWatch watch = new SelfWatch(List.of(() -> wrong, Optional::empty), told::add);

    private void look(int times) {
        for (int i = 0; i < times; i++) {
            watch.look();
        }
    }

    @Test
    void what_is_said_for_a_while_is_an_alarm_told_once_until_it_is_over() {
        wrong = Optional.of("stuck");
        look(3);
        assertThat(watch.alarm()).as("it may pass").isEmpty();
        look(10);
        assertThat(watch.alarm()).contains("stuck");
        assertThat(told).containsExactly("stuck");
        wrong = Optional.empty();
        look(1);
        assertThat(watch.alarm()).isEmpty();
        wrong = Optional.of("stuck");
        look(4);
        assertThat(told).containsExactly("stuck", "stuck");
    }

    @Test
    void what_is_said_anew_each_time_is_a_busy_daemon() {
        for (int i = 0; i < 20; i++) {
            wrong = Optional.of("message " + i);
            look(2);
        }
        assertThat(told).isEmpty();
    }
}
