package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static io.leprechaun.daemon.e2e.RunningDaemon.ticket;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** The limits of the history, and the removal of the rest: rows, files and their space. */
class RetentionTest {
    private static final String HOOK = "definition: hook\nid: an-id-of-a-hook\noverlap: parallel\n";

    @RegisterExtension
    final Installation place = Installation.here();

    private static List<Long> ids(List<JsonNode> runs) {
        return runs.stream().map(run -> run.get("id").asLong()).toList();
    }

    /** Returns the runs whose folders of output exist. */
    private List<Long> outputs() {
        Path output = place.state().resolve("output");
        if (!Files.exists(output)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(output)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> Long.valueOf(file.getParent().getFileName().toString()))
                    .distinct()
                    .sorted()
                    .toList();
        } catch (IOException | UncheckedIOException e) { // some of it went meanwhile
            return List.of();
        }
    }

    @Test
    void the_newest_runs_stay_with_their_output_and_the_others_go_with_theirs() throws Exception {
        place.settings("history: { keep: { runs: 20 } }");
        place.recipe("many", HOOK + "steps: [ echo some ]");
        place.recipe("few", "history: { keep: { runs: 3 } }\nsteps: [ echo few ]");
        RunningDaemon daemon = place.start();
        long newest = daemon.postMany("/hook?id=an-id-of-a-hook", 100, 8).stream()
                .mapToLong(RunningDaemon::ticket)
                .max()
                .orElseThrow();
        for (int i = 0; i < 5; i++) {
            daemon.runToEnd("few");
        }

        eventually(() -> {
            assertThat(daemon.runs("many")).hasSize(20);
            assertThat(daemon.runs("few")).hasSize(3);
            assertThat(outputs()).hasSize(23);
        });
        assertThat(ids(daemon.runs("many"))).contains(newest);
        assertThat(outputs())
                .containsExactlyElementsOf(
                        Stream.concat(ids(daemon.runs("many")).stream(), ids(daemon.runs("few")).stream())
                                .sorted()
                                .toList());
        assertThat(daemon.output(newest)).isEqualTo("some\n");

        JsonNode usage = place.json("usage").get("usage");
        assertThat(usage.get("recipes")).hasSize(2);
        assertThat(usage.get("recipes").get(0).get("name").asString()).isEqualTo("many");
        assertThat(usage.get("recipes").get(0).get("runs").asInt()).isEqualTo(20);
        assertThat(usage.get("recipes").get(0).get("bytes").asInt()).isEqualTo(20 * "some\n".length());
        assertThat(place.client("usage").out()).contains("many", "few", " are free");
        place.assertVerified();
    }

    @Test
    void what_runs_and_what_waits_is_not_touched() throws Exception {
        place.settings("history: { keep: { runs: 1, days: 1 } }");
        place.recipe("slow", HOOK.replace("parallel", "queue") + "steps:\n  - while [ ! -e go ]; do sleep 0.1; done");
        place.recipe("quick", "steps: [ pwd ]");
        RunningDaemon daemon = place.start();
        var accepted = daemon.postMany("/hook?id=an-id-of-a-hook", 5, 5).stream()
                .map(RunningDaemon::ticket)
                .toList();
        for (int i = 0; i < 4; i++) {
            daemon.runToEnd("quick");
        }
        eventually(() -> assertThat(daemon.runs("quick")).hasSize(1));
        assertThat(ids(daemon.runs("slow"))).containsExactlyInAnyOrderElementsOf(accepted);

        place.touch("go");
        eventually(() -> {
            assertThat(daemon.runs("slow")).hasSize(1);
            assertThat(daemon.ask("/server/info").get("queued").asInt()).isZero();
        });
        assertThat(daemon.runs("slow").getFirst().get("state").asString()).isEqualTo("succeeded");
    }

    @Test
    void bytes_of_output_and_bodies_are_counted_and_the_file_shrinks() throws Exception {
        place.settings("history: { keep: { bytes: 2m } }");
        place.recipe("bodies", HOOK + "steps: [ 'true' ]");
        place.recipe("loud", "history: { keep: { bytes: 1m } }\nsteps: [ head -c 400k /dev/zero ]");
        RunningDaemon daemon = place.start();
        for (var answer : daemon.postMany("/hook?id=an-id-of-a-hook", new byte[900_000], 30, 3)) {
            ticket(answer);
        }
        for (int i = 0; i < 5; i++) {
            daemon.runToEnd("loud");
        }

        Path store = place.state().resolve("leprechaun.db");
        Jdbi.create("jdbc:sqlite:" + store).useTransaction(reader -> {
            reader.createQuery("select count(*) from run").mapTo(Long.class).one(); // needs the store as it is now
            eventually(() -> {
                assertThat(daemon.runs("bodies")).hasSize(2);
                assertThat(daemon.runs("loud")).hasSize(2);
                assertThat(outputs()).hasSize(4);
            });
        });
        eventually(() -> assertThat(store.toFile().length())
                .as("27 MB of bodies were in it")
                .isLessThan(10_000_000));
        assertThat(daemon.stop()).isZero();
        RunningDaemon again = place.start();
        assertThat(again.runs("bodies")).hasSize(2);
    }

    @Test
    void all_recipes_together_stay_below_a_total_and_each_keeps_its_newest() throws Exception {
        place.settings("history: { total: { runs: 10 } }");
        for (int i = 0; i < 4; i++) {
            place.recipe("r" + i, "steps: [ echo " + i + " ]");
        }
        RunningDaemon daemon = place.start();
        daemon.runToEnd("r0");
        for (int i = 0; i < 20; i++) {
            daemon.runToEnd("r" + (1 + i % 3));
        }

        eventually(() -> assertThat(place.json("runs", "-n", "100").get("runs")).hasSize(10));
        assertThat(daemon.runs("r0")).as("the only one of its recipe").hasSize(1);
        eventually(() -> assertThat(outputs()).hasSize(10));
        place.assertVerified();
    }

    @Tag("proof")
    @Test
    void a_burst_stays_for_a_while_unless_something_else_is_asked_for() throws Exception {
        place.recipe("burst", HOOK + "steps: [ 'true' ]");
        Files.writeString(
                place.settingsFile(),
                "timezone: UTC\nagents: { server: { listen: \"127.0.0.1:0\", workers: { max: 8, queue: 2000 } } }\n");
        RunningDaemon daemon = place.start();
        daemon.postMany("/hook?id=an-id-of-a-hook", 1100, 16).forEach(RunningDaemon::ticket);
        daemon.awaitIdle("server");
        assertThat(daemon.runs("burst")).hasSize(1100);
    }

    @Test
    void files_whose_rows_are_gone_are_removed_by_the_next_daemon() throws Exception {
        place.recipe("once", "steps: [ echo hi ]");
        RunningDaemon daemon = place.start();
        long run = daemon.runToEnd("once").get("id").asLong();
        long last = daemon.runToEnd("once").get("id").asLong();
        assertThat(daemon.stop()).isZero();
        // as it is between the commit that removes a run and the removal of its files
        var removed = new ProcessBuilder(
                        "sqlite3",
                        place.state().resolve("leprechaun.db").toString(),
                        "delete from run where id = " + run + "; insert into removal (run) values (" + run + ")")
                .inheritIO()
                .start();
        assertThat(removed.waitFor()).isZero();
        assertThat(outputs()).containsExactly(run, last);

        place.start();
        eventually(() -> assertThat(outputs()).containsExactly(last));
    }
}
