package io.leprechaun.daemon.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.leprechaun.daemon.posix.Self;
import io.leprechaun.daemon.process.Child;
import io.leprechaun.daemon.process.Identity;
import io.leprechaun.daemon.process.Mark;
import io.leprechaun.daemon.process.MarkFilter;
import io.leprechaun.daemon.process.ProcessContext;
import io.leprechaun.daemon.process.ProcessSpec;
import io.leprechaun.daemon.process.Processes;
import io.leprechaun.daemon.secret.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(180)
class OutputPumpTest {
    private static final long CAP = 1 << 20;
    private static final String SECRET = "canary-8fK3";

    @TempDir
    private Path state;

    private final Mark mark = new Mark("test-" + UUID.randomUUID(), 7, 1, 1);
    private final Processes processes = Processes.open();
    private final OutputPump pump = OutputPump.open(processes, InstantSource.system());
    private final List<String> troubles = new CopyOnWriteArrayList<>();
    private final Outputs.Listener listener = new Outputs.Listener() {
        @Override
        public void printed() {
            reports.incrementAndGet();
        }

        @Override
        public void cannot(String why) {
            troubles.add(why);
        }
    };
    private final AtomicInteger reports = new AtomicInteger();
    private OutputFolder outputs;
    private Outputs attempt;

    @BeforeEach
    void open() throws IOException {
        outputs = new OutputFolder(Files.createDirectory(state.resolve("output")));
        attempt = pump.outputs(CAP, List.of(), Mask.NONE, listener);
    }

    @AfterEach
    void close() {
        processes.end(MarkFilter.run(mark), Duration.ZERO);
        attempt.close();
        pump.close();
        processes.close();
    }

    private Path file() {
        return outputs.file(7, 1, 1);
    }

    private Child start(String text, Optional<Identity> user) throws Exception {
        var context = new ProcessContext(Map.of("PATH", "/usr/bin:/bin"), Path.of("/"), 022, OptionalInt.empty(), user);
        var argv = List.of("/bin/bash", "-c", text);
        Child child = processes
                .start(List.of(new ProcessSpec(argv, context, mark, attempt.of(file()))))
                .getFirst();
        attempt.begun(List.of(file()));
        return child;
    }

    private Child start(String text) throws Exception {
        return start(text, Optional.empty());
    }

    private OutputSize end(Child child) {
        child.exit().join();
        return attempt.end(file());
    }

    private String printed(String text) throws Exception {
        end(start(text));
        return Files.readString(file());
    }

    @Test
    void a_silent_step_makes_no_file_and_no_folder() throws Exception {
        assertThat(end(start("true"))).isEqualTo(OutputSize.NOTHING);
        end(start("sleep 1.3")); // long enough for a successor
        assertThat(outputs.root()).isEmptyDirectory();
    }

    @Test
    void both_streams_stand_in_one_file_in_order_also_when_they_are_opened_again() throws Exception {
        assertThat(printed("echo 1; echo 2 >&2; echo 3 > /dev/stderr; echo 4 | tee /dev/stderr; echo 5 > /dev/stdout;"
                        + " exec 3> /dev/stderr; echo 6 >&3; sleep 0.1; echo 7 > /dev/fd/2; printf 8"))
                .isEqualTo("1\n2\n3\n4\n4\n5\n6\n7\n8");
    }

    @Test
    void another_user_can_open_them_again_but_not_read_them() throws Exception {
        assumeThat(Self.uid()).as("only root may change the user").isZero();
        var nobody = new Identity("nobody", 65_534, 65_534, List.of());
        end(start("id -u; echo b > /dev/stderr; echo c | tee /dev/stderr; cat < /dev/stdout", Optional.of(nobody)));
        assertThat(file()).content().startsWith("65534\nb\nc\nc\n").contains("Permission denied");
    }

