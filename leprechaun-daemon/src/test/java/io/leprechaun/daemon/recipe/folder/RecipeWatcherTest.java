package io.leprechaun.daemon.recipe.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.leprechaun.daemon.recipe.reader.RecipeReader;
import io.leprechaun.daemon.settings.Settings;
import io.leprechaun.daemon.trust.Trust;
import io.leprechaun.daemon.yaml.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(180)
class RecipeWatcherTest {
    private static final Duration FAR = Duration.ofHours(1);

    @TempDir
    private Path temp;

    private Path folder;
    private final List<RecipeBook> told = new CopyOnWriteArrayList<>();
    private final AtomicInteger atOnce = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private @Nullable RecipeWatcher started;
    private InstantSource clock = InstantSource.system();
    private Duration patience = Duration.ofSeconds(30);

    @BeforeEach
    void make() throws IOException {
        folder = Files.createDirectory(temp.resolve("recipes"));
    }

    @AfterEach
    void close() {
        if (started != null) {
            started.close();
        }
    }

    private RecipeWatcher start(Duration anyway) throws InterruptedException {
        return start(anyway, this::told);
    }

    private RecipeWatcher start(Duration anyway, Consumer<RecipeBook> listener) throws InterruptedException {
        var watcher = open(anyway);
        started = watcher;
        watcher.start(false, listener);
        return watcher;
    }

    private RecipeWatcher open(Duration anyway) {
        RecipeReader reader = RecipeReader.of(Settings.defaults(temp, ZoneId.of("UTC")), new Problems());
        return RecipeWatcher.open(new RecipeFolder(folder, reader, Trust::strict, clock), anyway, patience);
    }

    private void told(RecipeBook book) {
        most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
        told.add(book);
        atOnce.decrementAndGet();
    }

    private void write(String file, String command) throws IOException {
        Files.writeString(folder.resolve(file), "steps:\n- " + command + "\n");
    }

    private static List<String> commands(RecipeWatcher watcher) {
        return watcher.book().recipes().stream()
                .map(r -> r.steps().getFirst().action().text())
                .toList();
    }

    private static void awaitCommands(RecipeWatcher watcher, String... commands) {
        await().pollInterval(Duration.ofMillis(20))
                .untilAsserted(() -> assertThat(commands(watcher)).containsExactly(commands));
    }

    @Test
    void the_first_book_is_told_before_the_start_returns() throws Exception {
        write("a.yml", "one");
        RecipeWatcher watcher = start(FAR);

        assertThat(told).hasSize(1);
        assertThat(commands(watcher)).containsExactly("one");
    }

    /** The ways in which people and programs change files. */
    private enum Way {
        IN_PLACE,
        RENAME_OVER,
        DELETE_AND_CREATE,
        ADD,
        DELETE
    }

    @ParameterizedTest
    @EnumSource
    void a_change_is_seen_without_anybody_asking(Way way) throws Exception {
        write("a.yml", "one");
        RecipeWatcher watcher = start(FAR);

        switch (way) {
            case IN_PLACE -> write("a.yml", "two");
            case RENAME_OVER -> {
                write("a.tmp", "two");
                Files.move(folder.resolve("a.tmp"), folder.resolve("a.yml"), StandardCopyOption.ATOMIC_MOVE);
            }
            case DELETE_AND_CREATE -> {
                Files.delete(folder.resolve("a.yml"));
                write("a.yml", "two");
            }
            case ADD -> write("b.yml", "two");
            case DELETE -> Files.delete(folder.resolve("a.yml"));
        }

        switch (way) {
            case IN_PLACE, RENAME_OVER, DELETE_AND_CREATE -> awaitCommands(watcher, "two");
            case ADD -> awaitCommands(watcher, "one", "two");
            case DELETE -> awaitCommands(watcher);
        }
        assertThat(told).as("the recipe was never gone in between").hasSize(2);
    }

    @Test
    void what_gives_no_hint_is_seen_when_somebody_asks() throws Exception {
        Path target = Files.writeString(temp.resolve("target"), "steps: [one]");
        Files.createSymbolicLink(folder.resolve("a.yml"), target);
        RecipeWatcher watcher = start(FAR);

        Files.writeString(target, "steps: [two]");
        RecipeBook book = watcher.rescanNow(false);

        assertThat(commands(watcher)).containsExactly("two");
        assertThat(told).last().isEqualTo(book);
    }

    @Test
    void what_gives_no_hint_is_seen_after_a_while() throws Exception {
        Path target = Files.writeString(temp.resolve("target"), "steps: [one]");
        Files.createSymbolicLink(folder.resolve("a.yml"), target);
        RecipeWatcher watcher = start(Duration.ofMillis(200));

        Files.writeString(target, "steps: [two]");

        awaitCommands(watcher, "two");
    }

