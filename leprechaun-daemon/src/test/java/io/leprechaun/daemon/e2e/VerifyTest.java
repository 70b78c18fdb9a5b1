package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code leprechaun verify} passes an intact history, and finds each violation that was made by hand. */
class VerifyTest extends VerifyFixture {
    VerifyTest() {
        super(Installation.here());
    }

    private static final String LAST_OF = "checksum = null where id = (select max(id) from run where recipe = '%s')";

    private Path store() {
        return place.state().resolve("leprechaun.db");
    }

    private void change(String sql) {
        Jdbi.create("jdbc:sqlite:" + store()).useHandle(handle -> handle.execute(sql));
    }

    @Tag("proof")
    @Test
    void what_agents_and_recipes_go_through_leaves_no_gap() throws Exception {
        place.settings("history: { keep: { runs: 4 } }");
        var daemon = place.start();
        for (String command : List.of("pause", "start", "stop", "start", "stop", "start")) {
            assertThat(place.client("cron", command).code()).isZero();
            assertThat(place.client("scheduler", command).code()).isZero();
            long now = Instant.now().getEpochSecond();
            eventually(() -> assertThat(Instant.now().getEpochSecond()).isGreaterThan(now + 1)); // more was due
        }
        String text = Files.readString(place.recipes().resolve("tick.yml"));
        for (String keys : List.of("enabled: false\n", "", "description: another text\n", "")) {
            place.recipe("tick", keys + text);
            assertThat(place.client("daemon", "reload").code()).isZero();
            long before = daemon.runs("often").getLast().get("id").asLong();
            eventually(() -> assertThat(daemon.runs("often").getLast().get("id").asLong())
                    .isGreaterThan(before + 2));
        }
        place.assertVerified();
        assertThat(daemon.stop()).isZero();
        assertThat(place.start().stop()).isZero();
        place.assertVerified();
    }

    /** A change of a store by hand, and the expected finding. */
    private record Broken(String sql, String check, String what) {}

    private static List<Broken> broken() {
        return List.of(
                new Broken("delete from run where recipe = 'bad'", "counts", "bad has a count of 1 runs of"),
                new Broken(
                        "update run set due_at = due_at - 1000000, " + LAST_OF.formatted("tick"),
                        "due",
                        "have the same due time .* of tick"),
                new Broken(
                        "update run set due_at = due_at + 5000000, " + LAST_OF.formatted("tick"),
                        "due",
                        "tick was due at .* without a record"),
                new Broken(
                        "update run set due_at = due_at + 3000000, " + LAST_OF.formatted("often"),
                        "due",
                        "often was due at .* without a record"),
                new Broken(
                        "update run set ended_at = null, " + LAST_OF.formatted("bad"),
                        "state",
                        "is failed and has no end"),
                new Broken(
                        "update run set state = 'running', " + LAST_OF.formatted("bad"),
                        "state",
                        "has an end and is still running"),
                new Broken(
                        "update run set started_at = null, state = 'succeeded', " + LAST_OF.formatted("bad"),
                        "state",
                        "is succeeded and has no start"),
                new Broken(
                        "update run set repeated = 2, " + LAST_OF.formatted("bad"),
                        "state",
                        "has a count of 2 and is failed"),
                new Broken(
                        "update run set exit_code = 0 where recipe = 'bad'",
                        "state",
                        "the record of run [0-9]+ does not match its checksum"),
                new Broken(
                        "update step_run set command = 'rm' where number = 2",
                        "state",
                        "the record of step 2 of run [0-9]+ does not match its checksum"),
                new Broken(
                        "insert into body (run, content) values (99999, x'00')",
                        "parts",
                        "a body of run 99999 exists, but no such run"),
                new Broken("delete from recipe_version", "versions", "the recipe text of run [0-9]+ is missing"),
                new Broken(
                        "update sqlite_sequence set seq = 1 where name = 'run'",
                        "counts",
                        "run [0-9]+ has a number above the last one assigned"));
    }

    @Test
    void each_promise_that_was_broken_by_hand_is_found() throws Exception {
        Path whole = Files.copy(store(), place.folder().resolve("output/whole.db"));
        for (Broken broken : broken()) {
            change(broken.sql());
            finds(broken.check(), broken.what());
            Files.copy(whole, store(), StandardCopyOption.REPLACE_EXISTING);
        }
        outputThatIsGoneOrCutOrOfNobody();
        damageIsToldWithAWayOut();
    }

    private void finds(String check, String what) throws Exception {
        var found = verify();
        assertThat(found.code()).as(what).isEqualTo(1);
        assertThat(found.out()).containsPattern(check + ": .*" + what);
    }

    private void outputThatIsGoneOrCutOrOfNobody() throws Exception {
        long bad = Long.parseLong(place.client("runs", "bad", "-q").out().strip());
        Path file = place.state().resolve("output/0/" + bad + "/1-1.log");
        Files.writeString(file, "n", StandardOpenOption.TRUNCATE_EXISTING);
        finds("output", "step 1 of run " + bad + " printed 3 bytes, but .* has 1");
        Files.delete(file);
        finds("output", "step 1 of run " + bad + " printed 3 bytes, but .* does not exist");
        change("update sqlite_sequence set seq = 99999 where name = 'run'"); // the number was given
        Files.createDirectories(place.state().resolve("output/88/88888"));
        finds("output", "output of run 88888 exists in .*, but no such run");
    }

    private void damageIsToldWithAWayOut() throws IOException, InterruptedException {
        byte[] bytes = Files.readAllBytes(store());
        Arrays.fill(bytes, 0, 4096, (byte) 7);
        Files.write(store(), bytes);
        var found = place.client("verify");
        assertThat(found.code()).isEqualTo(4);
        assertThat(found.err()).contains(store().toString(), "restore a backup");
    }
}
