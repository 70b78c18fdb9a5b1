package io.leprechaun.daemon.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leprechaun.daemon.history.RunFilter;
import io.leprechaun.daemon.history.StoreException;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.TriggerKind;
import io.leprechaun.daemon.run.Cause;
import io.leprechaun.daemon.run.Input;
import io.leprechaun.daemon.run.Outcome;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunSpec;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.run.TestRecipes;
import io.leprechaun.daemon.settings.AgentName;
import io.leprechaun.daemon.settings.notify.NotifyRules;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(180)
class SqliteStoreTest {
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00.123456Z");
    private static final Recipe BACKUP = TestRecipes.steps("backup", "true", "false");

    private static final int PAGE = 4096;
    /** A page of a table as SQLite writes one without a row. */
    private static final byte[] EMPTY_LEAF = ByteBuffer.allocate(PAGE)
            .put((byte) 13)
            .putInt(0)
            .putShort((short) PAGE)
            .array();

    @TempDir
    private Path folder;

    private SqliteStore store;

    @BeforeEach
    void open() {
        store = SqliteStore.open(file());
    }

    @AfterEach
    void close() {
        store.close();
    }

    private Path file() {
        return folder.resolve("leprechaun.db");
    }

    private static RunSpec order(Recipe recipe, TriggerKind trigger, Optional<Instant> due) {
        return new RunSpec(
                recipe.name(), recipe.origin().hash(), AgentName.CRON, 3, new Cause(trigger, due, Optional.of("zoe")));
    }

    private Run accept(Recipe recipe, Input input) {
        Run run = Run.accepted(store.nextId(), order(recipe, TriggerKind.CRON, Optional.of(NOON)), NOON);
        store.accept(run, recipe, input).join();
        return run;
    }

    private Run end(Run run, RunState state) {
        Run started = run.started(NOON.plusSeconds(1));
        store.start(List.of(started)).join();
        Run ended = started.ended(Outcome.of(state, "because"), NOON.plusSeconds(2));
        store.end(ended, List.of(), NotifyRules.NOTHING).join();
        return ended;
    }

    private List<Run> all() {
        return store.list(RunFilter.newest(1000));
    }

    private String row(String sql) {
        return Jdbi.create("jdbc:sqlite:" + file())
                .withHandle(handle -> handle.createQuery(sql).mapToMap().list().toString());
    }

    /** A commit can have reached the disk although it was reported as failed, and is then requested again. */
    @Test
    void an_attempt_and_an_end_that_are_requested_once_more_change_nothing() {
        String all =
                "select runs, recipe.bytes, well, badly, run.bytes as run_bytes, state, last_run from recipe join run"
                        + " on run.recipe = recipe.name";
        Run started = accept(BACKUP, Input.NONE).started(NOON.plusSeconds(1));
        store.start(List.of(started)).join();
        Run waiting = started.waiting(Outcome.of(RunState.FAILED, "because"), NOON.plusSeconds(60));
        store.attempted(waiting, List.of()).join();
        String attempted = row("select bytes, state from run") + row("select * from attempt");
        store.attempted(waiting, List.of()).join();
        assertThat(row("select bytes, state from run") + row("select * from attempt"))
                .isEqualTo(attempted);

        Run ended =
                waiting.started(NOON.plusSeconds(60)).ended(Outcome.of(RunState.FAILED, "again"), NOON.plusSeconds(61));
        long number = store.end(ended, List.of(), NotifyRules.NOTHING).join();
        String before = row(all);
        assertThat(store.end(ended, List.of(), NotifyRules.NOTHING).join()).isEqualTo(number);
        assertThat(row(all)).isEqualTo(before).contains("runs=1");
        Run next = accept(BACKUP, Input.NONE);
        assertThat(store.end(ended, List.of(next.started(NOON)), NotifyRules.NOTHING)
                        .join())
                .isEqualTo(number);
        assertThat(store.find(next.id()).orElseThrow().state())
                .as("a run that takes the free place")
                .isEqualTo(RunState.RUNNING);
    }

