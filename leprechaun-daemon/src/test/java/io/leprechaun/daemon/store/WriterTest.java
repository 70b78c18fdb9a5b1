package io.leprechaun.daemon.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.leprechaun.daemon.history.StoreException;
import io.leprechaun.daemon.lifecycle.StateFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class WriterTest {
    @TempDir
    private Path folder;

    private Jdbi jdbi;
    private Writer writer;
    private final CountDownLatch gate = new CountDownLatch(1);

    @BeforeEach
    void open() throws IOException {
        jdbi = Jdbi.create("jdbc:sqlite:" + folder.resolve("test.db") + "?busy_timeout=200");
        Handle handle = jdbi.open();
        handle.execute("pragma journal_mode = wal");
        handle.execute("pragma foreign_keys = on");
        handle.execute("create table parent (id integer primary key)");
        handle.execute("create table t (id integer primary key, parent integer references parent (id)"
                + " deferrable initially deferred)");
        writer = Writer.open(
                handle, new DiskSpace(folder), new SqliteErrors(folder.resolve("test.db")), new StateFiles());
    }

    @AfterEach
    void close() {
        gate.countDown();
        writer.close();
    }

    private CompletableFuture<Integer> insert(int id) {
        return writer.change("row " + id, handle -> {
            handle.execute("insert into t (id) values (?)", id);
            return id;
        });
    }

    /** Blocks the writer so that the next requested changes wait and become one commit. */
    private void holdUp() {
        var held = new CountDownLatch(1);
        writer.soon("nothing", handle -> {
            held.countDown();
            join(gate);
        });
        join(held);
    }

    private static void join(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<Integer> rows() {
        return jdbi.withHandle(handle -> handle.createQuery("select id from t order by id")
                .mapTo(Integer.class)
                .list());
    }

    private static Throwable failure(CompletableFuture<?> kept) {
        return kept.handle((result, failure) -> failure)
                .orTimeout(60, TimeUnit.SECONDS)
                .join();
    }

    @Test
    void keeps_changes_in_the_order_in_which_they_were_asked_for() {
        var order = new CopyOnWriteArrayList<Integer>();
        var all = new ArrayList<CompletableFuture<Void>>();
        for (int i = 0; i < 3000; i++) {
            all.add(insert(i).thenAccept(order::add));
        }
        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();
        assertThat(order).isSorted().hasSize(3000);
        assertThat(rows()).hasSize(3000);
    }

    @Test
    void what_waits_is_one_commit_and_nobody_is_told_before_it() {
        holdUp();
        var seen = new CopyOnWriteArrayList<Integer>();
        var first = insert(1).thenAccept(id -> seen.add(rows().size()));
        var second = insert(2);
        assertThat(first).isNotDone();
        gate.countDown();
        second.join();
        first.join();
        assertThat(seen).as("both were on disk when the first was told").containsExactly(2);
    }

    @Test
    void one_failing_change_fails_alone() {
        holdUp();
        var good = insert(1);
        var bad = insert(1);
        var worse = writer.change("nonsense", changes -> {
            changes.execute("nonsense");
            return 0;
        });
        var late = insert(2);
        gate.countDown();

        assertThat(good.join()).isEqualTo(1);
        assertThat(failure(bad)).isInstanceOf(StoreException.class).hasMessageStartingWith("cannot store row 1: ");
        assertThat(failure(worse)).isInstanceOf(StoreException.class);
        assertThat(late.join()).isEqualTo(2);
        assertThat(rows()).containsExactly(1, 2);
    }

    @Test
    void a_commit_that_fails_keeps_nothing_of_its_change_and_all_of_the_others() {
        holdUp();
        var good = insert(1);
        var orphan = writer.change("an orphan", changes -> {
            changes.execute("insert into t (id, parent) values (7, 4711)");
            return 0;
        });
        var late = insert(2);
        gate.countDown();

        assertThat(failure(orphan))
                .isInstanceOf(StoreException.class)
                .hasMessageStartingWith("cannot store an orphan: ");
        good.join();
        late.join();
        assertThat(rows()).containsExactly(1, 2);
        assertThat(insert(3).join()).as("the next commit is as good as ever").isEqualTo(3);
    }

    @Test
    void a_single_commit_that_fails_says_so() {
        var orphan = writer.change("an orphan", changes -> {
            changes.execute("insert into t (id, parent) values (7, 4711)");
            return 0;
        });

        assertThat(failure(orphan)).isInstanceOf(StoreException.class);
        assertThat(insert(3).join()).isEqualTo(3);
    }

    @Test
    void an_error_in_a_change_does_not_end_the_writer() {
        holdUp();
        var good = insert(1);
        var error = writer.change("the impossible", handle -> {
            handle.execute("insert into t (id) values (9)");
            throw new StackOverflowError("deep");
        });
        gate.countDown();

        assertThat(failure(error)).isInstanceOf(StoreException.class).hasMessageContaining("deep");
        good.join();
        insert(2).join();
        assertThat(rows()).containsExactly(1, 2);
    }

    @Test
    void a_listener_that_throws_harms_nobody() {
        var unused = insert(1).thenAccept(id -> {
            throw new IllegalStateException("as planned");
        });
        insert(2).join();
        assertThat(rows()).containsExactly(1, 2);
    }

    @Test
    void a_store_that_is_locked_by_another_program_fails_the_change_and_not_the_next() {
        try (Handle other = jdbi.open()) {
            other.execute("begin immediate");
            assertThat(failure(insert(1))).isInstanceOf(StoreException.class);
            other.execute("rollback");
        }
        insert(2).join();
        assertThat(rows()).containsExactly(2);
    }

    @Test
    void closed_it_keeps_what_waited_and_refuses_the_rest() {
        holdUp();
        var waiting = insert(1);
        Thread.ofVirtual().start(writer::close);
        await().until(() -> insert(99).isCompletedExceptionally());
        gate.countDown();

        assertThat(waiting.orTimeout(60, TimeUnit.SECONDS).join()).isEqualTo(1);
        assertThat(failure(insert(2))).isInstanceOf(StoreException.class).hasMessageContaining("closed");
    }

    @Test
    void nobody_who_asks_while_it_is_closed_waits_for_ever() throws IOException {
        for (int round = 0; round < 10; round++) {
            open(round);
            var asked = new CopyOnWriteArrayList<CompletableFuture<Integer>>();
            var begun = new CountDownLatch(1);
            var stop = new AtomicInteger();
            var asker = Thread.ofPlatform().start(() -> {
                for (int i = 0; stop.get() == 0; i++) {
                    asked.add(insert(i));
                    begun.countDown();
                }
            });
            join(begun);
            writer.close();
            stop.set(1);
            await().pollInterval(Duration.ofMillis(2)).until(() -> !asker.isAlive());
            await().pollInterval(Duration.ofMillis(2))
                    .until(() -> asked.stream().allMatch(CompletableFuture::isDone));
        }
    }

    private void open(int round) throws IOException {
        writer.close();
        jdbi = Jdbi.create("jdbc:sqlite:" + folder.resolve("test" + round + ".db"));
        Handle handle = jdbi.open();
        handle.execute("create table t (id integer primary key)");
        handle.execute("pragma synchronous = off");
        writer = Writer.open(
                handle, new DiskSpace(folder), new SqliteErrors(folder.resolve("test.db")), new StateFiles());
    }
}
