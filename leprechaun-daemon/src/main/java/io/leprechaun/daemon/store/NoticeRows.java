package io.leprechaun.daemon.store;

import io.leprechaun.daemon.history.Mute;
import io.leprechaun.daemon.history.Notice;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.settings.NotifyRules;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Decides what people are told of a run, in the commit that ends it, and writes it down. */
final class NoticeRows {
    /** How long an address can make use of what it is told late. */
    private static final Duration USEFUL = Duration.ofMinutes(10);
    /** How many outcomes of the past tell how long a recipe takes. */
    private static final int USUAL = 20;

    private static final int FEWEST_USUAL = 5;
    /** Less than that is no difference. */
    private static final Duration DIFFERENCE = Duration.ofSeconds(1);

    /** So many due instants in a row that were skipped are told. */
    private static final int SKIPPED = 3;

    private NoticeRows() {}

    /**
     * How a recipe stands.
     *
     * @param failures in a row
     * @param told when the last of them was told
     */
    private record Standing(int failures, Optional<Instant> told, Optional<Mute> silence) {
        private static final Standing NONE = new Standing(0, Optional.empty(), Optional.empty());

        static Standing of(Transaction changes, String recipe) {
            return changes.find(
                            "select failures, told_at, silence, silent_at, silent_until, silent_by, silent_reason from"
                                    + " recipe where name = ?",
                            row -> new Standing(
                                    row.getInt("failures"), RunMapper.time(row, "told_at"), NoticeRows.silence(row)),
                            recipe)
                    .orElse(NONE);
        }

        boolean isSilent(Instant now, boolean isTrouble) {
            return silence.filter(one -> one.holds(now))
                    .filter(one -> isTrouble || one.kind() == Mute.Kind.SNOOZE)
                    .isPresent();
        }
    }

    /** The silence in a row of recipes. */
    static Optional<Mute> silence(ResultSet row) throws SQLException {
        String kind = row.getString("silence");
        return kind == null
                ? Optional.empty()
                : Optional.of(new Mute(
                        Mute.Kind.valueOf(kind),
                        RunMapper.instant(row.getLong("silent_at")),
                        RunMapper.time(row, "silent_until"),
                        row.getString("silent_by"),
                        Optional.ofNullable(row.getString("silent_reason"))));
    }

    /** What is to be told of a run that has ended, or that came to nothing. */
    static void tell(Transaction changes, Run ended, NotifyRules telling) {
        String recipe = ended.order().recipe().value();
        var standing = Standing.of(changes, recipe);
        Instant now = ended.times().endedAt().orElse(ended.times().queuedAt());
        if (telling.ping().isPresent()
                && (ended.state() == RunState.SUCCEEDED || ended.state().isTrouble())) {
            insert(
                    changes,
                    ended,
                    ended.state() == RunState.SUCCEEDED ? Notice.Kind.SUCCESS : Notice.Kind.FAILURE,
                    NotifyRules.PING);
        }
        switch (ended.state()) {
            case FAILED, TIMED_OUT, LOST -> failed(changes, ended, telling, standing, now);
            case SUCCEEDED -> succeeded(changes, ended, telling, standing, now);
            case REJECTED -> tellOf(changes, ended, Notice.Kind.REJECTED, telling, standing, now);
            case MISSED -> tellOf(changes, ended, Notice.Kind.MISSED, telling, standing, now);
            case QUEUED, WAITING, RUNNING, STOPPING, KILLED, SKIPPED, HELD -> {} // nobody asked to be told
        }
    }

    /** What is to be told of a run that has begun. What the address could not be told of earlier runs is of no use to it any more. */
    static void begun(Transaction changes, Run run) {
        changes.execute(
                "delete from notice where target = ? and run in (select id from run where recipe = ? and queued_at <"
                        + " ?)",
                NotifyRules.PING,
                run.order().recipe().value(),
                RunMapper.micros(run.times().queuedAt().minus(USEFUL)));
        insert(changes, run, Notice.Kind.START, NotifyRules.PING);
    }

    private static void tellOf(
            Transaction changes, Run ended, Notice.Kind kind, NotifyRules telling, Standing standing, Instant now) {
        if (wants(telling, kind) && !standing.isSilent(now, true)) {
            insert(changes, ended, kind, telling);
        }
    }