    @Test
    void each_opening_leaves_room_in_the_file_for_a_full_disk() {
        for (int i = 0; i < 40; i++) { // it was a race with the other queries of an opening
            store.close();
            long free = Jdbi.create("jdbc:sqlite:" + file())
                    .withHandle(handle -> handle.createQuery("pragma freelist_count")
                            .mapTo(Long.class)
                            .one());
            assertThat(free).as("free pages after opening " + i).isGreaterThanOrEqualTo(1024);
            open();
        }
    }

    @Test
    void ids_are_never_used_again_also_when_the_newest_rows_are_gone() {
        Run last = IntStream.range(0, 5)
                .mapToObj(i -> accept(BACKUP, Input.NONE))
                .toList()
                .getLast();
        store.close();
        Jdbi.create("jdbc:sqlite:" + file()).useHandle(handle -> handle.execute("delete from run"));
        open();

        assertThat(store.nextId()).isGreaterThan(last.id());
    }

    @Test
    void a_clock_that_is_set_to_and_fro_is_counted_anew_each_time() {
        var name = BACKUP.name();
        for (int i = 0; i < 4; i++) {
            store.ledger().watched(name, TriggerKind.SCHEDULE, NOON, i % 2 == 0 ? Optional.empty() : Optional.of(NOON));
            accept(BACKUP, Input.NONE);
        }
        var since = Jdbi.create("jdbc:sqlite:" + file())
                .withHandle(handle -> handle.createQuery("select run from watched where recipe = :name order by run")
                        .bind("name", name.value())
                        .mapTo(Long.class)
                        .list());
        assertThat(since).hasSize(4).doesNotHaveDuplicates();
    }

