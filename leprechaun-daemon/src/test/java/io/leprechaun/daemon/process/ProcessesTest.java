package io.leprechaun.daemon.process;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.leprechaun.daemon.lifecycle.Threads;
import io.leprechaun.daemon.posix.FileOutput;
import io.leprechaun.daemon.posix.Self;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(180)
class ProcessesTest {
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
    void every_exit_code_arrives_unchanged() throws Exception {
        var codes = new TreeMap<Integer, Child>();
        for (int code = 0; code <= 255; code++) {
            codes.put(code, sandbox.start(sandbox.shell("exit " + code)));
        }
        for (var entry : codes.entrySet()) {
            assertThat(Sandbox.exit(entry.getValue()).code()).isEqualTo(entry.getKey());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "HUP, 129",
        "INT, 130",
        "QUIT, 131",
        "ABRT, 134",
        "KILL, 137",
        "USR1, 138",
        "SEGV, 139",
        "PIPE, 141",
        "ALRM, 142",
        "TERM, 143"
    })
    void a_signal_is_told_as_shells_do(String signal, int code) throws Exception {
        assertThat(sandbox.run(sandbox.shell("ulimit -c 0; kill -" + signal + " $$"))
                        .code())
                .isEqualTo(code);
    }

    @Test
    void what_a_process_used_is_known() throws Exception {
        Exit exit = sandbox.run(sandbox.shell("i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done"));
        assertThat(exit.usage().cpu()).isBetween(Duration.ofMillis(10), Duration.ofSeconds(30));
        assertThat(exit.usage().peakMemory()).as("smaller than ours").isEmpty();
    }

    @Tag("proof")
    @Test
    void the_memory_of_a_large_process_is_known() throws Exception {
        long size = 2 * ownPeak(); // the kernel includes the memory of this JVM at the fork
        Exit exit = sandbox.run(sandbox.spec("dd", "if=/dev/zero", "of=/dev/null", "count=1", "bs=" + size));
        assertThat(exit.usage().peakMemory().orElseThrow()).isBetween(size / 2, 2 * size);
    }

    @Test
    void what_a_process_wrote_to_the_disk_is_known() throws Exception {
        Path file = sandbox.file("written");
        assumeThat(Files.getFileStore(folder).type()).as("a disk").isNotEqualTo("tmpfs");
        Exit exit = sandbox.run(sandbox.spec("dd", "if=/dev/zero", "of=" + file, "count=4", "bs=1048576"));
        assertThat(exit.usage().written()).isGreaterThanOrEqualTo(4 << 20);
    }

    @Test
    void both_streams_stand_in_one_file_in_order() throws Exception {
        sandbox.run(sandbox.shell("echo 1; echo 2 >&2; echo 3; echo 4 >&2; printf 'no newline'"));
        assertThat(sandbox.output()).hasContent("1\n2\n3\n4\nno newline");
    }

    @Test
    void bytes_arrive_unchanged_and_5_mb_too() throws Exception {
        sandbox.run(sandbox.shell("printf '\\000\\377\\303\\050\\r\\n'; head -c 5000000 /dev/zero"));
        byte[] bytes = Files.readAllBytes(sandbox.output());
        assertThat(bytes).hasSize(5_000_006).startsWith(0, 0xff, 0xc3, 0x28, '\r', '\n');
    }

    @Test
    void words_arrive_byte_for_byte() throws Exception {
        var words = List.of("printf", "<%s>", "a b", "", "  ", "Zoë", "$HOME", "\"q'", "two\nlines", "*", "-n", "2020");
        assertThat(sandbox.printed(sandbox.spec(words.toArray(String[]::new))))
                .isEqualTo(words.stream().skip(2).map(w -> "<" + w + ">").collect(joining()));
    }

    @Test
    void a_pipeline_carries_100_mb_with_constant_heap() throws Exception {
        long before = usedHeap();
        List<Child> children = sandbox.start(List.of(
                sandbox.spec("head", "-c", "100000000", "/dev/zero"), sandbox.spec("cat"), sandbox.spec("wc", "-c")));
        for (Child child : children) {
            assertThat(Sandbox.exit(child).code()).isZero();
        }
        assertThat(sandbox.output()).hasContent("100000000");
        assertThat(usedHeap() - before).isLessThan(20_000_000);
    }

