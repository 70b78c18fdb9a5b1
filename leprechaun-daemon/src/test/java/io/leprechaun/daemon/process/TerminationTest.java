package io.leprechaun.daemon.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.leprechaun.daemon.posix.Signals;
import io.leprechaun.daemon.posix.Usage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class TerminationTest {
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final Duration LONG = Duration.ofSeconds(20);

    @TempDir
    private Path folder;

    private Sandbox sandbox;

    @BeforeEach
    void open() {
        sandbox = new Sandbox(folder);
    }

    @AfterEach
    void close() {
        sandbox.close();
    }

    @Test
    void who_ends_within_the_grace_is_not_killed() throws Exception {
        Child child = ready("trap 'echo bye; exit 0' TERM; echo ready; while :; do sleep 0.05; done");
        assertThat(end(LONG, child)).isEqualTo(TerminationReport.WHEN_ASKED);
        assertThat(child.exit().join().code()).isZero();
        assertThat(sandbox.output()).content().endsWith("bye\n");
    }

    @Test
    void who_does_not_listen_is_killed_after_the_grace() throws Exception {
        Child child = ready("trap '' TERM; echo ready; while :; do sleep 0.05; done");
        TerminationReport ended = end(SHORT, child);
        assertThat(ended.killed()).contains("%d (sh)".formatted(child.pid()));
        assertThat(ended.survivors()).isEmpty();
        assertThat(child.exit().join().code()).isEqualTo(137);
    }

    @Test
    void a_stopped_process_hears_too() throws Exception {
        Child child = ready("echo ready; kill -STOP $$; exit 0");
        await().until(() ->
                Sandbox.read(Path.of("/proc/" + child.pid() + "/stat")).contains(" T "));
        assertThat(end(LONG, child).killed()).isEmpty();
        assertThat(child.exit().join().code()).isEqualTo(143);
    }

    @Test
    void all_parts_of_a_pipeline_end() throws Exception {
        List<Child> children =
                sandbox.start(List.of(sandbox.spec("sleep", "1000"), sandbox.spec("cat"), sandbox.spec("cat")));
        TerminationReport ended = sandbox.processes.end(children, sandbox.scope, LONG);
        assertThat(ended).isEqualTo(TerminationReport.WHEN_ASKED);
        assertThat(children).allMatch(child -> child.exit().isDone());
    }

    @Test
    void setsid_does_not_save_a_process() throws Exception {
        Child child = ready(
                "setsid sleep 1001 & setsid sh -c 'trap \"\" TERM; echo $$ >> pids; while :; do sleep 0.05; done' &"
                        + " echo ready; wait");
        await().until(() -> !pids().isEmpty());
        TerminationReport ended = end(SHORT, child);
        assertThat(ended.killed()).anyMatch(name -> name.endsWith(" (sh)")).noneMatch(name -> name.contains("1001"));
        assertNothingLeft();
    }

    @Test
    void a_double_fork_does_not_save_a_process() throws Exception {
        Child child = ready(
                "(nohup setsid sh -c 'echo $$ >> pids; exec sleep 1002' >/dev/null 2>&1 &) ; echo ready; sleep 1003");
        await().until(() -> !pids().isEmpty());
        assertThat(end(LONG, child)).isEqualTo(TerminationReport.WHEN_ASKED);
        assertNothingLeft();
    }

    @Test
    void a_cleared_environment_does_not_save_a_descendant() throws Exception {
        Child child = ready(
                "env -i setsid /bin/sh -c 'echo $$ >> pids; trap \"\" TERM; while :; do /bin/sleep 0.05; done' & echo"
                        + " ready; wait");
        await().until(() -> !pids().isEmpty());
        TerminationReport ended = end(SHORT, child);
        assertThat(ended.killed()).contains("%s (sh)".formatted(pids().getFirst()));
        assertNothingLeft();
    }

    @Test
    void a_cleared_environment_does_not_save_what_a_step_left_in_its_session() throws Exception {
        Child child = sandbox.start(sandbox.shell(
                "env -i /bin/sh -c 'echo $$ >> pids; exec /bin/sleep 1004' & while [ ! -s pids ]; do sleep"
                        + " 0.01; done"));
        assertThat(Sandbox.exit(child).code()).isZero();
        assertThat(alive(pids().getFirst())).isTrue();
        assertThat(end(LONG, child)).isEqualTo(TerminationReport.WHEN_ASKED);
        assertNothingLeft();
    }

    @Test
    void what_is_started_by_a_dying_process_ends_too() throws Exception {
        Child child = ready("trap 'setsid sh -c \"echo \\$\\$ >> pids; exec sleep 1005\" &"
                + " until test -s pids; do :; done; exit 1' TERM; echo ready; while :; do sleep 0.05; done");
        assertThat(end(Duration.ofSeconds(3), child).survivors()).isEmpty();
        assertThat(pids()).isNotEmpty();
        assertNothingLeft();
    }

    @Test
    void a_storm_of_forks_ends() throws Exception {
        Child child = ready("trap '' TERM; echo ready; while :; do (setsid sleep 1006 &) ; sleep 0.02; done");
        TerminationReport ended = end(SHORT, child);
        assertThat(ended.survivors()).isEmpty();
        assertNothingLeft();
    }

    @Test
    void an_ended_child_takes_nothing_with_it() throws Exception {
        Child gone = sandbox.start(sandbox.spec("true"));
        Sandbox.exit(gone);
        var other = new Mark(sandbox.mark.store(), 70, 1, 1);
        Child stranger = sandbox.start(sandbox.spec(sandbox.context(sandbox.environment), other, "sleep", "1007"));
        assertThat(end(SHORT, gone)).isEqualTo(TerminationReport.WHEN_ASKED);
        assertThat(stranger.exit().isDone()).isFalse();
    }

    @Test
    void a_reused_pid_is_never_hit() throws Exception {
        var other = new Mark("another", 7, 1, 1);
        Child stranger = sandbox.start(sandbox.spec(sandbox.context(sandbox.environment), other, "sleep", "1008"));
        var stale = new Child(stranger.pid(), new CompletableFuture<>());
        stale.exit()
                .complete(
                        new Exit(0, Usage.NONE)); // a child that was reaped long ago, whose pid is another child's now
        assertThat(sandbox.processes.end(List.of(stale), MarkFilter.run(new Mark("a third", 7, 1, 1)), SHORT))
                .isEqualTo(TerminationReport.WHEN_ASKED);
        assertThat(stranger.exit().isDone()).isFalse();
    }

    @Test
    void what_an_earlier_daemon_left_behind_is_known_by_its_mark_and_ended() throws Exception {
        Child child = ready("setsid sleep 1009 & echo ready; sleep 1010");
        await().until(() -> sandbox.processes.pids(sandbox.scope).size() == 3);
        assertThat(sandbox.processes.pids(sandbox.scope)).contains(child.pid());
        var another = MarkFilter.run(new Mark(sandbox.mark.store(), 8, 1, 1));
        assertThat(sandbox.processes.pids(another)).isEmpty();
        assertThat(sandbox.processes.end(another, SHORT)).isEqualTo(TerminationReport.WHEN_ASKED);
        assertThat(sandbox.processes.end(sandbox.scope, LONG)).isEqualTo(TerminationReport.WHEN_ASKED);
        assertNothingLeft();
    }

    @Test
    void what_may_not_be_signalled_is_not_waited_for_and_never_told_as_killed() throws Exception {
        Child child = ready("setsid sleep 1011 & echo $! >> pids; echo ready; wait");
        int barred = Integer.parseInt(pids().getFirst());
        sandbox.barred.add(barred);
        long before = System.nanoTime();
        TerminationReport ended = end(LONG, child);
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(LONG.dividedBy(2));
        assertThat(ended).isEqualTo(new TerminationReport(List.of(), List.of(), List.of(barred + " (sleep)")));
        assertThat(ended.told()).isEqualTo("; only root or its own user can end it: " + barred + " (sleep)");
        assertThat(child.exit().isDone()).as("what may be ended is").isTrue();
    }

    @Test
    void what_may_not_be_signalled_may_end_by_itself_when_the_others_have() throws Exception {
        List<Child> children = sandbox.start(
                List.of(sandbox.shell("trap '' TERM; while :; do sleep 0.05; done"), sandbox.spec("cat")));
        sandbox.barred.add(children.getLast().pid());
        TerminationReport ended = sandbox.processes.end(children, sandbox.scope, SHORT);
        assertThat(ended.survivors()).isEmpty();
        assertThat(ended.killed()).noneMatch(name -> name.endsWith("(cat)"));
        assertThat(children).allMatch(child -> child.exit().isDone());
    }

    @Test
    void what_leaves_its_group_between_the_look_and_the_signal_is_asked_all_the_same() throws Exception {
        Child child = ready("setsid sleep 1012 & echo $! >> pids; echo ready; wait; trap '' TERM; sleep 1013");
        int left = Integer.parseInt(pids().getFirst());
        await().until(() -> Proc.of(left).filter(proc -> proc.group() == left).isPresent());
        Proc now = Proc.of(left).orElseThrow();
        var seen = new Proc(now.id(), now.name(), child.pid(), child.pid(), child.pid(), false);
        new Termination(List.of(child), proc -> false, pid -> false).send(List.of(seen), Signals.TERM);
        await().until(() -> !alive(Integer.toString(left)));
    }

    @Test
    void an_interrupt_does_not_stop_half_way_and_is_not_lost() throws Exception {
        Child child = ready("trap '' TERM; echo ready; while :; do sleep 0.05; done");
        Thread.currentThread().interrupt();
        TerminationReport ended = end(SHORT, child);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(ended.survivors()).isEmpty();
        assertThat(child.exit().get(60, TimeUnit.SECONDS).code()).isEqualTo(137);
    }

    private Child ready(String text) throws SpawnException {
        Child child = sandbox.start(sandbox.shell(text));
        await().until(() -> Sandbox.read(sandbox.output()).contains("ready"));
        return child;
    }

    private TerminationReport end(Duration grace, Child child) {
        return sandbox.processes.end(List.of(child), sandbox.scope, grace);
    }

    private List<String> pids() {
        return Sandbox.read(sandbox.file("pids")).lines().toList();
    }

    private void assertNothingLeft() {
        assertThat(sandbox.processes.pids(sandbox.scope)).isEmpty();
        assertThat(pids()).noneMatch(TerminationTest::alive);
    }

    private static boolean alive(String pid) {
        return Proc.of(Integer.parseInt(pid)).filter(proc -> !proc.gone()).isPresent();
    }
}