    /** CVE-2016-1247 and similar attacks: an existing file in the place of the output is not written to. */
    @Test
    void the_file_is_made_and_never_opened() throws Exception {
        Path victim = Files.writeString(state.resolve("victim"), "as it was");
        Files.createDirectories(outputs.folder(7));
        Files.createSymbolicLink(file(), victim);
        assertThat(printed("echo 1")).isEqualTo("1\n");
        assertThat(Files.isSymbolicLink(file())).isFalse();

        Files.delete(file());
        Files.createLink(file(), victim);
        assertThat(printed("echo 2")).isEqualTo("2\n");
        assertThat(victim).hasContent("as it was");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");

        Files.delete(file());
        Files.createDirectory(file());
        assertThat(end(start("echo 3"))).isEqualTo(OutputSize.NOTHING);
        assertThat(attempt.loss(file())).contains("lost 2 bytes of output (open: File exists)");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 65_535, 65_536, 65_537, 1_000_000})
    void every_byte_arrives(int count) throws Exception {
        Path source = state.resolve("source");
        OutputSize size = end(start("head -c %1$d /dev/urandom > %2$s; cat %2$s".formatted(count, source)));
        assertThat(size).isEqualTo(new OutputSize(count, 0));
        assertThat(Files.mismatch(source, file())).isEqualTo(-1);
    }

    @Test
    void more_than_the_cap_loses_its_middle_and_keeps_its_offsets() throws Exception {
        OutputSize size = end(start("seq 1000000"));
        assertThat(size.bytes()).isEqualTo(6_888_896);
        assertThat(size.bytes() - size.dropped()).isBetween(CAP - 8192, CAP);
        assertThat(file()).hasSize(6_888_896);
        String text = Files.readString(file());
        assertThat(text).startsWith("1\n2\n3\n").endsWith("\n999999\n1000000\n");
        assertThat(text.indexOf('\0')).isBetween((int) CAP / 2 - 4096, (int) CAP / 2 + 4096);
        assertThat(troubles).isEmpty();
    }

    @Test
    void the_cap_holds_also_while_the_folder_is_away() throws Exception {
        Child child = start("echo one; until test -e %s; do sleep 0.02; done; seq 1000000".formatted(go()));
        await().untilAsserted(() -> assertThat(file()).hasContent("one"));
        Path moved = state.resolve("moved");
        Files.move(outputs.root(), moved);
        Files.createFile(go());
        OutputSize size = end(child);
        assertThat(size.bytes() - size.dropped()).isBetween(CAP - 8192, CAP);
        assertThat(troubles).isEmpty();
    }

    @Test
    void a_longer_secret_is_hidden_though_its_beginning_is_one_too() throws Exception {
        attempt.close();
        attempt = pump.outputs(
                CAP, List.of(), Mask.of(List.of(new Secret("abc123"), new Secret("abc123-prod-XYZ"))), listener);
        end(start("printf abc123; sleep 0.2; printf -- -prod-XYZ; sleep 0.2; printf ' abc123'; sleep 0.2; printf ."));
        assertThat(file()).hasContent("*************** ******.");
    }

    @Test
    void what_was_printed_is_kept_while_the_step_runs() throws Exception {
        Child child = start("sleep 0.1; echo one; until test -e %s; do sleep 0.02; done; echo two".formatted(go()));
        await().untilAsserted(() -> assertThat(file()).hasContent("one"));
        await().untilAsserted(() -> assertThat(reports).hasPositiveValue());
        Files.createFile(go());
        end(child);
        assertThat(file()).hasContent("one\ntwo");
    }

    @Test
    void the_last_mebibyte_of_a_step_with_a_secret_counts() throws Exception {
        attempt.close();
        attempt = pump.outputs(4 * CAP, List.of(), Mask.of(List.of(new Secret(SECRET))), listener);
        assertThat(end(start("seq 300000"))).isEqualTo(new OutputSize(1_988_895, 0));
        assertThat(file()).content().endsWith("\n300000\n");
    }

    private Path go() {
        return state.resolve("go");
    }

    @Test
    void a_secret_never_reaches_the_file_also_in_two_pieces() throws Exception {
        attempt.close();
        attempt = pump.outputs(CAP, List.of(), Mask.of(List.of(new Secret(SECRET))), listener);
        Child child = start(
                "echo %1$s; seq 100000; printf 'x can'; sleep 0.2; printf ary-8; until test -e %2$s; do sleep 0.02; done; echo fK3; printf cana"
                        .formatted(SECRET, go()));
        await().untilAsserted(() -> assertThat(file()).content().endsWith("\n100000\nx "));
        assertThat(file()).content().startsWith("*".repeat(SECRET.length()) + "\n1\n2\n");
        Files.createFile(go());
        end(child);
        assertThat(file()).content().endsWith("\n100000\nx " + "*".repeat(SECRET.length()) + "\ncana");
    }

    @Test
    void what_a_process_left_behind_prints_is_kept_under_the_cap() throws Exception {
        int children = processes.pids(MarkFilter.run(mark)).size();
        Child child = start("(until test -e %s; do sleep 0.02; done; seq 1000000) & echo first".formatted(go()));
        assertThat(end(child)).isEqualTo(new OutputSize(6, 0));
        attempt.close();
        Files.createFile(go());
        await().untilAsserted(() -> assertThat(file()).content().endsWith("\n1000000\n"));
        assertThat(file()).content().startsWith("first\n1\n2\n").contains("\0");
        assertThat(processes.pids(MarkFilter.run(mark))).hasSize(children);
    }

    @Test
    void what_it_prints_without_the_daemon_is_kept_while_there_is_room() throws Exception {
        Child child = start(
                "(until test -e %1$s; do sleep 0.02; done; seq 1000000; touch %1$s.done) & echo first".formatted(go()));
        end(child);
        attempt.close();
        pump.close();
        Files.createFile(go());
        await().until(() -> Files.exists(state.resolve("go.done")));
        await().untilAsserted(() -> assertThat(file()).hasSize(CAP));
        assertThat(file()).content().startsWith("first\n1\n2\n");
    }

    @Test
    void a_long_step_prints_on_when_the_daemon_has_ended() throws Exception {
        Child child = start("echo one; until test -e %1$s; do sleep 0.02; done; echo two; echo three > /dev/stderr"
                .formatted(go()));
        await().untilAsserted(() -> assertThat(file()).hasContent("one"));
        await().untilAsserted(() -> assertThat(ProcessHandle.current().children())
                .anyMatch(process -> process.info().commandLine().orElse("").contains("leprechaun-output")));
        pump.close();
        Files.createFile(go());
        assertThat(child.exit().join().code()).isZero();
        await().untilAsserted(() -> assertThat(file()).hasContent("one\ntwo\nthree"));
    }

    @Test
    void while_the_folder_is_away_output_waits_for_it() throws Exception {
        Path moved = state.resolve("moved");
        Files.move(outputs.root(), moved);
        Child child = start("seq 100000; until test -e %s; do sleep 0.02; done; echo end".formatted(go()));
        await().pollDelay(Duration.ofMillis(100)).until(() -> !child.exit().isDone());
        Files.move(moved, outputs.root());
        await().untilAsserted(() -> assertThat(file()).content().endsWith("\n100000\n"));
        Files.createFile(go());
        assertThat(end(child).bytes()).isEqualTo(588_899);

        Files.move(outputs.root(), moved);
        assertThat(end(start("echo never"))).isEqualTo(OutputSize.NOTHING);
        assertThat(attempt.loss(file())).contains("lost 6 bytes of output (the folder of the output is missing)");
    }

    @Test
    void no_descriptor_stays_open() throws Exception {
        end(start("echo warm"));
        long before = descriptors();
        for (int i = 0; i < 50; i++) {
            end(start(i % 2 == 0 ? "echo " + i : "sleep 0.01"));
        }
        await().untilAsserted(() -> assertThat(descriptors()).isLessThanOrEqualTo(before));
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.count();
        }
    }
}
