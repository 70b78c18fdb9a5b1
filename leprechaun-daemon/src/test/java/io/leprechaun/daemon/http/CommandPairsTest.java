package io.leprechaun.daemon.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.leprechaun.api.Access;
import io.leprechaun.api.Handler;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandPairsTest {
    @ParameterizedTest
    @CsvSource({
        "/book/run, run, command=run",
        "/history/kill, kill, command=kill",
        "/cron/stop, stop, agent=cron command=stop",
        "/daemon/kill, kill, agent=daemon command=kill",
        "/scheduler/workers/kill, workers:kill, agent=scheduler command=workers:kill",
        "/hook/replay, replay, command=\"hook replay\""
    })
    void a_command_is_named_as_it_is_typed(String path, String command, String pairs) {
        var handler = new Handler(command, Access.CHANGE, call -> {
            throw new AssertionError("not asked");
        });
        assertThat(CommandPairs.name(path, handler)).isEqualTo(pairs);
    }

    @Test
    void arguments_are_one_value() {
        assertThat(CommandPairs.arguments(List.of())).isEqualTo("args=\"\"");
        assertThat(CommandPairs.arguments(List.of("hello"))).isEqualTo("args=hello");
        assertThat(CommandPairs.arguments(List.of("hello", "--reason", "too late")))
                .isEqualTo("args=\"hello --reason \\\"too late\\\"\"");
    }
}
