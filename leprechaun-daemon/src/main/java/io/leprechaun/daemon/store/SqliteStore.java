package io.leprechaun.daemon.store;

import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.run.Input;
import io.leprechaun.daemon.run.Notice;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunFilter;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.run.RunStore;
import io.leprechaun.daemon.run.StepResult;
import io.leprechaun.daemon.run.StoreException;
import io.leprechaun.daemon.run.TriggerKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;

/** Runs in one SQLite file: write-ahead log, flushed at every commit, one writer. */
public final class SqliteStore implements RunStore, AutoCloseable {
    /** "Lepr": tells the file from any other SQLite database. */
    private static final int APPLICATION_ID = 0x4c657072;
    /** As SQLite numbers its errors. */
    private static final int CORRUPT = 11;

    private static final int NOT_A_DATABASE = 26;

    private final Writer writer;
    private final Readers readers;
    private final String identity;
    private final AtomicLong lastId;

    private SqliteStore(Writer writer, Readers readers, String identity, long lastId) {
        this.writer = writer;
        this.readers = readers;
        this.identity = identity;
        this.lastId = new AtomicLong(lastId);
    }

    /**
     * Opens a store, making it where there is none.
     *
     * @throws StoreException if it cannot be made or is not one of ours
     */
    public static SqliteStore open(Path file) {
        try {
            if (!Files.exists(file)) {
                create(file);
            }
            var jdbi = Jdbi.create(url(file), pragmas());
            var handle = jdbi.open();
            try {
                return open(file, jdbi, handle);
            } catch (RuntimeException e) {
                handle.close();
                throw e;
            }
        } catch (IOException | JdbiException e) {
            throw isDamaged(e)
                    ? foreign(file, e)
                    : new StoreException("cannot open the store " + file + ": " + reason(e), e);
        }
    }

    private static SqliteStore open(Path file, Jdbi jdbi, Handle handle) {
        int application =
                handle.createQuery("pragma application_id").mapTo(Integer.class).one();
        if (application != APPLICATION_ID) {
            throw foreign(file, null);
        }
        handle.execute("pragma journal_mode = wal");
        Migrations.run(handle, file);
        String identity = handle.createQuery("select identity from store")
                .mapTo(String.class)
                .one();
        long last = handle.createQuery("select coalesce(max(seq), 0) from sqlite_sequence where name = 'run'")
                .mapTo(Long.class)
                .one();
        return new SqliteStore(Writer.open(handle), Readers.open(jdbi), identity, last);
    }

