package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.leprechaun.daemon.history.RunFilter;
import io.leprechaun.daemon.history.StoreException;
import io.leprechaun.daemon.store.Backup;
import io.leprechaun.daemon.store.GrownSchema;
import io.leprechaun.daemon.store.SqliteStore;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/**
 * A damaged store is refused, with a remedy, or shows its data as before: never less, never other data.
 * {@code -Dleprechaun.damages=200} does more of them, {@code -Dleprechaun.seed} the same ones again.
 */
@Tag("proof")
@Timeout(900)
class DamageIT {
    private static final int DAMAGES = Integer.getInteger("leprechaun.damages", 20);
    private static final int PAGE = 4096;
    private static final int LOG_HEADER = 32;
    private static final int FRAME = 24 + PAGE;
    private static final int IN_THE_FILE = 300;
    private static final int IN_THE_LOG = 60;

    @RegisterExtension
    private final Installation place = new Installation();

    /** The kind of damage to a file, at a place in it. */
    private enum Kind {
        A_BIT_FLIPPED,
        A_BYTE_CHANGED,
        CUT_OFF,
        A_PAGE_ZEROED;

        /** Returns the end of a damage at a place. */
        long end(long at) {
            return this == A_PAGE_ZEROED ? (at / PAGE + 1) * PAGE : at + 1;
        }
    }

    /**
     * A state folder as a daemon left it.
     *
     * @param folder the folder with its files
     * @param runs the reported runs of the undamaged store, newest first
     */
    private record Left(Path folder, List<JsonNode> runs) {
        Path store() {
            return folder.resolve("leprechaun.db");
        }

        Path log() {
            return folder.resolve("leprechaun.db-wal");
        }
    }

    @Test
    void damages_are_refused_or_change_nothing() throws Exception {
        long seed = Long.getLong("leprechaun.seed", System.nanoTime());
        System.err.println("DamageIT: -Dleprechaun.damages=" + DAMAGES + " -Dleprechaun.seed=" + seed);
        var random = new Random(seed);
        Left stopped = leftByOneThatStopped();
        Left killed = leftByOneThatWasKilled();
        int refused = 0;
        for (int i = 0; i < DAMAGES; i++) {
            boolean wasKilled = random.nextBoolean();
            Left left = wasKilled ? killed : stopped;
            boolean log = wasKilled && random.nextBoolean();
            Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
            Path file = log ? left.log() : left.store();
            List<Block> blocks = log ? framesOfTheLog(file) : pagesInUse(file);
            long at = blocks.get(random.nextInt(blocks.size())).any(random);
            int bits = kind == Kind.A_BIT_FLIPPED ? 1 << random.nextInt(8) : 1 + random.nextInt(255);
            String what = "%d, seed %d: %s %s at %d (^%02x), left by one that %s"
                    .formatted(i, seed, file.getFileName(), kind, at, bits, wasKilled ? "was killed" : "stopped");
            putInPlace(left);
            damage(place.state().resolve(file.getFileName()), kind, at, bits);
            boolean endOfLog = log && (kind == Kind.CUT_OFF || kind.end(at) > nearEnd(left.log()));
            refused += isRefused(left, endOfLog, what) ? 1 : 0;
        }
        System.err.println("DamageIT: " + refused + " of " + DAMAGES + " were refused");
        assertThat(refused).as("some of so many must be noticed").isPositive();
    }

    /** Starts a daemon on a damaged store. The daemon must refuse it, or report the runs correctly. */
    private boolean isRefused(Left left, boolean endOfLog, String what) throws Exception {
        var begun = place.beginDaemon();
        var daemon = new RunningDaemon(place, begun);
        if (!daemon.becomesReady()) {
            var ended = begun.end();
            assertThat(ended.code()).as(what).isEqualTo(2);
            assertThat(ended.err())
                    .as(what)
                    .hasLineCount(1)
                    .contains(place.state().resolve("leprechaun.db").toString(), "restore a backup");
            return true;
        }
        var answer = daemon.api().send("GET", "/history/list?args=-n&args=1000");
        daemon.killHard();
        if (answer.status() != 200) {
            assertThat(answer.body()).as(what).contains("leprechaun.db is damaged", "restore a backup");
            return true;
        }
        var runs = RunningDaemon.list(Installation.JSON.readTree(answer.body()).get("runs"));
        if (endOfLog) {
            assertThat(runs).as(what).hasSizeBetween(IN_THE_FILE, left.runs().size());
            assertThat(ids(left.runs())).as(what).containsAll(ids(runs));
            assertThat(ids(runs)).as(what).doesNotHaveDuplicates();
            assertThat(runs.reversed().subList(0, IN_THE_FILE))
                    .as(what)
                    .isEqualTo(left.runs().reversed().subList(0, IN_THE_FILE));
        } else {
            assertThat(runs).as(what).isEqualTo(left.runs());
        }
        return false;
    }

