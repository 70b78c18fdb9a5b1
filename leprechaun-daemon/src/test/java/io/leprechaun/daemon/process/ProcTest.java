package io.leprechaun.daemon.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.leprechaun.daemon.posix.Self;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProcTest {
    private static final String REST = " 10 20 30 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 %d 0 987654 1 2";

    @Test
    void a_name_may_hold_anything() {
        Proc proc = Proc.parse("4711 (a) R 1 (b)) S" + REST.formatted(1));
        assertThat(proc).isEqualTo(new Proc(new Proc.Id(4711, 987654), "a) R 1 (b)", 10, 20, 30, false));
        assertThat(proc.shown()).isEqualTo("4711 (a) R 1 (b))");
    }

    @ParameterizedTest
    @CsvSource({
        "R, 1, false, running",
        "T, 1, false, stopped",
        "D, 1, false, waits for a disk",
        "Z, 1, true, ended",
        "X, 1, true, ended",
        "Z, 2, false, its main thread alone has ended"
    })
    void only_a_zombie_without_threads_is_gone(String state, int threads, boolean gone, String reason) {
        assertThat(Proc.parse("4711 (x) " + state + REST.formatted(threads)).gone())
                .as(reason)
                .isEqualTo(gone);
    }

    @Test
    void a_mark_is_a_variable_of_that_very_name() {
        assertThat(Proc.mark("LEPRECHAUN_MARK=a:1:1:2\0PATH=/bin\0")).contains(new Mark("a", 1, 1, 2));
        assertThat(Proc.mark("PATH=/bin\0LEPRECHAUN_MARK=a=b:1:1:2\0")).contains(new Mark("a=b", 1, 1, 2));
        assertThat(Proc.mark("LEPRECHAUN_MARK=a:1:1\0")).as("another program's").isEmpty();
        assertThat(Proc.mark("LEPRECHAUN_MARK=a:1:x:1\0")).isEmpty();
        assertThat(Proc.mark("LEPRECHAUN_MARK=a:1:999999999999:1\0")).isEmpty();
        assertThat(Proc.mark("OLD_LEPRECHAUN_MARK=a:1:1:1\0X=LEPRECHAUN_MARK=b:1:1:1\0LEPRECHAUN_MARKS=c:1:1:1\0"))
                .isEmpty();
        assertThat(Proc.mark("")).isEmpty();
    }

    @Test
    void the_first_process_and_ourselves_are_never_among_them() {
        assertThat(Proc.all()).doesNotContainKeys(0, 1, Self.PID);
        assertThat(Proc.of(Self.PID).orElseThrow().alive()).isTrue();
    }
}
