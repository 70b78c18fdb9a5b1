package io.leprechaun.daemon.store;

import io.leprechaun.daemon.history.Mute;
import io.leprechaun.daemon.history.Notice;
import io.leprechaun.daemon.history.Outbox;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.settings.notify.NoticeEvent;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/** The outbox in the store's table `notice`; the silences of recipes are in `recipe`. */
final class SqliteOutbox implements Outbox {
    private static final int GIVEN_UP_KEPT = 1000;
    /**
     * The target's name in its column, which saves another one: the only addresses that still wait for the notice
     * follow the name, after blanks.
     */
    private static final String NAME = "substr(target, 1, instr(target || ' ', ' ') - 1)";

    private final Writer writer;
    private final Readers readers;
    private final Queries queries;

    SqliteOutbox(Writer writer, Readers readers, Queries queries) {
        this.writer = writer;
        this.readers = readers;
        this.queries = queries;
    }

    @Override
    public List<Notice> unsent(String target, int limit) {
        return entries(limit, "given_up is null and " + NAME + " = :target", target).stream()
                .map(OutboxEntry::notice)
                .toList();
    }

    @Override
    public Map<String, Long> waiting() {
        return readers.read(handle -> handle.createQuery("select " + NAME
                        + " as name, count(*) as number from notice where given_up is null group by name")
                .map((row, context) -> Map.entry(row.getString("name"), row.getLong("number")))
                .collectToMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    @Override
    public List<OutboxEntry> entries(int limit) {
        var entries = new ArrayList<>(entries(limit, "given_up is not null", ""));
        entries.addAll(entries(limit, "given_up is null", ""));
        return entries;
    }

    private List<OutboxEntry> entries(int limit, String which, String target) {
        return readers.read(handle -> handle.createQuery(
                        "select notice.id as notice, kind, words, found, target, given_up, run.* from notice left join"
                                + " run on run.id = notice.run where (run.id is not null or words is not null) and"
                                + " " + which
                                + " order by notice.id limit :limit")
                .bind("limit", limit)
                .bind("target", target)
                .map((row, context) -> entry(handle, row))
                .list());
    }

    private OutboxEntry entry(Handle handle, ResultSet row) throws SQLException {
        List<String> target = List.of(row.getString("target").split(" ", -1));
        return new OutboxEntry(
                new Notice(
                        row.getLong("notice"),
                        NoticeEvent.valueOf(row.getString("kind")),
                        about(handle, row),
                        target.subList(1, target.size())),
                target.getFirst(),
                Optional.ofNullable(row.getString("given_up")));
    }

    private Notice.About about(Handle handle, ResultSet row) throws SQLException {
        String words = row.getString("words");
        return words == null
                ? new Notice.About.RunEnded(
                        queries.withSteps(handle, queries.rows().run(row)))
                : new Notice.About.Alert(words, RunMapper.instant(row.getLong("found")));
    }

    @Override
    public CompletableFuture<Void> tell(NoticeEvent kind, Notice.About.Alert found, List<String> targets) {
        return writer.change("a notice", changes -> {
            targets.forEach(target -> changes.execute(
                    "insert into notice (run, kind, words, found, target) values (0, ?, ?, ?, ?)",
                    kind.name(),
                    found.sentence(),
                    RunMapper.micros(found.at()),
                    target));
            return null;
        });
    }

    @Override
    public CompletableFuture<Void> sent(List<Long> notices, List<Refusal> refusals) {
        List<Refusal> lost = refusals.stream().filter(Refusal::forGood).toList();
        String left = refusals.stream()
                .filter(refusal -> !refusal.forGood())
                .map(refusal -> " " + refusal.address())
                .collect(Collectors.joining());
        return writer.change("the delivery of " + notices.size() + " notices", changes -> {
            for (long notice : notices) {
                lost.forEach(refusal -> changes.execute(
                        "insert into notice (run, kind, words, found, target, given_up) select run, kind, words,"
                                + " found, "
                                + NAME + " || ' ' || ?, ? from notice where id = ?",
                        refusal.address(),
                        refusal.why(),
                        notice));
                if (left.isEmpty()) {
                    changes.execute("delete from notice where id = ?", notice);
                } else {
                    changes.execute("update notice set target = " + NAME + " || ? where id = ?", left, notice);
                }
            }
            if (!lost.isEmpty()) {
                forgetGivenUp(changes);
            }
            return null;
        });
    }

    @Override
    public CompletableFuture<Void> givenUp(long notice, String why) {
        return writer.change("the end of notice " + notice, changes -> {
            changes.execute("update notice set given_up = ? where id = ?", why, notice);
            forgetGivenUp(changes);
            return null;
        });
    }

    private static void forgetGivenUp(Transaction changes) {
        changes.execute(
                "delete from notice where given_up is not null and id not in (select id from notice where given_up"
                        + " is not null order by id desc limit ?)",
                GIVEN_UP_KEPT);
    }

    @Override
    public CompletableFuture<Void> begun(Run run) {
        return writer.change("the start of run " + run.id(), changes -> {
            NoticeRows.begun(changes, run);
            return null;
        });
    }

    @Override
    public CompletableFuture<Void> silence(RecipeName recipe, Optional<Mute> silence) {
        return writer.change("the silence of " + recipe, changes -> {
            changes.execute(
                    """
                    insert into recipe (name, silence, silent_at, silent_until, silent_by, silent_reason) values (?, ?, ?, ?, ?, ?)
                    on conflict do update set silence = excluded.silence, silent_at = excluded.silent_at,
                                              silent_until = excluded.silent_until, silent_by = excluded.silent_by,
                                              silent_reason = excluded.silent_reason\
                    """,
                    recipe.value(),
                    silence.map(one -> one.kind().name()).orElse(null),
                    RunMapper.micros(silence.map(Mute::at)),
                    RunMapper.micros(silence.flatMap(Mute::until)),
                    silence.map(Mute::by).orElse(null),
                    silence.flatMap(Mute::reason).orElse(null));
            return null;
        });
    }

    @Override
    public Map<RecipeName, Mute> silences() {
        return readers.read(handle -> RunMapper.byRecipe(
                handle.createQuery("select name as recipe, * from recipe where silence is not null"),
                row -> NoticeRows.mute(row).orElseThrow()));
    }
}