    @Test
    void a_folder_that_is_made_anew_is_watched_again() throws Exception {
        RecipeWatcher watcher = start(Duration.ofMillis(200));
        Files.delete(folder);
        await().until(() -> watcher.book().warning().isPresent());

        Files.createDirectory(folder);
        write("a.yml", "one");

        awaitCommands(watcher, "one");
        assertThat(watcher.book().warning()).isEmpty();
    }

    @Test
    void nothing_is_told_when_nothing_changed() throws Exception {
        write("a.yml", "one");
        RecipeWatcher watcher = start(FAR);
        write("a.yml~", "backup");
        watcher.rescanNow(false);
        watcher.rescanNow(false);

        assertThat(told).hasSize(1);
    }

    @Test
    void every_version_that_is_taken_is_a_whole_one() throws Exception {
        write("a.yml", "0 0");
        RecipeWatcher watcher = start(Duration.ofMillis(50));
        for (int i = 1; i <= 300; i++) {
            String text = "steps:\n- " + i + " " + i + "\n";
            Path file = folder.resolve("a.yml");
            switch (i % 3) {
                case 0 -> Files.writeString(file, text);
                case 1 -> {
                    Files.writeString(file, text.substring(0, text.length() / 2));
                    Files.writeString(file, text);
                }
                default -> {
                    Files.delete(file);
                    Files.writeString(file, text);
                }
            }
            if (i % 50 == 0) {
                watcher.rescanNow(false);
            }
        }

        awaitCommands(watcher, "300 300");
        assertThat(most).hasValue(1);
        assertThat(told).flatExtracting(RecipeBook::recipes).allSatisfy(recipe -> {
            String[] words = recipe.steps().getFirst().action().text().split(" ");
            assertThat(words).hasSize(2);
            assertThat(words[0]).isEqualTo(words[1]);
        });
    }

    @Test
    void a_listener_that_throws_is_told_the_next_book() throws Exception {
        RecipeWatcher watcher = start(FAR, book -> {
            told.add(book);
            if (told.size() == 2) {
                throw new IllegalStateException("a bad listener");
            }
        });
        write("a.yml", "one");
        await().until(() -> told.size() >= 2);
        write("a.yml", "two");

        awaitCommands(watcher, "two");
    }

    @Test
    void an_error_of_one_look_is_told_to_who_asked_and_the_next_look_mends_it() throws Exception {
        var broken = new AtomicBoolean();
        RecipeWatcher watcher = start(FAR, book -> {
            if (broken.get()) {
                throw new StackOverflowError("as planned");
            }
            told.add(book);
        });
        broken.set(true);
        write("a.yml", "one");
        assertThatThrownBy(() -> watcher.rescanNow(false))
                .isInstanceOfSatisfying(
                        RecipeWatcher.NotReadException.class,
                        e -> assertThat(e.isLate()).isFalse())
                .hasMessageContaining("cannot read the recipes folder " + folder + " (java.lang.StackOverflowError)");
        assertThat(watcher.fault()).isPresent();
        broken.set(false);
        await().until(() -> told.size() == 2);
        assertThat(watcher.rescanNow(false).recipes()).hasSize(1);
        assertThat(watcher.fault()).isEmpty();
    }

    @Test
    void an_error_of_the_first_look_does_not_keep_the_daemon_from_starting() throws Exception {
        write("a.yml", "one");
        var first = new AtomicBoolean(true);
        clock = () -> {
            if (first.getAndSet(false)) {
                throw new StackOverflowError("as planned");
            }
            return Instant.now();
        };
        RecipeWatcher watcher = start(FAR);
        assertThat(told.getFirst().warning()).isPresent();
        awaitCommands(watcher, "one");
        assertThat(watcher.fault()).isEmpty();
    }

    @Test
    void who_asks_is_told_when_the_look_does_not_end() throws Exception {
        patience = Duration.ofMillis(100);
        var blocked = new CountDownLatch(1);
        RecipeWatcher watcher = start(FAR, book -> {
            told.add(book);
            if (told.size() > 1) {
                try {
                    blocked.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        });
        write("a.yml", "one");
        assertThatThrownBy(() -> watcher.rescanNow(false))
                .isInstanceOfSatisfying(
                        RecipeWatcher.NotReadException.class,
                        e -> assertThat(e.isLate()).isTrue());
        blocked.countDown();
    }

    @Test
    void closing_ends_its_threads_and_frees_who_asks() throws Exception {
        RecipeWatcher watcher = start(FAR);
        watcher.close();

        assertThat(watcher.rescanNow(false)).isSameAs(watcher.book());
        awaitNoThreads();
    }

    @Test
    void closing_what_was_not_started_ends_its_threads() {
        open(FAR).close();
        awaitNoThreads();
    }

    private static void awaitNoThreads() {
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(t -> t.getName().startsWith("recipes")));
    }
}
