package io.leprechaun.daemon.store;

import io.leprechaun.daemon.count.Histogram;
import io.leprechaun.daemon.history.Archive;
import io.leprechaun.daemon.history.ClockLog;
import io.leprechaun.daemon.history.Ledger;
import io.leprechaun.daemon.history.Outbox;
import io.leprechaun.daemon.history.RunFilter;
import io.leprechaun.daemon.history.RunStore;
import io.leprechaun.daemon.history.StoreException;
import io.leprechaun.daemon.history.StoreException.StoreFault;
import io.leprechaun.daemon.lifecycle.StateFiles;
import io.leprechaun.daemon.lifecycle.Threads;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.run.Input;
import io.leprechaun.daemon.run.Pause;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunOverrides;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.settings.AgentName;
import io.leprechaun.daemon.settings.notify.NotifyRules;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;

/** The store of runs in one SQLite file: write-ahead log, flushed at every commit, one writer. */
public final class SqliteStore implements RunStore, AutoCloseable {
    /** The delay after its opening before a large store is inspected. */
    private static final Duration INSPECTION_DELAY = Duration.ofMinutes(1);

    private final Writer writer;
    private final Readers readers;
    private final DiskSpace room;
    private final StateFiles files;
    private final SqliteErrors faults;
    private final RunMapper rows;
    private final Queries queries;
    private final BodyRows bodies;
    private final SqliteArchive archive;
    private final SqliteClockLog clock;
    private final SqliteLedger ledger;
    private final SqliteOutbox outbox;
    private final String identity;
    private final AtomicLong lastId;
    /** The versions of recipes that are on disk: most runs are of one of them. */
    private final Set<String> versions = ConcurrentHashMap.newKeySet();

    private SqliteStore(
            Path path,
            Writer writer,
            Readers readers,
            DiskSpace room,
            StateFiles files,
            SqliteErrors faults,
            String identity,
            long lastId) {
        this.writer = writer;
        this.readers = readers;
        this.room = room;
        this.files = files;
        this.faults = faults;
        this.rows = new RunMapper(faults);
        this.lastId = new AtomicLong(lastId);
        this.clock = new SqliteClockLog(writer, readers);
        this.archive = new SqliteArchive(path, writer, readers, clock::shifts);
        this.queries = new Queries(rows, clock::shifts);
        this.bodies = new BodyRows(path, rows, faults);
        this.ledger = new SqliteLedger(writer, readers);
        this.outbox = new SqliteOutbox(writer, readers, queries);
        this.identity = identity;
    }

    /**
     * Opens a store; creates it if there is none.
     *
     * @throws StoreException if it cannot be created, is not a store of Leprechaun, or is damaged
     */
    public static SqliteStore open(Path path) {
        var files = new StateFiles();
        try {
            files.pin(path.toAbsolutePath().resolveSibling(""));
        } catch (IOException e) {
            throw new SqliteErrors(path).of("cannot open the store " + path, e);
        }
        return open(path, files);
    }

    /**
     * Opens a store that accepts no new work while files are not in place.
     *
     * @param files the files that must stay in place; the store's are added
     */
    public static SqliteStore open(Path path, StateFiles files) {
        var unopened = new SqliteErrors(path);
        try {
            var file = StoreFile.at(path);
            Handle handle = file.open();
            try {
                return open(path, file, handle, files);
            } catch (RuntimeException e) {
                handle.close();
                throw e;
            }
        } catch (IOException | JdbiException e) {
            throw unopened.of("cannot open the store " + path, e);
        }
    }

    private static SqliteStore open(Path path, StoreFile file, Handle handle, StateFiles files) throws IOException {
        boolean small = file.isSmall();
        if (small) {
            file.inspect();
        }
        var room = new DiskSpace(path);
        String identity = identity(handle); // this and the next before the writer owns the handle
        long lastId = lastId(handle);
        file.pin(files);
        var writer = Writer.open(handle, room, file.faults(), files);
        writer.takeReserve();
        var readers = Readers.open(file.jdbi(), file.faults(), writer::failure);
        if (!small) {
            inspectLater(file, writer, files);
        }
        return new SqliteStore(path, writer, readers, room, files, file.faults(), identity, lastId);
    }

    /**
     * Opens a store read-only; changes are refused.
     *
     * @throws StoreException if there is none, it may not be read, or it is not of this version
     */
    public static SqliteStore openToRead(Path path) {
        try {
            var file = StoreFile.toRead(path);
            Handle handle = file.openToRead();
            var room = new DiskSpace(path);
            var writer = Writer.none(handle, room, file.faults());
            var readers = Readers.open(file.jdbi(), file.faults(), Optional::empty);
            return new SqliteStore(
                    path, writer, readers, room, new StateFiles(), file.faults(), identity(handle), lastId(handle));
        } catch (IOException | JdbiException e) {
            throw new SqliteErrors(path).of("cannot open the store " + path, e);
        }
    }

