package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static io.leprechaun.daemon.e2e.Installation.lines;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** The state after a kill of the daemon, and the lock that keeps two daemons apart. */
@Tag("proof")
@Timeout(180)
class CrashIT {
    @RegisterExtension
    private final Installation place = new Installation();

    @Test
    void after_a_kill_what_waited_runs_in_order_and_what_ran_is_lost() throws Exception {
        place.settings("workers: { max: 2 }")
                .recipe("long", "overlap: parallel\nsteps: [ 'setsid sleep 600 & sleep 600' ]\n")
                .recipe("next", "overlap: queue\nsteps: [ 'echo $LEPRECHAUN_RUN >> ran' ]\n");
        var daemon = place.start();
        var running = List.of(daemon.begin("long"), daemon.begin("long"));
        var waiting = List.of(daemon.begin("next"), daemon.begin("next"), daemon.begin("next"));
        eventually(() -> assertThat(place.stepsAlive()).hasSizeGreaterThanOrEqualTo(4));
        var leftBehind = place.stepsAlive().keySet();
        daemon.killHard();
        assertThat(place.stepsAlive().keySet()).isEqualTo(leftBehind);

        var again = place.start();
        assertThat(place.stepsAlive().keySet())
                .as("what an earlier daemon left is ended")
                .doesNotContainAnyElementsOf(leftBehind);
        eventually(() -> assertThat(lines(place.work().resolve("ran")))
                .containsExactlyElementsOf(waiting.stream().map(String::valueOf).toList()));
        for (long id : waiting) {
            assertThat(again.over(id).get("state").asString()).isEqualTo("succeeded");
        }
        for (long id : running) {
            JsonNode run = again.run(id);
            assertThat(run.get("state").asString()).isEqualTo("lost");
            assertThat(run.get("reason").asString()).isNotBlank();
            assertThat(run.get("ended_at").isNull()).isFalse();
        }
        assertThat(again.begin("next")).as("a number is never used again").isGreaterThan(waiting.getLast());
    }

    @Test
    void a_step_prints_on_when_its_daemon_is_killed() throws Exception {
        place.recipe(
                "long",
                "steps:\n"
                    + "  - echo before; until test -e go; do sleep 0.05; done; echo after; echo again > /dev/stderr;"
                    + " touch done\n");
        var daemon = place.start();
        long id = daemon.begin("long");
        Path log = place.state().resolve("output/0/" + id + "/1-1.log");
        eventually(() -> assertThat(log).hasContent("before"));
        eventually(() -> assertThat(ProcessHandle.of(daemon.pid()).orElseThrow().children())
                .anyMatch(child -> child.info().commandLine().orElse("").contains("leprechaun-output")));
        daemon.killHard();
        place.touch("go");
        eventually(() -> assertThat(place.work().resolve("done")).exists());
        eventually(() -> assertThat(log).hasContent("before\nafter\nagain"));
        assertThat(place.start().run(id).get("state").asString()).isEqualTo("lost");
    }

    @Test
    void a_hook_that_was_accepted_outlives_a_kill_with_its_body() throws Exception {
        place.settings("workers: { max: 1 }")
                .recipe("long", "definition: hook\nid: long\nsteps: [ sleep 600 ]\n")
                .recipe("next", "definition: hook\nid: next\nsteps: [ 'cat \"$LEPRECHAUN_HOOK_BODY\" >> ran' ]\n");
        var daemon = place.start();
        RunningDaemon.ticket(daemon.post("/hook?id=long"));
        RunningDaemon.ticket(daemon.post("/hook?id=next", "one ".getBytes(StandardCharsets.UTF_8)));
        RunningDaemon.ticket(daemon.post("/hook?id=next", "two".getBytes(StandardCharsets.UTF_8)));
        daemon.killHard();
        place.start();
        eventually(() -> assertThat(place.work().resolve("ran")).hasContent("one two"));
    }

