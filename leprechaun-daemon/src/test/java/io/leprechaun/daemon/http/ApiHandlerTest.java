package io.leprechaun.daemon.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApiHandlerTest {
    @ParameterizedTest
    @CsvSource({
        "backup --wait, backup --wait",
        "backup -p TOKEN=s3cret --wait, backup -p TOKEN=… --wait",
        "backup --param TOKEN=s3cret=x, backup --param TOKEN=…",
        "backup --param=TOKEN=s3cret, backup --param=TOKEN=…",
        "backup -p s3cret, backup -p =…",
        "backup -p -p -p TOKEN=s3cret, backup -p =… -p TOKEN=…",
        "backup -p, backup -p"
    })
    void a_parameters_value_is_not_logged(String words, String logged) {
        assertThat(ApiHandler.withoutValues(List.of(words.split(" ")))).containsExactly(logged.split(" "));
    }
}