    @Test
    void a_part_that_nobody_reads_any_more_ends_by_sigpipe() throws Exception {
        List<Child> children = sandbox.start(List.of(sandbox.spec("yes"), sandbox.spec("head", "-1")));
        assertThat(Sandbox.exit(children.getFirst()).code()).isEqualTo(141);
        assertThat(Sandbox.exit(children.getLast()).code()).isZero();
        assertThat(sandbox.output()).hasContent("y");
    }

    @Test
    void each_part_complains_into_its_own_file() throws Exception {
        ProcessSpec first = sandbox.shell("echo data; echo first >&2");
        first = new ProcessSpec(first.argv(), first.context(), first.mark(), new FileOutput(sandbox.file("first.log")));
        for (Child child : sandbox.start(List.of(first, sandbox.shell("cat; echo second >&2")))) {
            Sandbox.exit(child);
        }
        assertThat(sandbox.file("first.log")).hasContent("first");
        assertThat(sandbox.output()).hasContent("data\nsecond");
    }

    @Test
    void all_parts_start_or_none() {
        assertThatThrownBy(() -> sandbox.start(List.of(sandbox.spec("sleep", "1000"), sandbox.spec("no-such-program"))))
                .isInstanceOf(SpawnException.class);
        assertThat(sandbox.processes.pids(sandbox.scope)).isEmpty();
    }

    @Test
    void parts_that_started_are_killed_when_a_later_one_is_refused() throws Exception {
        ProcessSpec tooLong = sandbox.spec("true", "x".repeat(200_000));
        List<ProcessSpec> parts = List.of(sandbox.spec("sleep", "1000"), sandbox.spec("sleep", "1001"), tooLong);
        int descriptors = descriptors();
        assertThatThrownBy(() -> sandbox.start(parts)).isInstanceOf(SpawnException.class);
        await().untilAsserted(
                        () -> assertThat(sandbox.processes.pids(sandbox.scope)).isEmpty());
        assertThat(descriptors()).isEqualTo(descriptors);
    }

    @Test
    void a_step_that_reads_stdin_ends_at_once() throws Exception {
        assertThat(sandbox.run(sandbox.spec("cat")).code()).isZero();
        assertThat(sandbox.printed(sandbox.shell("readlink /proc/self/fd/0"))).isEqualTo("/dev/null\n");
    }