    @Test
    void whatever_was_answered_202_is_accounted_for_after_a_kill_in_the_middle() throws Exception {
        place.settings("workers: { queue: 5000 }")
                .recipe("hook", "definition: hook\nid: knock\noverlap: parallel\nsteps: [ 'true' ]\n");
        var daemon = place.start();
        Set<Long> accepted = new HashSet<>();
        try (var senders = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 16; i++) {
                senders.execute(() -> {
                    try {
                        while (true) {
                            long id = RunningDaemon.ticket(daemon.post("/hook?id=knock"));
                            synchronized (accepted) {
                                accepted.add(id);
                            }
                        }
                    } catch (Exception theDaemonIsGone) {
                        // the subject of this test
                    }
                });
            }
            eventually(() -> {
                synchronized (accepted) {
                    assertThat(accepted).hasSizeGreaterThan(200);
                }
            });
            daemon.killHard();
        }
        var again = place.start();
        again.awaitIdle("server");
        var states = again.runs("hook");
        assertThat(states.stream().map(run -> run.get("id").asLong()))
                .containsAll(accepted)
                .doesNotHaveDuplicates();
        assertThat(states)
                .allSatisfy(run -> assertThat(run.get("state").asString()).isIn("succeeded", "lost"));
    }

    @Test
    void after_a_kill_it_starts_at_once_and_takes_the_old_socket_away() throws Exception {
        var daemon = place.start();
        daemon.killHard();
        assertThat(place.socket()).exists();
        var again = place.start();
        assertThat(again.ask("/daemon/info").get("pid").asLong()).isEqualTo(again.pid());
    }

    @Test
    void of_two_daemons_on_one_state_folder_the_second_says_why_it_does_not_start() throws Exception {
        var daemon = place.start();
        var second =
                place.daemon("--socket", place.folder().resolve("other.sock").toString());
        assertThat(second.code())
                .as("it may pass: a service manager tries again")
                .isEqualTo(75);
        assertThat(second.err())
                .hasLineCount(1)
                .contains(
                        "another daemon (pid " + daemon.pid() + ")",
                        place.state().toString());
        assertThat(place.json("daemon", "info").get("pid").asLong()).isEqualTo(daemon.pid());
    }

    @Test
    void of_two_daemons_on_one_socket_the_second_is_refused_and_the_first_goes_on() throws Exception {
        var daemon = place.start();
        var second = place.daemon("--state", place.folder().resolve("other").toString());
        assertThat(second.code())
                .as("it may pass: a service manager tries again")
                .isEqualTo(75);
        assertThat(second.err()).contains("another daemon", place.socket().toString());
        assertThat(place.json("daemon", "info").get("pid").asLong()).isEqualTo(daemon.pid());
    }

    @Test
    void two_daemons_that_share_nothing_leave_each_others_processes_alone() throws Exception {
        var daemon = place.recipe("long", "steps: [ exec sleep 600 ]\n").start();
        daemon.begin("long");
        eventually(() -> assertThat(place.stepsAlive()).hasSize(1));
        var other = place.start(
                "--state", place.folder().resolve("other").toString(),
                "--socket", place.folder().resolve("other.sock").toString());
        other.stop();
        assertThat(place.stepsAlive()).hasSize(1);
    }

    @Test
    void a_file_in_the_place_of_the_socket_is_not_taken_away() throws Exception {
        java.nio.file.Files.writeString(place.socket(), "precious");
        var refused = place.daemon();
        assertThat(refused.code()).isEqualTo(2);
        assertThat(place.socket()).hasContent("precious");
    }

    @Test
    void a_store_that_was_restored_gives_no_number_that_has_output_already() throws Exception {
        place.recipe("say", "steps: [ echo $LEPRECHAUN_RUN ]");
        var daemon = place.start();
        daemon.runToEnd("say");
        assertThat(daemon.stop()).isZero();
        Path backup = Files.copy(
                place.state().resolve("leprechaun.db"), place.folder().resolve("output/backup.db"));
        daemon = place.start();
        long newest = 0;
        for (int i = 0; i < 3; i++) {
            newest = daemon.runToEnd("say").get("id").asLong();
        }
        assertThat(daemon.stop()).isZero();
        Files.copy(backup, place.state().resolve("leprechaun.db"), StandardCopyOption.REPLACE_EXISTING);

        daemon = place.start();
        long run = daemon.runToEnd("say").get("id").asLong();
        assertThat(run).isGreaterThan(newest);
        assertThat(daemon.output(run)).isEqualTo(run + "\n");
    }

    /** A copied file is such a text if it contains no name. */
    @Test
    void what_waited_runs_as_the_recipe_it_was_accepted_for_though_another_has_the_same_text() throws Exception {
        String text = "overlap: parallel\nsteps: [ 'echo $LEPRECHAUN_RUN $LEPRECHAUN_RECIPE >> ran' ]\n";
        place.settings("workers: { max: 1 }")
                .recipe("long", "steps: [ sleep 600 ]\n")
                .recipe("one", text)
                .recipe("two", text);
        var daemon = place.start();
        daemon.begin("long");
        long one = daemon.begin("one");
        long two = daemon.begin("two");
        daemon.killHard();
        place.start();
        eventually(() -> assertThat(lines(place.work().resolve("ran"))).containsExactly(one + " one", two + " two"));
    }
}