    /** For a copy, which has no reserve: all of its pages can be tried, each by an opening in this JVM. */
    @Test
    void a_damage_of_any_page_is_refused_or_changes_nothing() throws Exception {
        Path store = place.folder().resolve("copy.db");
        Backup.make(leftByOneThatStopped().store(), store);
        GrownSchema.grow(store);
        byte[] whole = Files.readAllBytes(store);
        List<Object> told = told(store).orElseThrow();
        byte[] unlike = new byte[PAGE];
        new Random(1).nextBytes(unlike);
        int refused = 0;
        int pages = whole.length / PAGE;
        for (int page = 0; page < pages; page++) {
            for (byte[] instead : List.of(new byte[PAGE], unlike)) {
                byte[] damaged = whole.clone();
                System.arraycopy(instead, 0, damaged, page * PAGE, PAGE);
                Files.write(store, damaged);
                var tells = told(store);
                assertThat(tells.orElse(told)).as("page %d", page + 1).isEqualTo(told);
                refused += tells.isEmpty() ? 1 : 0;
            }
        }
        System.err.println("DamageIT: " + refused + " of " + 2 * pages + " damages of pages were refused");
        assertThat(refused)
                .as("only free pages do no harm")
                .isGreaterThan(pages)
                .isLessThan(2 * pages);
    }

    /** Returns all data of a store, unless it is refused in a sentence. */
    private static Optional<List<Object>> told(Path file) {
        try (var store = SqliteStore.open(file)) {
            var runs = store.ids(RunFilter.newest(1000)).stream().map(store::find);
            return Optional.of(Stream.concat(
                            runs,
                            Stream.of(
                                    store.identity(),
                                    store.archive().kept(),
                                    store.outbox().entries(1000)))
                    .toList());
        } catch (StoreException e) {
            assertThat(e)
                    .hasMessageContainingAll(file.toString(), "damaged", "restore a backup")
                    .hasMessageNotContainingAny("\n", "[statement", "Exception");
            return Optional.empty();
        }
    }

    @Test
    void a_lost_page_of_the_schema_is_told_by_daemon_and_client() throws Exception {
        var daemon = place.recipe("good", "definition: hook\nid: good\nsteps: [ 'true' ]\n")
                .start();
        daemon.over(RunningDaemon.ticket(daemon.post("/hook?id=good")));
        var runs = runs(daemon);
        daemon.stop();
        Left grown = new Left(copy("grown"), runs);
        GrownSchema.grow(grown.store());
        putInPlace(grown);
        assertThat(isRefused(grown, false, "undamaged")).isFalse();

        putInPlace(grown);
        Path store = place.state().resolve("leprechaun.db");
        damage(store, Kind.A_PAGE_ZEROED, (GrownSchema.pages(grown.store()).getFirst() - 1L) * PAGE, 0);
        byte[] damaged = Files.readAllBytes(store);
        assertThat(isRefused(grown, false, "a page of the schema zeroed")).isTrue();
        Path copy = place.folder().resolve("copy.db");
        for (String question : List.of("verify", "backup " + copy, "runs")) {
            var answer = place.client(question.split(" ", -1));
            assertThat(answer.code()).as(question).isEqualTo(4);
            assertThat(answer.err())
                    .contains(store + " is damaged", "restore a backup")
                    .doesNotContain("Exception");
        }
        assertThat(copy).doesNotExist();
        assertThat(store).hasBinaryContent(damaged);
    }