    @Test
    void its_file_is_the_owners_alone() throws IOException {
        accept(BACKUP, Input.NONE);
        for (String suffix : List.of("", "-wal", "-shm")) {
            Path file = Path.of(file() + suffix);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .as(file.toString())
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void killed_while_it_was_made_it_is_made_again() throws IOException {
        Path other = folder.resolve("new.db");
        Files.createFile(folder.resolve("new.db.new"));
        try (var made = SqliteStore.open(other)) {
            assertThat(made.nextId()).isEqualTo(1);
        }
        try (var again = SqliteStore.open(other)) {
            assertThat(again.unfinished()).isEmpty();
        }
    }

    @Test
    void a_store_that_is_gone_while_its_log_is_there_is_not_taken_for_a_new_one() throws IOException {
        accept(BACKUP, Input.NONE);
        Path other = folder.resolve("other.db");
        Files.copy(Path.of(file() + "-wal"), folder.resolve("other.db-wal"));

        assertThatThrownBy(() -> SqliteStore.open(other))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("other.db is missing, but its log")
                .hasMessageContaining("restore both, or move the log away");
    }

    @Test
    void a_log_without_a_beginning_is_not_taken_for_an_empty_one() throws IOException {
        accept(BACKUP, Input.NONE);
        Path other = folder.resolve("other.db");
        Path log = folder.resolve("other.db-wal");
        Files.copy(file(), other);
        Files.copy(Path.of(file() + "-wal"), log);
        try (var channel = FileChannel.open(log, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(32), 0);
        }
        assertThatThrownBy(() -> SqliteStore.open(other))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("its log " + log + " is broken before its end");
    }

    @Test
    void an_empty_file_is_no_empty_store() throws IOException {
        Path other = Files.createFile(folder.resolve("other.db"));
        assertThatThrownBy(() -> SqliteStore.open(other))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(
                        other + " is not a store of Leprechaun, or its beginning is damaged: restore a backup");
        assertThat(other).isEmptyFile();
    }

    @Test
    void a_foreign_database_is_refused_and_left_as_it_is() {
        Path other = folder.resolve("other.db");
        Jdbi.create("jdbc:sqlite:" + other).useHandle(handle -> handle.execute("create table mine (x)"));
        assertThatThrownBy(() -> SqliteStore.open(other))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(
                        other + " is not a store of Leprechaun, or its beginning is damaged: restore a backup");
        List<String> tables = Jdbi.create("jdbc:sqlite:" + other)
                .withHandle(handle -> handle.createQuery("select name from sqlite_schema")
                        .mapTo(String.class)
                        .list());
        assertThat(tables).containsExactly("mine");
    }

    @Test
    void a_file_that_is_no_database_is_refused_in_a_sentence() throws IOException {
        Path other = Files.writeString(folder.resolve("other.db"), "once upon a time\n".repeat(1000));
        assertThatThrownBy(() -> SqliteStore.open(other))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(other.toString())
                .hasMessageContaining("restore a backup")
                .hasMessageNotContaining("[statement");
    }

    @Test
    void a_store_whose_schema_is_damaged_is_refused_in_a_sentence() throws IOException {
        accept(BACKUP, Input.NONE);
        store.close();
        try (var channel = FileChannel.open(file(), StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[2000]), 100);
        }
        assertThatThrownBy(() -> SqliteStore.open(file()))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(file().toString())
                .hasMessageContaining("restore a backup")
                .hasMessageNotContaining("[statement");
        Files.delete(file());
        open();
    }

    @Test
    void a_store_of_a_newer_version_is_refused_and_left_as_it_is() {
        store.close();
        Jdbi jdbi = Jdbi.create("jdbc:sqlite:" + file());
        jdbi.useHandle(handle -> handle.execute("pragma user_version = " + (Migrations.NEWEST + 1)));
        assertThatThrownBy(() -> SqliteStore.open(file()))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("was written by a newer Leprechaun (schema " + (Migrations.NEWEST + 1))
                .hasMessageContaining("install the newer version");
        jdbi.useHandle(handle -> handle.execute("pragma user_version = " + Migrations.NEWEST));
        open();
    }

    @Test
    void a_store_without_tables_is_not_taken_for_an_empty_one() {
        store.close();
        Jdbi.create("jdbc:sqlite:" + file()).useHandle(handle -> {
            var tables = handle.createQuery(
                            "select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'")
                    .mapTo(String.class)
                    .list();
            tables.forEach(table -> handle.execute("drop table " + table));
            handle.execute("pragma user_version = 0");
        });
        assertThatThrownBy(() -> SqliteStore.open(file()))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("it has no tables");
    }

    @Test
    void a_letter_that_has_become_another_is_noticed() {
        Run run = end(accept(BACKUP, Input.NONE), RunState.FAILED);
        store.close();
        Jdbi.create("jdbc:sqlite:" + file())
                .useHandle(handle -> handle.execute("update run set reason = 'becausf' where id = ?", run.id()));
        open();
        for (Runnable look : List.<Runnable>of(() -> store.find(run.id()), this::all, () -> store.last())) {
            assertThatThrownBy(look::run)
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("is damaged (the record of run " + run.id() + " does not match its checksum)")
                    .hasMessageContaining(".dump");
        }
    }

    @Test
    void is_what_the_first_migration_decides() {
        store.close();
        Jdbi.create("jdbc:sqlite:" + file()).useHandle(handle -> {
            assertThat(handle.createQuery("pragma application_id")
                            .mapTo(Integer.class)
                            .one())
                    .isEqualTo(0x4c657072);
            assertThat(handle.createQuery("pragma auto_vacuum")
                            .mapTo(Integer.class)
                            .one())
                    .isEqualTo(2);
            assertThat(handle.createQuery("pragma journal_mode")
                            .mapTo(String.class)
                            .one())
                    .isEqualTo("wal");
        });
        open();
    }

    @Test
    void the_checksum_of_the_newest_schema_is_that_of_a_new_store() {
        try (Handle handle = Jdbi.open("jdbc:sqlite::memory:")) {
            Migrations.run(handle, Migrations.NEWEST);
            assertThat(Schema.checksum(handle)).isEqualTo(Schema.NEWEST);
        }
        assertThat(Migrations.class.getResource("sqlite-" + (Migrations.NEWEST + 1) + ".sql"))
                .as("a script after the newest schema's")
                .isNull();
    }

    @Test
    void a_store_whose_schema_has_grown_over_several_pages_is_as_good_as_any() {
        Run run = end(accept(BACKUP, Input.NONE), RunState.FAILED);
        store.close();
        GrownSchema.grow(file());
        open();
        assertThat(store.find(run.id())).contains(run);
        assertThat(accept(BACKUP, Input.NONE).id()).isGreaterThan(run.id());
    }

    @Test
    @Tag("proof")
    void a_lost_page_of_the_schema_is_noticed_by_whoever_opens_the_store() throws IOException {
        accept(BACKUP, Input.NONE);
        store.close();
        GrownSchema.grow(file());
        byte[] whole = Files.readAllBytes(file());
        byte[] unlike = new byte[PAGE];
        new Random(1).nextBytes(unlike);
        for (int page : GrownSchema.pages(file())) {
            int at = (page - 1) * PAGE;
            isRefusedByAll("cut off at page " + page, Arrays.copyOf(whole, at));
            isRefusedByAll("zeroed page " + page, with(whole, at, new byte[PAGE]));
            isRefusedByAll("overwritten page " + page, with(whole, at, unlike));
            isRefusedByAll("emptied page " + page, with(whole, at, EMPTY_LEAF));
        }
        assertThat(folder.resolve("copy.db")).doesNotExist();
        Files.write(file(), whole);
        open();
    }

    private static byte[] with(byte[] whole, int at, byte[] instead) {
        byte[] damaged = whole.clone();
        System.arraycopy(instead, 0, damaged, at, instead.length);
        return damaged;
    }

    private void isRefusedByAll(String what, byte[] damaged) throws IOException {
        Files.write(file(), damaged);
        for (ThrowingCallable opening : List.<ThrowingCallable>of(
                () -> SqliteStore.open(file()),
                () -> SqliteStore.openToRead(file()),
                () -> Backup.make(file(), folder.resolve("copy.db")),
                () -> Verification.of(file(), Optional.empty(), (hash, version) -> Optional.empty()))) {
            assertThatThrownBy(opening)
                    .as(what)
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining(file() + " is damaged (")
                    .hasMessageContaining("): stop the daemon, then restore a backup, or move it away")
                    .hasMessageNotContaining(".dump");
        }
        assertThat(file()).as(what).hasBinaryContent(damaged);
    }

    @Test
    void while_the_schema_can_be_read_the_way_to_save_the_rest_is_told() throws IOException {
        accept(BACKUP, Input.NONE);
        store.close();
        try (var channel = FileChannel.open(file(), StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() / 2);
        }
        assertThatThrownBy(() -> SqliteStore.open(file()))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(file() + " is damaged (")
                .hasMessageContaining(".dump");
        Files.delete(file());
        open();
    }

    /** SQLite finds no fault in it, and a migration would create such a table again. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, Migrations.NEWEST})
    void a_store_that_has_lost_a_table_is_not_taken_for_one_that_never_had_it(int version) {
        Path other = folder.resolve("other.db");
        Jdbi.create("jdbc:sqlite:" + other).useHandle(handle -> {
            handle.execute("pragma application_id = " + StoreFile.APPLICATION_ID);
            Migrations.run(handle, version);
            handle.execute("pragma writable_schema = on");
            handle.execute("delete from sqlite_schema where name = 'parameter'");
        });
        assertThatThrownBy(() -> SqliteStore.open(other))
                .isInstanceOf(StoreException.class)
                .hasMessageStartingWith(other + " is damaged (its schema lacks table parameter): stop the daemon")
                .hasMessageContaining("restore a backup");
    }

    @Test
    void a_read_that_fails_says_what_and_the_next_one_goes_well() {
        for (int i = 0; i < 10; i++) { // more often than there are readers
            var unreadable = RunFilter.newest(1).between(Optional.of(Instant.MIN), Optional.empty());
            assertThatThrownBy(() -> store.list(unreadable))
                    .isInstanceOf(StoreException.class)
                    .hasMessageStartingWith("cannot read the store: long overflow");
        }
        assertThat(all()).isEmpty();
    }

    @Test
    void closed_it_says_so_instead_of_answering() {
        store.close();
        assertThatThrownBy(this::all).isInstanceOf(StoreException.class).hasMessageContaining("closed");
        assertThat(store.outbox().sent(List.of(1L))).isCompletedExceptionally();
        open();
    }
}
