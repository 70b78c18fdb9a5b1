package io.leprechaun.daemon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Errors of commands without a daemon. {@link OfflineIT} tests the built programs. */
@Timeout(180)
class OfflineTest {
    @RegisterExtension
    private final Installation place = Installation.here();

    @Test
    void errors_are_documents_where_documents_are_asked_for() throws Exception {
        place.recipe("bad", "steps: [ 'true' ]\nno_such: 1\n");
        for (var words : List.of(
                List.of("next", "--pattern", "*/90 * * * *"),
                List.of("check", "--nope"),
                List.of("hook", "test", "nobody"),
                List.of("hook", "test", "bad"),
                List.of("backup", "/nonexistent/copy.db"),
                List.of("new", "no name"),
                List.of("verify", "/nonexistent.db"),
                List.of("simulate", "/nonexistent"),
                List.of("runs"))) {
            String[] typed = words.toArray(String[]::new);
            var ended = place.client(
                    Stream.concat(Arrays.stream(typed), Stream.of("--json")).toArray(String[]::new));
            assertThat(ended.code()).as("%s", words).isNotZero();
            assertThat(ended.json().get("code").asInt())
                    .as("%s: %s", words, ended.out())
                    .isEqualTo(ended.code());
            assertThat(ended.json().get("detail").asString()).as("%s", words).isNotBlank();
            var people = place.client(typed);
            assertThat(people.code()).as("%s", words).isEqualTo(ended.code());
            assertThat(people.out()).as("%s", words).isEmpty();
            assertThat(people.err()).as("%s", words).startsWith("leprechaun: ");
        }
        var missing = place.client("check", "/nonexistent", "--json");
        assertThat(missing.code()).isEqualTo(2);
        assertThat(missing.json().at("/problems/0/message").asString()).contains("no such file or folder");
        assertThat(missing.json().at("/problems/0/file").asString()).isEqualTo("/nonexistent");
    }

    @ParameterizedTest
    @ValueSource(strings = {"backup copy.db", "verify", "simulate", "check", "new another", "next --pattern @daily"})
    void a_daemon_that_was_named_and_does_not_answer_is_not_replaced_by_that_of_the_settings(String line)
            throws Exception {
        String socket = place.folder().resolve("x.sock").toString();
        var refused = place.client(Stream.concat(Stream.of("--socket", socket), Arrays.stream(line.split(" ")))
                .toArray(String[]::new));
        assertThat(refused.code()).isEqualTo(5);
        assertThat(refused.err()).hasLineCount(1).contains("no daemon answers at " + socket);
    }
}
