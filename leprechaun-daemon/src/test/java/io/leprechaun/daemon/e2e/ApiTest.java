package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.JSON;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The API over its Unix socket, as `curl --unix-socket` sees it. */
@Timeout(180)
class ApiTest {
    @RegisterExtension
    private final Installation place = Installation.here();

    @Test
    void the_socket_is_for_its_owner_and_group_alone() throws Exception {
        place.start();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(place.socket())))
                .isEqualTo("rw-rw----");
    }

    @Test
    void what_changes_something_takes_post_only() throws Exception {
        var daemon = place.recipe("good", "steps: [ 'true' ]\n").start();
        for (String path : List.of(
                "/cron/pause",
                "/cron/start",
                "/cron/stop",
                "/server/workers/kill?args=x",
                "/scheduler/queue/drop?args=1",
                "/book/run?args=good",
                "/history/kill?args=1",
                "/daemon/reload",
                "/daemon/kill")) {
            for (String method : List.of("GET", "HEAD", "PUT", "DELETE")) {
                var answer = daemon.api().send(method, path);
                assertThat(answer.status()).as(method + " " + path).isEqualTo(405);
                assertThat(answer.header("Allow")).hasValue("POST");
            }
        }
        var answer = daemon.api().send("GET", "/cron/pause");
        assertThat(answer.header("Content-Type").orElse("")).startsWith("application/problem+json");
        assertThat(JSON.readTree(answer.body()).get("code").asInt()).isEqualTo(2);
        assertThat(daemon.isAlive()).isTrue();
        assertThat(daemon.ask("/cron/info").get("status").asString()).isEqualTo("started");
        assertThat(daemon.runs("good")).isEmpty();
    }

    @Test
    void what_reads_takes_get_only() throws Exception {
        var daemon = place.start();
        for (String method : List.of("POST", "DELETE", "PUT")) {
            var answer = daemon.api().send(method, "/scheduler/info");
            assertThat(answer.status()).as(method).isEqualTo(405);
            assertThat(answer.header("Allow")).hasValue("GET, HEAD");
        }
        assertThat(daemon.api().send("GET", "/scheduler/info").status()).isEqualTo(200);
    }

    @Test
    void an_error_is_a_problem_document() throws Exception {
        var daemon = place.start();
        var answer = daemon.api().send("GET", "/schedular/info");
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.header("Content-Type").orElse("")).startsWith("application/problem+json");
        var problem = JSON.readTree(answer.body());
        assertThat(problem.get("status").asInt()).isEqualTo(404);
        assertThat(problem.get("code").asInt()).isEqualTo(3);
        assertThat(problem.get("title").asString()).isNotBlank();
        assertThat(problem.get("detail").asString()).contains("'schedular'", "`scheduler`");
    }

    @Test
    void text_is_the_table_a_terminal_shows() throws Exception {
        var daemon = place.start();
        var answer = daemon.api()
                .raw("GET /daemon/services?columns=80&color=false HTTP/1.0\r\n"
                        + "Host: localhost\r\n"
                        + "Accept: text/plain\r\n\r\n");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type").orElse("")).startsWith("text/plain");
        assertThat(answer.body()).isEqualTo(place.client("daemon", "services").out());
    }

    @Test
    void resources_tell_what_commands_tell() throws Exception {
        var daemon = place.recipe("good", "steps: [ echo out ]\n").start();
        long id = daemon.runToEnd("good").get("id").asLong();
        assertThat(daemon.ask("/api/v1/runs")).isEqualTo(daemon.ask("/history/list"));
        assertThat(daemon.ask("/api/v1/runs/" + id)).isEqualTo(daemon.ask("/history/show?args=" + id));
        assertThat(daemon.ask("/api/v1/recipes/good").get("recipe").get("name").asString())
                .isEqualTo("good");
        assertThat(daemon.api().send("GET", "/api/v1/runs/" + id + "/output").body())
                .isEqualTo("out\n");
        assertThat(daemon.api().send("GET", "/health").status()).isEqualTo(200);
        assertThat(daemon.api().send("DELETE", "/api/v1/runs/" + id).status()).isEqualTo(405);
    }

    @Test
    void arguments_may_be_longer_than_a_head() throws Exception {
        place.recipe("echo", "steps: [ 'echo ${#LEPRECHAUN_PARAM_X}' ]\n").start();
        for (int length : List.of(5_000, 30_000, 60_000)) {
            var run = place.client("run", "echo", "--wait", "-p", "X=" + "ü".repeat(length / 2));
            assertThat(run.code()).as(run.err()).isZero();
            assertThat(place.client("logs", "echo").out()).contains("" + length);
        }
    }
}