    static String identity(Handle handle) {
        return handle.createQuery("select identity from store")
                .mapTo(String.class)
                .one();
    }

    private static long lastId(Handle handle) {
        return handle.createQuery("select coalesce(max(seq), 0) from sqlite_sequence where name = 'run'")
                .mapTo(Long.class)
                .one();
    }

    /** Inspects the store after a delay: during a start, other work is more urgent. */
    private static void inspectLater(StoreFile file, Writer writer, StateFiles files) {
        Threads.platform("store-inspection", () -> {
                    try {
                        Thread.sleep(INSPECTION_DELAY);
                        if (files.displaced().isEmpty()) { // its path would name another file
                            file.inspect();
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    } catch (RuntimeException e) {
                        writer.fail(file.faults().of("cannot inspect the store", e));
                    }
                })
                .start();
    }

    /** Returns the history for its retention. */
    public Archive archive() {
        return archive;
    }

    @Override
    public Ledger ledger() {
        return ledger;
    }

    /** Returns the times of commits since the store was opened. */
    public Histogram commits() {
        return writer.commits();
    }

    @Override
    public ClockLog clock() {
        return clock;
    }

    @Override
    public Outbox outbox() {
        return outbox;
    }

    /** Saves as much as possible when its files are not in place any more. */
    public void save() {
        writer.saveLog();
    }

    @Override
    public Optional<StoreException> trouble() {
        return writer.failure()
                .or(() -> files.displaced().map(why -> new StoreException(StoreFault.DISPLACED, why, null)))
                .or(() -> room.isLow()
                        ? Optional.of(new StoreException(StoreFault.FULL, faults.full(), null))
                        : Optional.empty());
    }

    @Override
    public String identity() {
        return identity;
    }

    /** Skips all ids up to this one: they are in use by data that a store restored from a backup does not know. */
    public void skipIds(long taken) {
        lastId.accumulateAndGet(taken, Math::max);
    }

    @Override
    public long nextId() {
        return lastId.incrementAndGet();
    }

    @Override
    public CompletableFuture<Void> accept(Run run, Recipe recipe, Input input) {
        String version = recipe.origin().hash();
        boolean known = versions.contains(version);
        var kept = writer.<@Nullable Void>newWork(
                "run " + run.id() + " of " + run.order().recipe(), changes -> {
                    if (!known) {
                        changes.execute(
                                "insert or ignore into recipe_version (hash, file, text) values (?, ?, ?)",
                                version,
                                recipe.origin().file().toString(),
                                recipe.origin().text());
                    }
                    RunMapper.insert(changes, run);
                    Stream.of(input.parameters(), input.course().words())
                            .forEach(words -> words.forEach((name, value) -> changes.execute(
                                    "insert into parameter (run, name, value) values (?, ?, ?)",
                                    run.id(),
                                    name,
                                    value)));
                    input.body().ifPresent(body -> {
                        BodyRows.insert(changes, run.id(), body);
                        occupies(changes, run.id(), body.length());
                    });
                    input.deliveries()
                            .forEach(delivery -> changes.execute(
                                    "insert or replace into delivery (recipe, delivery, run, received_at) values"
                                            + " (?, ?, ?, ?)",
                                    run.order().recipe().value(),
                                    delivery,
                                    run.id(),
                                    RunMapper.micros(run.times().queuedAt())));
                    SqliteLedger.account(changes, run);
                    return null;
                });
        if (!known) {
            var unused = kept.thenRun(() -> versions.add(version));
        }
        return kept; // the future itself: a dependent one would wrap its failure in another exception
    }

    @Override
    public CompletableFuture<Long> refuse(Run run, NotifyRules tell) {
        long id = nextId(); // at once, not when written: numbers are given in the order of the decisions
        return writer.change(
                "the record of " + run.order().recipe() + " as " + run.state().word(), changes -> {
                    var last = SqliteLedger.lastRefused(changes, run)
                            .flatMap(newest -> queries.row(changes.handle(), newest))
                            .filter(same ->
                                    same.state() == run.state() && same.reason().equals(run.reason()));
                    if (last.isEmpty()) {
                        Run record = run.numbered(id);
                        RunMapper.insert(changes, record);
                        SqliteLedger.accountRefused(changes, record);
                        NoticeRows.ended(changes, record, tell);
                        NoticeRows.repeated(changes, record, 0, tell);
                        return record.id();
                    }
                    boolean unused = lastId.compareAndSet(id, id - 1); // the id is free again if it is the last one
                    Run counted = last.get().repeated(run);
                    RunMapper.update(changes, counted);
                    SqliteLedger.accountRefused(changes, run.numbered(counted.id())); // the record has no end number
                    NoticeRows.repeated(changes, counted, last.get().repeat().count(), tell);
                    return counted.id();
                });
    }

    @Override
    public void changed(Run run) {
        writer.soon(
                "run " + run.id() + " as " + run.state().word(), changes -> RunMapper.updateUnfinished(changes, run));
    }

    @Override
    public CompletableFuture<Void> attempted(Run waiting, List<Run> started) {
        return writer.change("attempt " + waiting.attempt() + " of run " + waiting.id(), changes -> {
            boolean unused = RunMapper.updateUnfinished(changes, waiting);
            RunMapper.insertSteps(changes, waiting);
            int added = changes.execute(
                    "insert or ignore into attempt (run, number, reason, exit_code) values (?, ?, ?, ?)",
                    waiting.id(),
                    waiting.attempt(),
                    waiting.reason().orElse(null),
                    waiting.exitCode().orElse(null));
            occupies(changes, waiting.id(), added * RunMapper.kept(waiting));
            started.forEach(run -> RunMapper.updateStarted(changes, run));
            return null;
        });
    }

    @Override
    public CompletableFuture<Void> start(List<Run> started) {
        return writer.change("the start of " + started.size() + " runs", changes -> {
            started.forEach(run -> RunMapper.updateStarted(changes, run));
            return null;
        });
    }

    @Override
    public CompletableFuture<Void> claim(Claims claims) {
        String runs = claims.runs().stream().sorted().map(String::valueOf).collect(Collectors.joining(" "));
        return writer.change("the claims", changes -> {
            changes.execute(
                    "insert or replace into claim (id, boot, runs, checksum) values (1, ?, ?, ?)",
                    claims.boot(),
                    runs,
                    Checksum.of(claims.boot(), runs));
            return null;
        });
    }

    @Override
    public Claims claims() {
        return readers.read(handle -> handle.createQuery("select boot, runs, checksum from claim")
                        .map((row, context) -> {
                            String boot = row.getString("boot");
                            String runs = row.getString("runs");
                            rows.verify(row, Checksum.of(boot, runs), "the claims");
                            return new Claims(boot, numbers(runs));
                        })
                        .findOne())
                .orElse(Claims.NONE);
    }

    private static Set<Long> numbers(String words) {
        return words.isEmpty()
                ? Set.of()
                : Stream.of(words.split(" ", -1)).map(Long::valueOf).collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public CompletableFuture<Long> end(Run ended, List<Run> started, NotifyRules tell) {
        return writer.change("the end of run " + ended.id(), changes -> {
            boolean isNew = RunMapper.updateUnfinished(changes, ended);
            started.forEach(run -> RunMapper.updateStarted(changes, run));
            if (!isNew) { // a commit that was reported as failed had reached the disk
                return ledger.lastEnd(changes, ended.order().recipe());
            }
            RunMapper.insertSteps(changes, ended);
            occupies(changes, ended.id(), RunMapper.kept(ended));
            NoticeRows.ended(changes, ended, tell);
            long end = ledger.nextEnd();
            recordLast(changes, ended, end);
            return end;
        });
    }

    /** Records the data of a recipe that `ls` and the settings for the history need. */
    private static void recordLast(Transaction changes, Run ended, long end) {
        String recipe = ended.order().recipe().value();
        changes.execute(
                "insert into recipe (name, last_run) values (?, ?) on conflict do update set last_run ="
                        + " max(coalesce(last_run, 0), excluded.last_run)",
                recipe,
                ended.id());
        if (ended.state().hasRun()) {
            String kind = ended.state() == RunState.SUCCEEDED ? "well" : "badly";
            changes.execute(
                    "update recipe set last_outcome = ?, " + kind + " = ? where name = ?",
                    ended.state().word(),
                    end,
                    recipe);
        }
        if (ended.times().startedAt().isPresent()) {
            changes.execute(
                    "update recipe set runs = runs + 1, bytes = bytes + (select bytes from run where id = ?) where"
                            + " name = ?",
                    ended.id(),
                    recipe);
        }
    }

    private static void occupies(Transaction changes, long run, long more) {
        if (more > 0) {
            changes.execute("update run set bytes = bytes + ? where id = ?", more, run);
        }
    }

    @Override
    public List<Run> unfinished() {
        return readers.read(queries::unfinished);
    }

    @Override
    public Optional<RecipeVersion> version(String hash) {
        return readers.read(handle -> handle.createQuery("select file, text from recipe_version where hash = :hash")
                .bind("hash", hash)
                .map((row, context) -> new RecipeVersion(row.getString("file"), row.getString("text")))
                .findOne());
    }

    @Override
    public Input input(long run) {
        return readers.read(handle -> {
            var parameters = new HashMap<String, String>();
            handle.createQuery("select name, value from parameter where run = :run")
                    .bind("run", run)
                    .map((row, context) -> Map.entry(row.getString("name"), row.getString("value")))
                    .forEach(parameter -> parameters.put(parameter.getKey(), parameter.getValue()));
            var body = bodies.find(handle, run, parameters);
            try {
                RunOverrides course = RunOverrides.take(parameters);
                return new Input(parameters, body, List.of(), course);
            } catch (IllegalArgumentException e) { // invalid words
                throw faults.damagedRow("the parameters of run " + run);
            }
        });
    }

    @Override
    public Map<RecipeName, List<Run>> recent(Set<RecipeName> recipes, int most) {
        return readers.read(handle -> queries.recent(handle, recipes, most));
    }

    @Override
    public Optional<Long> delivered(RecipeName recipe, String delivery, Instant since) {
        return readers.read(handle -> handle.createQuery(
                        "select run from delivery where recipe = :recipe and delivery = :delivery and "
                                + clock.shifts().sql("received_at", "run") + " >= :since")
                .bind("recipe", recipe.value())
                .bind("delivery", delivery)
                .bind("since", RunMapper.micros(since))
                .mapTo(Long.class)
                .findOne());
    }

    @Override
    public Optional<Run> due(RecipeName recipe, Instant until) {
        return readers.read(handle -> queries.due(handle, recipe, until));
    }

    @Override
    public Optional<Run> find(long id) {
        return readers.read(handle -> queries.find(handle, id));
    }

    @Override
    public List<Long> ids(RunFilter filter) {
        return readers.read(handle -> queries.ids(handle, filter));
    }

    @Override
    public int count(RunFilter filter) {
        return readers.read(handle -> queries.count(handle, filter));
    }

    @Override
    public List<Run> list(List<Long> ids) {
        return readers.read(handle -> queries.list(handle, ids));
    }

    @Override
    public Map<RecipeName, Run> last() {
        return readers.read(queries::last);
    }

    @Override
    public Map<RecipeName, Integer> failures() {
        return readers.read(handle -> RunMapper.byRecipe(
                handle.createQuery("select name as recipe, failures from recipe where failures > 0"),
                row -> row.getInt("failures")));
    }

    @Override
    public CompletableFuture<Void> pause(RecipeName recipe, Optional<Pause> pause) {
        return writer.change("the " + (pause.isPresent() ? "pause" : "resumption") + " of " + recipe, changes -> {
            changes.execute(
                    """
                    insert into recipe (name, paused_at, paused_until, paused_by, paused_reason) values (?, ?, ?, ?, ?)
                    on conflict do update set paused_at = excluded.paused_at, paused_until = excluded.paused_until,
                                              paused_by = excluded.paused_by, paused_reason = excluded.paused_reason\
                    """,
                    recipe.value(),
                    RunMapper.micros(pause.map(Pause::at)),
                    RunMapper.micros(pause.flatMap(Pause::until)),
                    pause.map(Pause::by).orElse(null),
                    pause.flatMap(Pause::reason).orElse(null));
            return null;
        });
    }

    @Override
    public Map<RecipeName, Pause> pauses() {
        return readers.read(handle -> RunMapper.byRecipe(
                handle.createQuery(
                        "select name as recipe, paused_at, paused_until, paused_by, paused_reason from recipe"
                                + " where paused_at is not null"),
                RunMapper::pause));
    }

    @Override
    public CompletableFuture<Void> pauseAgent(AgentName agent, Optional<Pause> pause) {
        return writer.change("the " + (pause.isPresent() ? "pause" : "start") + " of " + agent, changes -> {
            pause.ifPresentOrElse(
                    now -> changes.execute(
                            "insert or replace into agent (name, paused_at, paused_until, paused_by, paused_reason)"
                                    + " values (?, ?, ?, ?, ?)",
                            agent.value(),
                            RunMapper.micros(now.at()),
                            RunMapper.micros(now.until()),
                            now.by(),
                            now.reason().orElse(null)),
                    () -> changes.execute("delete from agent where name = ?", agent.value()));
            return null;
        });
    }

    @Override
    public Optional<Pause> agentPause(AgentName agent) {
        return readers.read(handle -> handle.createQuery(
                        "select paused_at, paused_until, paused_by, paused_reason from agent where name = :agent")
                .bind("agent", agent.value())
                .map((row, context) -> RunMapper.pause(row))
                .findOne());
    }

    @Override
    public void close() {
        readers.close(writer.mayClose());
        writer.close();
    }
}