    @Test
    void a_log_without_its_store_is_refused() throws Exception {
        var daemon = place.recipe("good", "definition: hook\nid: good\nsteps: [ 'true' ]\n")
                .start();
        daemon.over(RunningDaemon.ticket(daemon.post("/hook?id=good")));
        daemon.killHard();
        Files.delete(place.state().resolve("leprechaun.db"));
        var refused = place.daemon();
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err())
                .hasLineCount(1)
                .contains(place.state().resolve("leprechaun.db") + " is missing", "restore both");
        assertThat(place.state().resolve("leprechaun.db")).doesNotExist();
    }

    @Test
    void the_way_out_that_is_told_saves_what_can_be_read() throws Exception {
        Tools.require("that the way out of a damage works is not checked", "sqlite3");
        Left left = leftByOneThatStopped();
        Path store = place.state().resolve("leprechaun.db");
        String told = "";
        var schema = GrownSchema.pages(left.store()); // of a store without its schema nothing can be saved
        List<Block> pages = pagesInUse(left.store()).stream()
                .filter(page -> !schema.contains((int) (page.start() / PAGE) + 1))
                .toList();
        for (int i = pages.size() / 2; told.isEmpty(); i++) { // until a loss is found at once
            putInPlace(left);
            damage(store, Kind.A_PAGE_ZEROED, pages.get(i).start(), 0);
            var begun = place.beginDaemon();
            var daemon = new RunningDaemon(place, begun);
            if (daemon.becomesReady()) {
                daemon.killHard();
            } else {
                told = begun.end().err();
            }
        }
        var command = Pattern.compile("`(.*)`").matcher(told);
        assertThat(command.find()).as(told).isTrue();
        var shell = new ProcessBuilder("/bin/sh", "-c", command.group(1))
                .inheritIO()
                .start();
        assertThat(shell.waitFor()).isZero();
        Files.move(place.state().resolve("leprechaun.db.saved"), store, StandardCopyOption.REPLACE_EXISTING);

        var again = place.start();
        var saved = runs(again);
        assertThat(saved).hasSizeGreaterThan(IN_THE_FILE / 2);
        assertThat(idsAndStates(left.runs())).containsAll(idsAndStates(saved)); // of steps fewer may have been saved
        assertThat(RunningDaemon.ticket(again.post("/hook?id=good"))).isGreaterThan(IN_THE_FILE);
    }

    private static List<String> idsAndStates(List<JsonNode> runs) {
        return runs.stream()
                .map(run -> run.get("id").asLong() + " " + run.get("state").asString())
                .toList();
    }

    private Left leftByOneThatStopped() throws Exception {
        place.settings("workers: { queue: 1000 }");
        for (String recipe : List.of("good", "other", "bad")) {
            place.recipe(
                    recipe,
                    "definition: hook\nid: " + recipe + "\noverlap: parallel\nsteps: [ '"
                            + (recipe.equals("bad") ? "exit 3" : "true") + "' ]\n");
        }
        var daemon = place.start();
        knock(daemon, "bad", 5);
        knock(daemon, "good", 195);
        knock(daemon, "other", 100);
        var runs = runs(daemon);
        assertThat(runs).hasSize(IN_THE_FILE);
        daemon.stop();
        return new Left(copy("stopped"), runs);
    }

    /**
     * Continues from the state of the daemon that stopped. The expected content of its log is the report of a daemon
     * that was started on it undamaged.
     */
    private Left leftByOneThatWasKilled() throws Exception {
        var daemon = place.start();
        knock(daemon, "good", IN_THE_LOG);
        daemon.killHard();
        var left = new Left(copy("killed"), new ArrayList<>());
        var again = place.start();
        left.runs().addAll(runs(again));
        again.killHard();
        assertThat(left.runs()).hasSize(IN_THE_FILE + IN_THE_LOG);
        return left;
    }

    /** Sends hooks and waits until all of their runs are over. */
    private static void knock(RunningDaemon daemon, String id, int count) throws Exception {
        daemon.postMany("/hook?id=" + id, count, 20).forEach(RunningDaemon::ticket);
        eventually(() ->
                assertThat(runs(daemon)).noneMatch(run -> run.get("ended_at").isNull()));
    }

    private static List<JsonNode> runs(RunningDaemon daemon) throws IOException {
        return RunningDaemon.list(daemon.ask("/history/list?args=-n&args=1000").get("runs"));
    }

    private static List<Long> ids(List<JsonNode> runs) {
        return runs.stream().map(run -> run.get("id").asLong()).toList();
    }

    private Path copy(String name) throws IOException {
        Path copy = Files.createDirectory(place.folder().resolve(name));
        copyFiles(place.state(), copy);
        return copy;
    }

    private void putInPlace(Left left) throws IOException {
        for (Path file : storeFiles(place.state())) {
            Files.delete(file);
        }
        copyFiles(left.folder(), place.state());
    }

    private static void copyFiles(Path from, Path to) throws IOException {
        for (Path file : storeFiles(from)) {
            Files.copy(file, to.resolve(file.getFileName()));
        }
    }

    private static List<Path> storeFiles(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith("leprechaun.db"))
                    .toList();
        }
    }

    private static void damage(Path file, Kind kind, long at, int bits) throws IOException {
        try (var content = new RandomAccessFile(file.toFile(), "rw")) {
            switch (kind) {
                case A_BIT_FLIPPED, A_BYTE_CHANGED -> {
                    content.seek(at);
                    int old = content.read();
                    content.seek(at);
                    content.write(old ^ bits);
                }
                case CUT_OFF -> content.setLength(at);
                case A_PAGE_ZEROED -> {
                    long page = at / PAGE * PAGE;
                    content.seek(page);
                    content.write(new byte[(int) Math.min(PAGE, content.length() - page)]);
                }
            }
        }
    }

    /** A part of a file with data: most of a young store is a reserve, where damage has no effect. */
    private record Block(long start, int length) {
        long any(Random random) {
            return start + random.nextInt(length);
        }
    }

    /**
     * Returns the pages of a store that are not on its list of free ones: trunks from the 32nd byte on, each with the
     * next one, the count of its leaves and these (SQLite's file format, 1.5).
     */
    private static List<Block> pagesInUse(Path store) throws IOException {
        var bytes = ByteBuffer.wrap(Files.readAllBytes(store));
        var free = new HashSet<Integer>();
        for (int trunk = bytes.getInt(32); trunk != 0; trunk = bytes.getInt((trunk - 1) * PAGE)) {
            free.add(trunk);
            int start = (trunk - 1) * PAGE;
            for (int leaf = 0; leaf < bytes.getInt(start + 4); leaf++) {
                free.add(bytes.getInt(start + 8 + 4 * leaf));
            }
        }
        return IntStream.rangeClosed(1, bytes.capacity() / PAGE)
                .filter(page -> !free.contains(page))
                .mapToObj(page -> new Block((page - 1L) * PAGE, PAGE))
                .toList();
    }

    /** The header of a log and those of its frames that are of its present round: older ones lie behind them. */
    private static List<Block> framesOfTheLog(Path log) throws IOException {
        var bytes = ByteBuffer.wrap(Files.readAllBytes(log));
        var blocks = new ArrayList<>(List.of(new Block(0, LOG_HEADER)));
        long salt = bytes.getLong(16);
        for (int at = LOG_HEADER; at + FRAME <= bytes.capacity() && bytes.getLong(at + 8) == salt; at += FRAME) {
            blocks.add(new Block(at, FRAME));
        }
        return blocks;
    }

    /**
     * Returns the position of the frame that ends the last commit but one. Damage from there on cannot be distinguished
     * from one commit that a crash has cut off, and neither can a log that was cut off anywhere: then its data may end
     * sooner, but the earlier data in the store's file must exist.
     */
    private static long nearEnd(Path log) throws IOException {
        var bytes = ByteBuffer.wrap(Files.readAllBytes(log));
        long lastButOne = LOG_HEADER;
        long last = LOG_HEADER;
        for (Block frame : framesOfTheLog(log)) {
            if (frame.length() == FRAME && bytes.getInt((int) frame.start() + 4) != 0) { // it ends a commit
                lastButOne = last;
                last = frame.start();
            }
        }
        return lastButOne;
    }
}
