package io.leprechaun.daemon.store;

import io.leprechaun.daemon.history.Mute;
import io.leprechaun.daemon.history.NoticePolicy;
import io.leprechaun.daemon.history.NoticePolicy.Draft;
import io.leprechaun.daemon.history.NoticePolicy.Standing;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.settings.notify.NoticeEvent;
import io.leprechaun.daemon.settings.notify.NotifyRules;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The rows of notices and of the state of recipes; {@link NoticePolicy} decides on their content. */
final class NoticeRows {
    private NoticeRows() {}

    /** Writes the notices of a run that has ended, or of a record of a due instant that started none. */
    static void ended(Transaction changes, Run run, NotifyRules rules) {
        Standing before = standing(changes, run);
        var decision = NoticePolicy.ofEnd(run, before, rules, () -> lastSuccesses(changes.handle(), run));
        decision.notices().forEach(draft -> insert(changes, run, draft));
        update(changes, run.order().recipe().value(), before, decision.after());
    }

    /** Writes the notices of a record that counts one more due instant, or the first ones. */
    static void repeated(Transaction changes, Run record, int before, NotifyRules rules) {
        NoticePolicy.ofRepetition(record, before, standing(changes, record), rules)
                .forEach(draft -> insert(changes, record, draft));
    }

    /** Writes the ping of a run that has begun. Pings of earlier runs that could not be sent in time are dropped. */
    static void begun(Transaction changes, Run run) {
        changes.execute(
                "delete from notice where target = ? and run in (select id from run where recipe = ? and queued_at <"
                        + " ?)",
                NotifyRules.PING,
                run.order().recipe().value(),
                RunMapper.micros(run.times().queuedAt().minus(NoticePolicy.LONGEST_PING_DELAY)));
        insert(changes, run, new Draft(NoticeEvent.START, NotifyRules.PING));
    }

    /** Returns the mute in a row of recipes. */
    static Optional<Mute> mute(ResultSet row) throws SQLException {
        String kind = row.getString("silence");
        return kind == null
                ? Optional.empty()
                : Optional.of(new Mute(
                        Mute.Extent.valueOf(kind),
                        RunMapper.instant(row.getLong("silent_at")),
                        RunMapper.time(row, "silent_until"),
                        row.getString("silent_by"),
                        Optional.ofNullable(row.getString("silent_reason"))));
    }

    private static Standing standing(Transaction changes, Run run) {
        return changes.find(
                        "select failures, told_at, silence, silent_at, silent_until, silent_by, silent_reason from"
                                + " recipe where name = ?",
                        row -> new Standing(
                                row.getInt("failures"), RunMapper.time(row, "told_at"), NoticeRows.mute(row)),
                        run.order().recipe().value())
                .orElse(Standing.NONE);
    }

    private static void update(Transaction changes, String recipe, Standing before, Standing after) {
        if (after.failures() != before.failures() || !after.notifiedAt().equals(before.notifiedAt())) {
            changes.execute("""
                insert into recipe (name, failures, told_at) values (?, ?, ?)
                on conflict do update set failures = excluded.failures, told_at = excluded.told_at\
                """, recipe, after.failures(), RunMapper.micros(after.notifiedAt()));
        }
        if (after.mute().isEmpty() && before.mute().isPresent()) {
            changes.execute("update recipe set silence = null where name = ?", recipe);
        }
    }

    private static List<Duration> lastSuccesses(Handle handle, Run run) {
        return handle
                .createQuery("""
                    select ended_at - started_at from run
                    where recipe = :recipe and state = 'succeeded' and ended_at is not null and id <> :id
                    order by id desc limit :most\
                    """)
                .bind("recipe", run.order().recipe().value())
                .bind("id", run.id())
                .bind("most", NoticePolicy.SAMPLE)
                .mapTo(Long.class)
                .list()
                .stream()
                .map(micros -> Duration.ofNanos(micros * 1000))
                .toList();
    }

    private static void insert(Transaction changes, Run run, Draft draft) {
        changes.execute(
                "insert into notice (run, kind, target) values (?, ?, ?)",
                run.id(),
                draft.event().name(),
                draft.target());
    }
}
