package io.leprechaun.daemon.posix;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WaitTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0, ended well",
        "256, 1, exit 1",
        "65280, 255, exit 255",
        "9, 137, killed",
        "15, 143, ended by TERM",
        "139, 139, dumped core at a SEGV"
    })
    void a_status_is_told_as_shells_do(int status, int code, String reason) {
        assertThat(Wait.code(status)).as(reason).isEqualTo(code);
    }
}
