package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static io.leprechaun.daemon.e2e.RunningDaemon.list;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** {@code simulate}: for a folder that is not live, and compared with real runs of the same recipes. */
@Timeout(180)
class SimulateTest {
    @RegisterExtension
    private final Installation place = Installation.here();

    private static JsonNode of(JsonNode simulation, String recipe) {
        return list(simulation.get("recipes")).stream()
                .filter(one -> one.get("name").asString().equals(recipe))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void a_folder_that_is_not_live_is_simulated_without_a_daemon() throws Exception {
        place.settings("workers: { max: 1 }");
        Path folder = Files.createDirectory(place.folder().resolve("next"));
        Files.writeString(folder.resolve("dump.yml"), "definition: cron\npattern: '0 3 * * *'\nsteps: [ pwd ]\n");
        Files.writeString(folder.resolve("send.yml"), "definition: cron\npattern: '10 3 * * *'\nsteps: [ pwd ]\n");
        Files.writeString(folder.resolve("often.yml"), "definition: cron\npattern: '*/5 * * * *'\nsteps: [ pwd ]\n");
        Files.writeString(folder.resolve("wrong.yml"), "definition: never\n");
        List<String> words =
                List.of("simulate", "--from", "2026-12-01", "--to", "1d", "--duration", "dump=30m", folder.toString());
        var told = place.client(words.toArray(String[]::new));
        assertThat(told.code()).as("often is skipped while dump has the worker").isEqualTo(1);
        assertThat(told.err()).contains("skipped: ", "wrong.yml");
        assertThat(told.out())
                .contains("from 2026-12-01 00:00:00 to 2026-12-02 00:00:00", "30m", "given", "1m", "assumed")
                .contains("quietest of the day: ");
        assertThat(told.out().lines()).allMatch(line -> line.length() <= 80);
        JsonNode simulation = place.beginClient(
                        "simulate",
                        "--from",
                        "2026-12-01",
                        "--to",
                        "1d",
                        "--duration",
                        "dump=30m",
                        "--json",
                        folder.toString())
                .end()
                .json()
                .get("simulation");
        assertThat(of(simulation, "dump").get("runs").asInt()).isEqualTo(1);
        assertThat(of(simulation, "send").get("longest_wait").asDouble()).isEqualTo(1260); // behind often of 03:05
        assertThat(of(simulation, "often").get("runs").asInt()
                        + of(simulation, "often").get("skipped").asInt())
                .isEqualTo(24 * 12);
        assertThat(of(simulation, "often").get("skipped").asInt()).isEqualTo(6);
        assertThat(list(simulation.get("collisions")).getFirst().get("recipe").asString())
                .isEqualTo("often");

        assertThat(place.client("simulate", "--to", "400d", folder.toString()).code())
                .isEqualTo(2);
        assertThat(place.client("simulate", "--duration", "nobody=1m", folder.toString())
                        .err())
                .contains("unknown recipe 'nobody'");
        assertThat(place.client("simulate", "/nowhere").err()).contains("no such folder /nowhere");
    }

    @Tag("proof")
    @Test
    void it_is_what_really_comes_of_it() throws Exception {
        place.settings("workers: { max: 1 }");
        place.recipe("slow", "definition: cron\npattern: '*/3 * * * * *'\nsteps: [ sleep 3.5 ]");
        place.recipe("quick", "definition: cron\npattern: '* * * * * *'\noverlap: queue\nsteps: [ 'true' ]");
        Instant from = Instant.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(3);
        RunningDaemon daemon = place.start();
        Instant to = from.plusSeconds(15);
        eventually(() -> assertThat(Instant.now()).isAfter(to.plusSeconds(1)));
        JsonNode simulation = place.beginClient("simulate", "--from", from.toString(), "--to", to.toString(), "--json")
                .end()
                .json()
                .get("simulation");
        for (String recipe : List.of("slow", "quick")) {
            var really = daemon.runs(recipe).stream()
                    .filter(run -> isDueIn(run, from, to))
                    .toList();
            int skipped = really.stream()
                    .filter(run -> run.get("state").asString().equals("skipped"))
                    .mapToInt(run -> run.get("count").asInt())
                    .sum();
            assertThat(of(simulation, recipe).get("duration_is").asString()).isEqualTo("learned");
            assertThat(of(simulation, recipe).get("skipped").asInt()).as(recipe).isBetween(skipped - 1, skipped + 1);
        }
        assertThat(of(simulation, "quick").get("longest_wait").asDouble()).isGreaterThan(2);
        assertThat(daemon.stop()).isZero();
    }

    private static boolean isDueIn(JsonNode run, Instant from, Instant to) {
        Instant due = OffsetDateTime.parse(run.get("due_at").asString()).toInstant();
        return !due.isBefore(from) && due.isBefore(to);
    }
}