    /** Under another name until what is fixed at creation is on disk: a file of the store's name is a store, or was one. */
    private static void create(Path file) throws IOException {
        Path made = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(made);
        Files.deleteIfExists(file.resolveSibling(file.getFileName() + "-wal")); // of a store that somebody removed
        Files.deleteIfExists(file.resolveSibling(file.getFileName() + "-shm"));
        Files.createFile(made, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Jdbi.create(url(made), pragmas()).useHandle(handle -> {
            handle.execute("pragma auto_vacuum = incremental");
            handle.execute("pragma application_id = " + APPLICATION_ID);
        });
        Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static String url(Path file) {
        return "jdbc:sqlite:" + file;
    }

    private static StoreException foreign(Path file, @Nullable Throwable cause) {
        return new StoreException(
                file + " is not a store of Leprechaun, or is damaged: move it away or restore a backup", cause);
    }

    private static boolean isDamaged(Throwable e) {
        return root(e) instanceof SQLException sql
                && (sql.getErrorCode() == CORRUPT || sql.getErrorCode() == NOT_A_DATABASE);
    }

    private static String reason(Throwable e) {
        return String.valueOf(root(e).getMessage());
    }

    private static Throwable root(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    private static Properties pragmas() {
        var pragmas = new Properties();
        pragmas.setProperty("synchronous", "FULL");
        pragmas.setProperty("busy_timeout", "10000");
        pragmas.setProperty("transaction_mode", "IMMEDIATE");
        return pragmas;
    }

    @Override
    public String identity() {
        return identity;
    }

    @Override
    public long nextId() {
        return lastId.incrementAndGet();
    }

    @Override
    public CompletableFuture<Void> accept(Run run, Recipe recipe, Input input) {
        return writer.change("run " + run.id() + " of " + run.order().recipe(), changes -> {
            changes.execute(
                    "insert or ignore into recipe_version (hash, file, text) values (?, ?, ?)",
                    recipe.origin().hash(),
                    recipe.origin().file().toString(),
                    recipe.origin().text());
            Rows.insert(changes, run);
            changes.execute(
                    "insert into recipe (name, last_run) values (?, ?) on conflict do update set last_run ="
                            + " excluded.last_run",
                    run.order().recipe().value(),
                    run.id());
            input.parameters()
                    .forEach((name, value) -> changes.execute(
                            "insert into parameter (run, name, value) values (?, ?, ?)", run.id(), name, value));
            input.body()
                    .ifPresent(
                            body -> changes.execute("insert into body (run, content) values (?, ?)", run.id(), body));
            account(changes, run);
            return null;
        });
    }

    @Override
    public CompletableFuture<Long> refuse(Run run, Set<Notice.Kind> tell) {
        return writer.change(
                "that " + run.order().recipe() + " was " + run.state().word(), changes -> {
                    account(changes, run);
                    var last = changes.handle()
                            .createQuery(
                                    "select * from run where recipe = :recipe and trigger_kind = :trigger order by id"
                                            + " desc limit 1")
                            .bind("recipe", run.order().recipe().value())
                            .bind("trigger", run.order().cause().trigger().word())
                            .map(Rows::run)
                            .findOne()
                            .filter(same ->
                                    same.state() == run.state() && same.reason().equals(run.reason()));
                    if (last.isEmpty()) {
                        Run record = run.numbered(nextId());
                        Rows.insert(changes, record);
                        tell(changes, record, tell);
                        return record.id();
                    }
                    changes.execute(
                            "update run set repeated = repeated + ?, due_until = ?, ended_at = ? where id = ?",
                            run.repeat().count(),
                            Rows.micros(run.repeat()
                                    .lastDue()
                                    .or(() -> run.order().cause().dueAt())),
                            Rows.micros(run.times().endedAt()),
                            last.get().id());
                    return last.get().id();
                });
    }

    private static void account(Changes changes, Run run) {
        run.order()
                .cause()
                .dueAt()
                .ifPresent(due -> account(
                        changes,
                        run.order().recipe(),
                        run.order().cause().trigger(),
                        run.repeat().lastDue().orElse(due)));
    }

    private static void account(Changes changes, RecipeName recipe, TriggerKind trigger, Instant until) {
        changes.execute("""
            insert into due (recipe, trigger_kind, accounted) values (?, ?, ?)
            on conflict do update set accounted = max(coalesce(accounted, 0), excluded.accounted)\
            """, recipe.value(), trigger.word(), Rows.micros(until));
    }

    @Override
    public void stopping(Run run) {
        writer.soon("that run " + run.id() + " is being stopped", changes -> {
            changes.execute(
                    "update run set state = ?, reason = ? where id = ? and ended_at is null",
                    run.state().word(),
                    run.reason().orElse(null),
                    run.id());
        });
    }

    @Override
    public CompletableFuture<Void> attempted(Run waiting, List<Run> started) {
        return writer.change("attempt " + waiting.attempt() + " of run " + waiting.id(), changes -> {
            Rows.end(changes, waiting);
            started.forEach(run -> Rows.start(changes, run));
            return null;
        });
    }

    @Override
    public CompletableFuture<Void> start(List<Run> started) {
        return writer.change("the start of " + started.size() + " runs", changes -> {
            started.forEach(run -> Rows.start(changes, run));
            return null;
        });
    }

    @Override
    public CompletableFuture<Void> end(Run ended, List<Run> started, Set<Notice.Kind> tell) {
        return writer.change("the end of run " + ended.id(), changes -> {
            Rows.end(changes, ended);
            started.forEach(run -> Rows.start(changes, run));
            tell(changes, ended, tell);
            if (ended.state().hasRun()) {
                changes.execute(
                        "update recipe set last_outcome = ? where name = ?",
                        ended.state().word(),
                        ended.order().recipe().value());
            }
            return null;
        });
    }

    private static void tell(Changes changes, Run ended, Set<Notice.Kind> wanted) {
        var kinds = new ArrayList<Notice.Kind>();
        switch (ended.state()) {
            case FAILED, TIMED_OUT, LOST -> kinds.add(Notice.Kind.FAILURE);
            case REJECTED -> kinds.add(Notice.Kind.REJECTED);
            case MISSED -> kinds.add(Notice.Kind.MISSED);
            case SUCCEEDED -> {
                kinds.add(Notice.Kind.SUCCESS);
                if (wanted.contains(Notice.Kind.RECOVERY)
                        && lastOutcome(changes.handle(), ended)
                                .filter(RunState::isTrouble)
                                .isPresent()) {
                    kinds.add(Notice.Kind.RECOVERY);
                }
            }
            case QUEUED, WAITING, RUNNING, STOPPING, KILLED, SKIPPED, HELD -> {} // nobody asked to be told
        }
        kinds.retainAll(wanted);
        kinds.forEach(kind -> changes.execute("insert into notice (run, kind) values (?, ?)", ended.id(), kind.name()));
    }

    private static Optional<RunState> lastOutcome(Handle handle, Run ended) {
        return handle.createQuery("select last_outcome from recipe where name = :name and last_outcome is not null")
                .bind("name", ended.order().recipe().value())
                .mapTo(String.class)
                .findOne()
                .map(RunState::of);
    }

    @Override
    public List<Run> unfinished() {
        return readers.read(handle -> handle.createQuery(
                        "select * from run where state in ('queued', 'waiting', 'running', 'stopping') order by id")
                .map(Rows::run)
                .list());
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
            var body = handle.createQuery("select content from body where run = :run")
                    .bind("run", run)
                    .map((row, context) -> row.getBytes("content"))
                    .findOne();
            return new Input(parameters, body);
        });
    }

    @Override
    public Optional<Run> find(long id) {
        return readers.read(handle -> handle.createQuery("select * from run where id = :id")
                .bind("id", id)
                .map(Rows::run)
                .findOne()
                .map(run -> withSteps(handle, List.of(run)).getFirst()));
    }

    @Override
    public List<Run> list(RunFilter filter) {
        return readers.read(handle -> {
            var conditions = new ArrayList<String>();
            filter.recipe().ifPresent(recipe -> conditions.add("recipe = :recipe"));
            filter.since().ifPresent(since -> conditions.add("queued_at >= :since"));
            if (!filter.states().isEmpty()) {
                conditions.add("state in (<states>)");
            }
            String where = conditions.isEmpty() ? "" : " where " + String.join(" and ", conditions);
            var query = handle.createQuery("select * from run" + where + " order by id desc limit :limit")
                    .bind("limit", filter.limit());
            filter.recipe().ifPresent(recipe -> query.bind("recipe", recipe.value()));
            filter.since().ifPresent(since -> query.bind("since", Rows.micros(since)));
            if (!filter.states().isEmpty()) {
                query.bindList(
                        "states", filter.states().stream().map(RunState::word).toList());
            }
            return withSteps(handle, query.map(Rows::run).list());
        });
    }

    @Override
    public Map<RecipeName, Run> last() {
        return readers.read(handle -> withSteps(
                        handle,
                        handle.createQuery("select run.* from recipe join run on run.id = recipe.last_run")
                                .map(Rows::run)
                                .list())
                .stream()
                .collect(Collectors.toMap(run -> run.order().recipe(), run -> run)));
    }

    private static List<Run> withSteps(Handle handle, List<Run> runs) {
        if (runs.isEmpty()) {
            return runs;
        }
        long first = runs.stream().mapToLong(Run::id).min().orElseThrow();
        long last = runs.stream().mapToLong(Run::id).max().orElseThrow();
        boolean dense = last - first < 4L * runs.size();
        String which = dense ? "run between :first and :last" : "run in (<ids>)";
        var query = handle.createQuery("select * from step_run where " + which + " order by run, number");
        if (dense) {
            query.bind("first", first).bind("last", last);
        } else {
            query.bindList("ids", runs.stream().map(Run::id).toList());
        }
        var attempts = runs.stream().collect(Collectors.toMap(Run::id, Run::attempt));
        var steps = new HashMap<Long, List<StepResult>>();
        query.map(Rows::step)
                .filter(step -> Objects.equals(attempts.get(step.run()), step.attempt()))
                .forEach(step -> steps.computeIfAbsent(step.run(), unused -> new ArrayList<>())
                        .add(step.result()));
        return runs.stream()
                .map(run -> run.with(steps.getOrDefault(run.id(), List.of())))
                .toList();
    }

    @Override
    public List<Notice> unsent(int limit) {
        return readers.read(handle -> handle.createQuery(
                        "select notice.id as notice, kind, run.* from notice join run on run.id = notice.run order by"
                                + " notice.id limit :limit")
                .bind("limit", limit)
                .map((row, context) -> new Notice(
                        row.getLong("notice"),
                        Notice.Kind.valueOf(row.getString("kind")),
                        withSteps(handle, List.of(Rows.run(row, context))).getFirst()))
                .list());
    }

    @Override
    public CompletableFuture<Void> sent(long notice) {
        return writer.change("that notice " + notice + " was sent", changes -> {
            changes.execute("delete from notice where id = ?", notice);
            return null;
        });
    }

    @Override
    public Optional<Instant> anchor(RecipeName recipe, long periodSeconds) {
        return readers.read(handle -> handle.createQuery(
                        "select anchor from due where recipe = :recipe and trigger_kind = 'schedule' and period ="
                                + " :period")
                .bind("recipe", recipe.value())
                .bind("period", periodSeconds)
                .mapTo(Long.class)
                .findOne()
                .map(Rows::instant));
    }

    @Override
    public void anchor(RecipeName recipe, long periodSeconds, Instant anchor) {
        writer.soon("where the intervals of " + recipe + " begin", changes -> {
            changes.execute("""
                insert into due (recipe, trigger_kind, period, anchor) values (?, 'schedule', ?, ?)
                on conflict do update set period = excluded.period, anchor = excluded.anchor\
                """, recipe.value(), periodSeconds, Rows.micros(anchor));
        });
    }

    @Override
    public Optional<Instant> lastDue(RecipeName recipe, TriggerKind trigger) {
        return readers.read(handle -> handle.createQuery(
                        "select accounted from due where recipe = :recipe and trigger_kind = :trigger and accounted is"
                                + " not null")
                .bind("recipe", recipe.value())
                .bind("trigger", trigger.word())
                .mapTo(Long.class)
                .findOne()
                .map(Rows::instant));
    }

    @Override
    public void accounted(RecipeName recipe, TriggerKind trigger, Instant until) {
        writer.soon("what " + recipe + " was due", changes -> {
            account(changes, recipe, trigger, until);
        });
    }

    @Override
    public void close() {
        readers.close();
        writer.close();
    }
}
