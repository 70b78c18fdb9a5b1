package io.leprechaun.daemon.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leprechaun.api.ExitCode;
import io.leprechaun.api.ProblemException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResourceTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/health                    |                          | /daemon/health | ''",
                "/api/v1/runs               | args=--failed&args=-n&args=5 | /history/list | --failed -n 5",
                "/api/v1/runs/42            |                          | /history/show  | -- 42",
                "/api/v1/runs               | state=failed,killed&trigger=hook&since=1d&until=2h&limit=5&cursor=9&x=1"
                    + " | /history/list | --state failed,killed --trigger hook --since 1d --until 2h -n 5 --before 9",
                "/api/v1/runs               | recipe=--all&limit=5     | /history/list  | -n 5 -- --all",
                "/api/v1/runs/--failed      |                          | /history/show  | -- --failed",
                "/api/v1/recipes            |                          | /book/list     | ''",
                "/api/v1/recipes/backup     | x=y                      | /book/show     | -- backup",
                "/api/v1/runs/42/output     |                          | /history/logs  | -- 42",
                "/api/v1/runs/42/output     | step=2&from=10&follow=true&x=1 | /history/logs | --step 2 --from 10"
                        + " --follow -- 42",
                "/api/v1/runs/42/output     | follow=false&attempt=%31 | /history/logs  | --attempt 1 -- 42",
            })
    void is_a_command(String path, String query, String command, String arguments) {
        Resource resource = Resource.of(path, query, Optional.empty()).orElseThrow();
        assertThat(resource.path()).isEqualTo(command);
        assertThat(String.join(" ", resource.arguments())).isEqualTo(arguments);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/api/v1",
                "/api/v1/",
                "/api/v1/runs/",
                "/api/v2/runs",
                "/api/v1/runs/1/2",
                "/api/v1/recipes/a/output",
                "/api/v1/runsx",
                "/scheduler/info"
            })
    void nothing_else_is_a_resource(String path) {
        assertThat(Resource.of(path, null, Optional.empty())).isEmpty();
    }

    @Test
    void a_reconnecting_reader_of_events_goes_on_after_the_last_one_it_has() {
        String query = "topics=run,step&after=a-1&recipe=back%75p&wait=0";
        assertThat(Resource.of("/api/v1/events", query, Optional.empty()).orElseThrow())
                .isEqualTo(new Resource(
                        "/event/list",
                        List.of("--topics", "run,step", "--after", "a-1", "--recipe", "backup", "--wait", "0")));
        assertThat(Resource.of("/api/v1/events", "after=a-1", Optional.of("a-7"))
                        .orElseThrow()
                        .arguments())
                .containsExactly("--after", "a-7");
    }

    @Test
    void a_bad_escape_is_wrong_usage() {
        for (String query : List.of("step=%zz", "from=%")) {
            assertThatThrownBy(() -> Resource.of("/api/v1/runs/42/output", query, Optional.empty()))
                    .isInstanceOfSatisfying(
                            ProblemException.class,
                            e -> assertThat(e.problem().code()).isEqualTo(ExitCode.USAGE));
        }
    }
}