    /** What is to be told of a record that counts one more due instant, or the first ones. */
    static void tellRepeated(Transaction changes, Run record, int before, NotifyRules telling) {
        int count = record.repeat().count();
        if (record.state() == RunState.SKIPPED && before < SKIPPED && count >= SKIPPED) {
            var standing = Standing.of(changes, record.order().recipe().value());
            tellOf(
                    changes,
                    record,
                    Notice.Kind.SKIPPED,
                    telling,
                    standing,
                    record.times().queuedAt());
        }
    }

    private static void failed(Transaction changes, Run ended, NotifyRules telling, Standing standing, Instant now) {
        int failures = standing.failures() + 1;
        // what ended first may be kept last, and clocks are set back: neither may keep a failure from being told
        boolean again = standing.told()
                .map(told -> telling.repeat()
                        .filter(pause -> Duration.between(told, now).abs().compareTo(pause) >= 0)
                        .isPresent())
                .orElse(true);
        Optional<Notice.Kind> kind = wants(telling, Notice.Kind.FAILURE)
                ? Optional.of(Notice.Kind.FAILURE)
                : Optional.of(Notice.Kind.LOST).filter(lost -> ended.state() == RunState.LOST && wants(telling, lost));
        boolean tell = kind.isPresent() && failures >= telling.after() && again && !standing.isSilent(now, true);
        if (tell) {
            insert(changes, ended, kind.get(), telling);
        }
        changes.execute(
                """
                insert into recipe (name, failures, told_at) values (?, ?, ?)
                on conflict do update set failures = excluded.failures, told_at = excluded.told_at\
                """,
                ended.order().recipe().value(),
                failures,
                RunMapper.micros(tell ? Optional.of(now) : standing.told()));
    }

    private static void succeeded(Transaction changes, Run ended, NotifyRules telling, Standing standing, Instant now) {
        var kinds = new ArrayList<Notice.Kind>();
        kinds.add(Notice.Kind.SUCCESS);
        if (standing.failures() >= telling.after()) {
            kinds.add(Notice.Kind.RECOVERY);
        }
        if (wants(telling, Notice.Kind.SLOW) || wants(telling, Notice.Kind.FAST)) {
            unusual(changes.handle(), ended)
                    .filter(kind -> !standing.isSilent(now, true))
                    .ifPresent(kinds::add);
        }
        if (!standing.isSilent(now, false)) {
            kinds.stream().filter(kind -> wants(telling, kind)).forEach(kind -> insert(changes, ended, kind, telling));
        }
        String recipe = ended.order().recipe().value();
        if (standing.failures() > 0) {
            changes.execute("update recipe set failures = 0, told_at = null where name = ?", recipe);
        }
        if (standing.silence()
                .filter(silence -> silence.kind() == Mute.Kind.ACK)
                .isPresent()) {
            changes.execute("update recipe set silence = null where name = ?", recipe);
        }
    }

    /** Whether a success took more than twice as long as usual, or less than half of it: the median of those before it. */
    private static Optional<Notice.Kind> unusual(Handle handle, Run ended) {
        Optional<Duration> took = ended.times().duration();
        List<Long> before = handle
                .createQuery("""
                    select ended_at - started_at from run
                    where recipe = :recipe and state = 'succeeded' and ended_at is not null and id <> :id
                    order by id desc limit :most\
                    """)
                .bind("recipe", ended.order().recipe().value())
                .bind("id", ended.id())
                .bind("most", USUAL)
                .mapTo(Long.class)
                .list()
                .stream()
                .sorted()
                .toList();
        if (took.isEmpty() || before.size() < FEWEST_USUAL) {
            return Optional.empty();
        }
        Duration usual = Duration.ofNanos(before.get(before.size() / 2) * 1000);
        Duration apart = took.get().minus(usual);
        if (apart.abs().compareTo(DIFFERENCE) < 0) {
            return Optional.empty();
        }
        return apart.isNegative()
                ? Optional.of(Notice.Kind.FAST)
                        .filter(fast -> took.get().multipliedBy(2).compareTo(usual) < 0)
                : Optional.of(Notice.Kind.SLOW)
                        .filter(slow -> usual.multipliedBy(2).compareTo(took.get()) < 0);
    }

    private static boolean wants(NotifyRules telling, Notice.Kind kind) {
        return telling.on().stream().anyMatch(wanted -> wanted.name().equals(kind.name()));
    }

    private static void insert(Transaction changes, Run ended, Notice.Kind kind, NotifyRules telling) {
        telling.targets().forEach(target -> insert(changes, ended, kind, target));
    }

    private static void insert(Transaction changes, Run ended, Notice.Kind kind, String target) {
        changes.execute("insert into notice (run, kind, target) values (?, ?, ?)", ended.id(), kind.name(), target);
    }
}