    @Test
    void two_hundred_at_once_each_get_their_own_exit_code() throws Exception {
        var got = new ConcurrentSkipListMap<Integer, Integer>();
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < 200; i++) {
            int code = i;
            threads.add(Threads.virtual("start-" + i, () -> {
                try {
                    Child child = sandbox.processes
                            .start(List.of(sandbox.silent("/bin/sh", "-c", "exit " + code)))
                            .getFirst();
                    got.put(code, child.exit().get(60, TimeUnit.SECONDS).code());
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(got).hasSize(200).allSatisfy((code, exit) -> assertThat(exit).isEqualTo(code));
    }

    @Tag("proof")
    @Test
    void a_thousand_runs_leave_no_descriptor_and_no_zombie() throws Exception {
        sandbox.run(sandbox.silent("true"));
        int before = descriptors();
        for (int i = 0; i < 250; i++) {
            List<Child> children = sandbox.start(List.of(sandbox.silent("true"), sandbox.silent("true")));
            Child left = sandbox.start(sandbox.silent("/bin/sh", "-c", "exit 3"));
            Child right = sandbox.start(sandbox.silent("false"));
            for (Child child : children) {
                Sandbox.exit(child);
            }
            assertThat(Sandbox.exit(left).code()).isEqualTo(3);
            assertThat(Sandbox.exit(right).code()).isEqualTo(1);
        }
        assertThat(descriptors()).isLessThanOrEqualTo(before);
        assertThat(Proc.all().values()).noneMatch(proc -> proc.parent() == Self.PID);
    }

    @Test
    void an_orphan_is_reaped() throws Exception {
        int orphan =
                Integer.parseInt(sandbox.printed(sandbox.shell("sh -c 'sleep 0.2; exit 7' >/dev/null 2>&1 & echo $!"))
                        .strip());
        assertThat(Proc.of(orphan).orElseThrow().parent()).isEqualTo(Self.PID);
        await().until(() -> Proc.of(orphan).isEmpty());
    }

    @Test
    void nothing_of_ours_is_inherited() throws Exception {
        Path secret = Files.createFile(sandbox.file("secret"));
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var file = Files.newByteChannel(secret)) {
            assertThat(socket.isBound() && file.isOpen()).isTrue();
            assertThat(sandbox.printed(sandbox.shell("ls -C /proc/$$/fd; :"))).isEqualTo("0  1  2\n");
        }
        ProcessSpec middle = sandbox.shell("exec >&2; ls -C /proc/$$/fd; :");
        Sandbox.exit(sandbox.start(List.of(sandbox.silent("true"), middle, sandbox.silent("true")))
                .get(1));
        assertThat(sandbox.output()).hasContent("0  1  2\n");
    }

    @Test
    void signals_are_as_a_login_shell_has_them() throws Exception {
        assertThat(sandbox.printed(sandbox.spec("cat", "/proc/self/status"))
                        .lines()
                        .filter(line -> line.matches("Sig(Blk|Ign|Cgt):.*"))
                        .map(line -> line.split("\\s+", -1)[1]))
                .hasSize(3)
                .containsOnly("0000000000000000");
    }

    @Test
    void the_environment_is_exactly_as_given() throws Exception {
        Map<String, String> given = Map.of("A", "1=2", "NAME", "Zoë\nx", "EMPTY", "");
        ProcessSpec spec = sandbox.spec(given, "/usr/bin/env", "-0");
        assertThat(sandbox.printed(spec).split("\0"))
                .containsExactlyInAnyOrder("A=1=2", "NAME=Zoë\nx", "EMPTY=", "LEPRECHAUN_MARK=" + sandbox.mark.text());
    }

    @Test
    void a_process_starts_in_its_folder_with_its_umask() throws Exception {
        Path place = Files.createDirectory(sandbox.file("a place"));
        ProcessSpec given = sandbox.shell("pwd; umask; touch made");
        assertThat(sandbox.printed(in(place, 022, given))).isEqualTo(place + "\n0022\n");
        assertThat(sandbox.printed(in(place, 0027, given))).isEqualTo(place + "\n0027\n");
        sandbox.run(in(place, 0077, sandbox.spec("printf", "%s|", "a b", "$x", "")));
        assertThat(sandbox.output()).content().endsWith("a b|$x||");
    }

    private ProcessSpec in(Path directory, int umask, ProcessSpec spec) {
        return sandbox.spec(
                Sandbox.context(sandbox.environment, directory, umask),
                sandbox.mark,
                spec.argv().toArray(String[]::new));
    }

    @Test
    void a_process_leads_its_own_session_and_group() throws Exception {
        Child child = sandbox.start(sandbox.shell("sleep 1000; true"));
        Proc proc = Proc.of(child.pid()).orElseThrow();
        assertThat(List.of(proc.group(), proc.session())).containsOnly(child.pid());
    }

    @Test
    void a_second_opening_is_refused() {
        assertThatThrownBy(Processes::open)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("close it first");
    }

    @Test
    void who_waits_for_a_process_holds_no_carrier() throws Exception {
        for (int i = 0; i < 50; i++) {
            Child child = sandbox.start(sandbox.spec("sleep", "1000"));
            Threads.virtual("waits-" + i, child.exit()::join).start();
        }
        Thread idle = Threads.virtual("idle", () -> {});
        idle.start();
        assertThat(idle.join(Duration.ofSeconds(60))).isTrue();
    }

    private static long ownPeak() throws IOException {
        try (var lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static int descriptors() throws IOException {
        try (var files = Files.list(Path.of("/proc/self/fd"))) {
            return (int) files.count();
        }
    }

    private static long usedHeap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
