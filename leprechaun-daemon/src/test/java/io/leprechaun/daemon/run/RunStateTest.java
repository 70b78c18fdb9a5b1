package io.leprechaun.daemon.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class RunStateTest {
    /** The whole table, as the package documents it: all transitions that are not in it are impossible. */
    private static final String TABLE = """
        QUEUED   RUNNING WAITING KILLED REJECTED SKIPPED LOST
        WAITING  RUNNING QUEUED FAILED KILLED TIMED_OUT REJECTED SKIPPED LOST
        RUNNING  STOPPING WAITING SUCCEEDED FAILED KILLED TIMED_OUT LOST
        STOPPING SUCCEEDED FAILED KILLED TIMED_OUT LOST
        """;

    static Stream<Arguments> pairs() {
        Set<String> allowed = new HashSet<>();
        TABLE.lines()
                .map(line -> line.split(" +"))
                .forEach(words -> Arrays.stream(words).skip(1).forEach(to -> allowed.add(words[0] + " " + to)));
        return Arrays.stream(RunState.values())
                .flatMap(from -> Arrays.stream(RunState.values())
                        .map(to -> Arguments.of(from, to, allowed.contains(from + " " + to))));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void every_pair_is_allowed_or_refused_as_the_table_says(RunState from, RunState to, boolean allowed) {
        assertThat(from.mayBecome(to)).isEqualTo(allowed);
        if (allowed) {
            assertThat(from.to(to)).isEqualTo(to);
        } else {
            assertThatThrownBy(() -> from.to(to))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage(from + " -> " + to);
        }
    }

    @Test
    void the_final_states_are_those_that_the_package_lists() {
        var passing = EnumSet.of(RunState.QUEUED, RunState.WAITING, RunState.RUNNING, RunState.STOPPING);
        assertThat(Arrays.stream(RunState.values()).filter(state -> !state.isFinal()))
                .containsExactlyElementsOf(passing);
    }

    @ParameterizedTest
    @EnumSource
    void is_spelled_in_lower_case_and_read_back(RunState state) {
        assertThat(state.word())
                .isEqualTo(state.word().toLowerCase(java.util.Locale.ROOT))
                .doesNotContain("-");
        assertThat(RunState.of(state.word())).isEqualTo(state);
    }

    @ParameterizedTest
    @EnumSource
    void trouble_has_run(RunState state) {
        assertThat(!state.isTrouble() || state.hasRun() && state.isFinal()).isTrue();
    }
}
