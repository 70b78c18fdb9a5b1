package io.leprechaun.daemon.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChangeLogTest {
    private static final Instant NOON = Instant.parse("2026-11-30T12:00:00Z");

    @TempDir
    private Path folder;

    private final AtomicReference<Instant> now = new AtomicReference<>(NOON);
    private Path file;
    private ChangeLog changes;

    @BeforeEach
    void open() {
        file = folder.resolve("access").resolve("changes.jsonl");
        changes = new ChangeLog(file, now::get, 2_000);
    }

    private void add(String by) {
        changes.add(by, "socket", "run", List.of("backup", "-p", "a=…"), 0, Optional.empty());
    }

    private List<String> callers(int most) throws IOException {
        return changes.newest(most, _ -> true).stream().map(Change::by).toList();
    }

    @Test
    void a_change_is_read_as_it_was_written() throws IOException {
        changes.add("zoë", "token", "cron stop", List.of("\"quoted\"\n"), 4, Optional.of("paused by ann"));
        assertThat(changes.newest(10, _ -> true))
                .containsExactly(new Change(
                        NOON, "zoë", "token", "cron stop", List.of("\"quoted\"\n"), 4, Optional.of("paused by ann")));
        assertThat(Files.readString(file))
                .endsWith("}\n")
                .satisfies(text -> assertThat(text.lines()).hasSize(1));
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void without_a_file_there_are_no_changes() throws IOException {
        assertThat(callers(10)).isEmpty();
    }

    @Test
    void the_newest_ones_are_found_across_files_and_the_oldest_files_go() throws IOException {
        for (int i = 0; i < 400; i++) {
            add("user" + i);
        }
        assertThat(callers(3)).containsExactly("user397", "user398", "user399");
        assertThat(callers(40)).hasSize(40).startsWith("user360").endsWith("user399");
        List<String> all = callers(1000);
        assertThat(all).endsWith("user399").hasSizeBetween(80, 200).doesNotContain("user0");
        assertThat(folder.resolve("access").toFile().list()).hasSize(8);
        for (Path each : List.of(file, file.resolveSibling("changes.7.jsonl"))) {
            assertThat(Files.size(each)).isLessThanOrEqualTo(2_000);
        }
    }

    @Test
    void only_wanted_changes_count() throws IOException {
        for (int i = 0; i < 60; i++) {
            add(i % 10 == 0 ? "ann" : "zoë");
        }
        assertThat(changes.newest(4, change -> change.by().equals("ann"))).hasSize(4);
    }

    @Test
    void a_line_that_a_crash_cut_off_costs_itself_alone() throws IOException {
        add("ann");
        Files.writeString(file, "{\"at\":\"2026-", StandardOpenOption.APPEND);
        add("zoë");
        assertThat(callers(10)).containsExactly("ann", "zoë");
    }

    @Test
    void a_change_that_cannot_be_recorded_does_not_fail() throws IOException {
        Files.writeString(folder.resolve("access"), "in its place");
        add("ann");
        Files.delete(folder.resolve("access"));
        add("zoë");
        assertThat(callers(10)).containsExactly("zoë");
    }
}
